"""Uses a worklist page as a reader would, in headless Chromium, and prints a JSON array of {name, ok, detail}.

    check_page.py use PAGE          keyboard, sorting, filter, pictures, heatmaps, print, scripts off
    check_page.py files PAGE        pictures that lie beside the page
    check_page.py axe AXE.js PAGE   WCAG 2.x A and AA by axe-core, in light, dark, narrow and opened

Both take --pictures FOLDER for screenshots and a PDF of what was seen."""

import json
import pathlib
import sys

from chromium import Browser

results = []


def check(name, ok, detail=""):
    results.append({"name": name, "ok": bool(ok), "detail": str(detail)[:1500]})


def order(browser):
    return browser.run("[...document.querySelectorAll('tbody.study')].filter(b => !b.hidden)"
                       ".map(b => b.querySelector('.open').textContent).join()")


FOCUSED = "document.activeElement.classList.contains('open') ? document.activeElement.textContent : ''"
OPENED = "[...document.querySelectorAll('.open[aria-expanded=true]')].map(a => a.textContent).join()"


def use(browser, url, shot):
    browser.size(1400, 900)
    browser.open(url)
    shot("light")
    count = browser.run("document.querySelectorAll('tbody.study').length")
    ranks = ",".join(str(rank + 1) for rank in range(count))
    check("studies are in reading order", order(browser) == ranks, order(browser))
    check("nothing is decoded before a study is opened", browser.run("document.images.length") == 0)
    check("what files say does not run", browser.run("window.intruder === undefined"))

    browser.press("j")
    check("j goes to the first study", browser.run(FOCUSED) == "1", browser.run(FOCUSED))
    browser.press("j")
    browser.press("ArrowDown")
    check("j and the arrow go down", browser.run(FOCUSED) == "3", browser.run(FOCUSED))
    browser.press("k")
    browser.press("ArrowUp")
    check("k and the arrow go up", browser.run(FOCUSED) == "1", browser.run(FOCUSED))
    browser.press("End")
    check("End goes to the last study", browser.run(FOCUSED) == str(count), browser.run(FOCUSED))
    browser.press("Home")
    browser.press("Enter")
    check("Enter opens the study", browser.run(OPENED) == "1", browser.run(OPENED))
    browser.run("Promise.all([...document.images].map(i => i.decode()))")
    check("its pictures are there", browser.run(
        "document.images.length > 0 && [...document.images].every(i => i.naturalWidth === 16)"))
    check("its details can be seen", browser.run("document.querySelector('.opened .body').checkVisibility()"))
    check("hostile text is shown as text", browser.run(
        "document.querySelector('.body').textContent.includes('<script>')"))
    check("still nothing of it runs", browser.run("window.intruder === undefined"))
    shot("opened")
    heat(browser, shot)
    browser.press("Escape")
    check("Escape closes it", browser.run(OPENED) == "", browser.run(OPENED))
    check("and the focus stays on its row", browser.run(FOCUSED) == "1", browser.run(FOCUSED))
    check("one row alone takes part in the order of Tab", browser.run(
        "document.querySelectorAll('.open[tabindex=\"0\"]').length") == 1)
    filters(browser, count, ranks)
    sorting(browser, ranks)
    helping(browser, shot)
    check("no address is asked for", browser.requests() == [], browser.requests())
    check("the browser has nothing to complain of", browser.complaints() == [], browser.complaints())


def heat(browser, shot):
    if not browser.run("document.querySelector('.heat-choice') !== null"):
        return
    caveat = browser.run("document.querySelector('.opened figure').textContent")
    check("the caveat stands beside the heatmap", "not where a finding is" in caveat, caveat)
    browser.run("""(() => { const choice = document.querySelector('.heat-choice');
        choice.selectedIndex = 1; choice.dispatchEvent(new Event('change')); })()""")
    shot("heatmap")
    seen = browser.run("""(() => { const canvas = document.querySelector('canvas.heat:not([hidden])');
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return [canvas.width, canvas.height, data[3], data[data.length - 1]]; })()""")
    check("the heatmap has its cells, from clear to opaque", seen == [2, 2, 0, 190], seen)
    browser.run("""(() => { const choice = document.querySelector('.heat-choice');
        choice.selectedIndex = 0; choice.dispatchEvent(new Event('change')); })()""")
    check("it can be taken away", browser.run("document.querySelector('canvas.heat:not([hidden])') === null"))
    browser.run("document.querySelector('.open').focus()")


def filters(browser, count, ranks):
    browser.press("/")
    check("/ goes to the filter", browser.run("document.activeElement.id") == "text")
    browser.type("decoded")
    check("text filters", browser.run(
        "[...document.querySelectorAll('tbody.study:not([hidden])')].map(b => b.dataset.status).join()") == "failed",
          order(browser))
    check("how many are shown is said", browser.run("document.getElementById('shown').textContent")
          == f"1 of {count} shown")
    browser.press("Escape")
    check("Escape empties the filter", order(browser) == ranks, order(browser))
    for name, value in [("status", "no assist"), ("priority", "high"), ("priority", "none")]:
        browser.run(f"(() => {{ const s = document.getElementById('{name}'); s.value = '{value}';"
                    "s.dispatchEvent(new Event('input')); })()")
        left = browser.run("[...document.querySelectorAll('tbody.study:not([hidden])')]"
                           f".map(b => b.dataset.{name})")
        check(f"the filter by {name} keeps {value}", left and set(left) == {value} and len(left) < count, left)
        browser.run(f"(() => {{ const s = document.getElementById('{name}'); s.value = '';"
                    "s.dispatchEvent(new Event('input')); })()")
    offered = browser.run("[...document.getElementById('finding').options].slice(1).map(o => o.value)")
    for value in offered:
        browser.run(f"(() => {{ const s = document.getElementById('finding'); s.value = {json.dumps(value)};"
                    "s.dispatchEvent(new Event('input')); })()")
        left = browser.run("[...document.querySelectorAll('tbody.study:not([hidden])')].map(b => b.dataset.flags)")
        check("the filter by finding keeps those with its flag",
              left and all(value in flags.split("\n") for flags in left), left)
    browser.run("(() => { const s = document.getElementById('finding'); s.value = '';"
                "s.dispatchEvent(new Event('input')); document.activeElement.blur(); })()")


def sorting(browser, ranks):
    columns = browser.run("[...document.querySelectorAll('#list > thead > tr:last-child > th')].length")
    for column in range(columns):
        heading = f"document.querySelectorAll('#list > thead > tr:last-child > th')[{column}]"
        for _ in range(2):
            browser.run(f"{heading}.querySelector('button').click()")
            state = browser.run(f"{heading}.getAttribute('aria-sort')")
            number = browser.run(f"{heading}.dataset.sort") == "number"
            keys = browser.run("[...document.querySelectorAll('tbody.study')].map(b => { const c = b.rows[0].cells["
                               f"{column}]; return {'Number(c.dataset.key)' if number else 'c.textContent.trim()'}; }})")
            ascending = sorted(keys, key=None if number else str.lower)
            fits = keys == (ascending if state == "ascending" else ascending[::-1])
            # Texts with numbers in them follow the numbers; that they are grouped is enough here.
            runs = 1 + sum(a != b for a, b in zip(keys, keys[1:]))
            check(f"column {column} sorts, {state}", fits or (not number and runs == len(set(keys))), keys)
            others = browser.run("document.querySelectorAll('th[aria-sort=ascending], th[aria-sort=descending]').length")
            check("one column alone says that it is sorted", others == 1, others)
    browser.run("document.querySelector('#list > thead > tr:last-child > th button').click()")
    check("sorting by rank is reading order", order(browser) == ranks, order(browser))


def helping(browser, shot):
    browser.run("document.activeElement.blur()")
    browser.press("?")
    check("? shows the help", browser.run("document.getElementById('help').open"))
    shot("help")
    browser.press("Escape")
    check("Escape closes the help", not browser.run("document.getElementById('help').open"))
    browser.run("document.getElementById('letters').click()")
    browser.press("?")
    check("letters can be switched off", not browser.run("document.getElementById('help').open"))
    browser.run("document.getElementById('letters').click()")


def variants(browser, url, shot, folder):
    for name, features in [("dark", {"prefers_color_scheme": "dark"}), ("contrast", {"prefers_contrast": "more"})]:
        browser.media(**features)
        browser.open(url)
        browser.press("j")
        shot(name)
    browser.media()
    browser.size(380, 800)
    browser.open(url)
    check("a narrow page does not scroll sideways", browser.run(
        "document.documentElement.scrollWidth <= innerWidth"), browser.run("document.documentElement.scrollWidth"))
    check("the disclaimer is on a narrow screen", browser.run(
        "(r => r.bottom <= innerHeight && r.height > 0)(document.querySelector('footer').getBoundingClientRect())"))
    shot("narrow")
    browser.size(1400, 900)
    browser.open(url)
    pdf = pathlib.Path(folder or ".") / "page.pdf"
    if folder:
        browser.pdf(pdf)
    browser.run("dispatchEvent(new Event('beforeprint'))")
    browser.media("print")
    check("print opens every study", browser.run(
        "[...document.querySelectorAll('tbody.study .body')].length === document.querySelectorAll('tbody.study').length"))
    widths = browser.run("[...document.querySelectorAll('.body')].map(b => b.clientWidth)")
    check("print gives what was opened the width of the page", min(widths) > 0.9 * browser.run(
        "document.getElementById('list').clientWidth"), widths)
    words = browser.run("[...document.querySelectorAll('.scores tbody th')].map(h => h.clientWidth)")
    check("print leaves room for the words of a finding", min(words) > 150, words)
    check("print has no controls", not browser.run("document.getElementById('controls').checkVisibility()"))
    check("print repeats the disclaimer", browser.run(
        "getComputedStyle(document.querySelector('thead')).display === 'table-header-group'"
        "&& document.querySelector('tr.printed').checkVisibility()"))
    browser.run("dispatchEvent(new Event('afterprint'))")
    check("after printing studies are closed again", browser.run(OPENED) == "", browser.run(OPENED))
    browser.media()
    browser.scripts(False)
    browser.open(url)
    shot("without-scripts")
    check("without scripts every study is there", browser.run(
        "document.querySelectorAll('tbody.study .body').length === document.querySelectorAll('tbody.study').length"))
    check("without scripts there are no controls", not browser.run(
        "document.getElementById('controls').checkVisibility()"))
    check("without scripts a study can be opened", browser.run(
        "(d => { d.open = true; return d.querySelector('.body').checkVisibility(); })"
        "(document.querySelector('.more details'))"))
    check("without scripts nothing of a file runs either", browser.run("window.intruder === undefined"))
    browser.scripts(True)


def axe(browser, script, url, shot):
    source = pathlib.Path(script).read_text()
    states = [
        ("light", 1400, {}, ""), ("dark", 1400, {"prefers_color_scheme": "dark"}, ""), ("narrow", 380, {}, ""),
        ("opened", 1400, {}, "open"), ("opened, dark", 1400, {"prefers_color_scheme": "dark"}, "open"),
        ("help", 1400, {}, "help"),
    ]
    for name, width, features, state in states:
        browser.size(width, 900)
        browser.media(**features)
        browser.open(url)
        if state == "open":
            browser.run("[...document.querySelectorAll('.open')].forEach(a => a.click())")
        if state == "help":
            browser.press("?")
        browser.run(source + ";0")
        found = browser.run("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
                            ".then(r => ({passes: r.passes.length, violations: r.violations.map(v => [v.id, v.help,"
                            " v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)])}))")
        check(f"axe finds nothing: {name}", found["violations"] == [] and found["passes"] >= 10, found)
        shot("axe-" + name.replace(", ", "-"))


def files(browser, url):
    browser.open(url)
    browser.run("document.querySelectorAll('.open').forEach(a => a.click())")
    browser.run("Promise.all([...document.images].map(i => i.decode()))")
    check("files beside the page are shown", browser.run(
        "document.images.length > 3 && [...document.images].every(i => i.naturalWidth === 16)"))
    check("and nothing else is asked for", all("/images/" in address for address in browser.requests()))
    check("the policy allows them", browser.complaints() == [], browser.complaints())


def main():
    arguments = sys.argv[1:]
    folder = None
    if "--pictures" in arguments:
        place = arguments.index("--pictures")
        folder = arguments[place + 1]
        del arguments[place:place + 2]
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    browser = Browser()

    def shot(name):
        if folder:
            browser.screenshot(f"{folder}/{name}.png")

    url = pathlib.Path(arguments[-1]).resolve().as_uri()
    try:
        if arguments[0] == "files":
            files(browser, url)
        elif arguments[0] == "axe":
            axe(browser, arguments[1], url, shot)
        else:
            use(browser, url, shot)
            variants(browser, url, shot, folder)
    finally:
        browser.close()
    print(json.dumps(results, indent=1))


main()

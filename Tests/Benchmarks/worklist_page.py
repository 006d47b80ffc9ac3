#!/usr/bin/env python3
"""How fast the page of a large worklist is written, opened and filtered.

    worklist_page.py BUCKY [COUNT...]

Triages the sample studies, multiplies the results under new identifiers with pictures of 448 x 448, and has `bucky page` write the page.
Headless Chromium opens it from the disk; times are medians of five rounds, each in a browser of its own. The processor's time is that of the
page's main thread."""

import hashlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Tests/ReportsTests/Oracle"))
from chromium import Browser  # noqa: E402

ROUNDS = 5


def new_uid(*parts):
    return "2.25." + str(int.from_bytes(hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:15], "big"))


def multiplied(results, pictures, folder, count):
    """A results folder of `count` studies, copies of those in `results` under new UIDs."""
    worklist = json.loads((results / "worklist.json").read_text())
    rows, sources = [], worklist["studies"]
    for number in range(count):
        row = dict(sources[number * len(sources) // count])
        old = row["study_instance_uid"]
        study = new_uid("study", number)
        report = json.loads((results / "studies" / old / "report.json").read_text())
        report["subject"].update(study_instance_uid=study, accession_number=f"A{number:06}")
        place = folder / "studies" / study
        (place / "images").mkdir(parents=True)
        renamed = {}
        for index, item in enumerate(report["inputs"]):
            renamed[item["sop_instance_uid"]] = new_uid("image", number, item["sop_instance_uid"])
            item["sop_instance_uid"] = renamed[item["sop_instance_uid"]]
            if item["used"]:
                frame = f"-{item['frame']}" if item.get("frame") else ""
                shutil.copy(pictures[(number + index) % len(pictures)], place / "images" / f"{item['sop_instance_uid']}{frame}.png")
        for finding in report["findings"]:
            for evidence in finding["evidence"]:
                evidence["sop_instance_uid"] = renamed[evidence["sop_instance_uid"]]
        report["warnings"] = []
        (place / "report.json").write_text(json.dumps(report))
        row.update(rank=number + 1, study_instance_uid=study, accession_number=f"A{number:06}",
                   report=f"studies/{study}/report.json")
        rows.append(row)
    worklist["studies"] = rows
    (folder / "worklist.json").write_text(json.dumps(worklist))
    shutil.copy(results / "run.json", folder / "run.json")


# Each letter is a filter of its own; the layout that follows counts too.
FILTER = """(() => { const text = document.getElementById('text'); const times = [];
for (const value of ['p', 'pn', 'pneumo', 'pneumothorax', 'a0005', '', 'failed', '']) {
  const start = performance.now(); text.value = value; text.dispatchEvent(new Event('input'));
  document.body.offsetHeight; times.push(performance.now() - start); }
return times; })()"""
SORT = """(() => { const start = performance.now();
document.querySelectorAll('#list > thead > tr:last-child > th button')[3].click(); document.body.offsetHeight;
return performance.now() - start; })()"""
OPEN_STUDY = """(() => { const start = performance.now(); document.querySelector('tbody:not([hidden]) .open').click();
document.body.offsetHeight; return performance.now() - start; })()"""
PAINTED = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))"


def measure(page):
    numbers = {"open": [], "processor": [], "filter": [], "sort": [], "study": []}
    for _ in range(ROUNDS):
        browser = Browser()
        try:
            browser.size(1400, 900)
            browser.call("Performance.enable", timeDomain="threadTicks")
            start = time.monotonic()
            browser.open(page.resolve().as_uri())
            browser.run(PAINTED)
            numbers["open"].append(time.monotonic() - start)
            metrics = {m["name"]: m["value"] for m in browser.call("Performance.getMetrics")["metrics"]}
            numbers["processor"].append(metrics["TaskDuration"])
            numbers["filter"].append(max(browser.run(FILTER)))
            numbers["sort"].append(browser.run(SORT))
            numbers["study"].append(browser.run(OPEN_STUDY))
        finally:
            browser.close()
    return {name: statistics.median(values) for name, values in numbers.items()}


def main():
    bucky, counts = sys.argv[1], [int(text) for text in sys.argv[2:]] or [17, 200, 1000]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        samples = str(root / "SampleStudies")
        for arguments in (["triage", samples, "-o", folder / "results", "-q", "--no-pictures"],
                          ["preprocess", samples, "-o", folder / "prepared", "-q", "--format", "png", "--size", "448"]):
            subprocess.run([bucky, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pictures = sorted((folder / "prepared" / "images").glob("*.png"))
        print("| studies | pictures | page | written in | memory | opened | of it processor | slowest filter | sorted | study opened |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for count in counts:
            place = folder / str(count)
            place.mkdir()
            multiplied(folder / "results", pictures, place, count)
            start = time.monotonic()
            process = subprocess.Popen([bucky, "page", place], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - start
            assert status == 0
            memory = usage.ru_maxrss >> 10
            page = place / "worklist.html"
            found = measure(page)
            images = len(list(place.glob("studies/*/images/*.png")))
            print(f"| {count} | {images} | {page.stat().st_size / 2**20:.1f} MiB | {seconds:.1f} s | {memory} MiB |"
                  f" {found['open']:.2f} s | {found['processor']:.2f} s | {found['filter']:.0f} ms | {found['sort']:.0f} ms | {found['study']:.0f} ms |", flush=True)


main()

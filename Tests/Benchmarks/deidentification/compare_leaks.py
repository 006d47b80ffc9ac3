"""Counts what de-identification tools leave of a corpus in which every place that can hold identity carries a marker.

    compare_leaks.py BUCKY CORPUS [--only NAME ...] [--options NAME ...] [--json FILE] [--details FILE] [--scratch DIR] [--once]

BUCKY is the built program, CORPUS a folder made by `phantoms identity-corpus`. Prints a table in Markdown; README.md says what the
columns count. `--options` adds a run of Bucky with these options of PS3.15 Annex E in place of the policy's. `--details` writes
which markers were found, with their place and kind. `--once` leaves out the second run.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

from markers import Corpus, forms, says_removed, share_unchanged, text_is_there
from peers import peers, present
from tools import Bucky, files_below


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files_below(folder)
    }


def measure(tool, corpus, scratch, once):
    tool.prepare(scratch)
    output, log = scratch / "out", scratch / "printed"
    try:
        with log.open("wb") as stream:
            tool.execute(corpus.inputs, output, stream)
        output.mkdir(exist_ok=True)
        result = inspect(corpus, output, tool.released(corpus.inputs, output), log)
        if not once:
            # Under the same name, since a report may say where it lies.
            first = digests(output)
            shutil.move(output, scratch / "first")
            with (scratch / "printed again").open("wb") as stream:
                tool.execute(corpus.inputs, output, stream)
            output.mkdir(exist_ok=True)
            result["identical"] = first == digests(output)
        return result
    finally:
        tool.finish()


def inspect(corpus, output, produced, log):
    in_file, found, regions = {}, set(), []
    source_of = {target: name for name, target in produced.items()}
    for path in files_below(output):
        name = str(path.relative_to(output))
        markers = set().union(*(corpus.search.find(form) for form in forms(name, path.read_bytes())))
        if path in source_of:
            # A date that was moved may become the date of another object, which is no leak of that.
            markers = {number for number in markers if not corpus.is_foreign_date(number, source_of[path])}
        in_file[path] = markers
        found |= markers
    # A folder has a name too, and so does what a tool only prints.
    for folder in (path for path in output.rglob("*") if path.is_dir()):
        found |= corpus.search.find(str(folder.relative_to(output)).encode("utf-8", "surrogateescape"))
    printed = set().union(*(corpus.search.find(form) for form in forms("printed.log", log.read_bytes())))
    for number, marker in corpus.pixel_markers().items():
        target = produced.get(marker["input"])
        if not target:
            continue
        regions.append([marker["input"], marker.get("frame", 0), share_unchanged(corpus.inputs / marker["input"], target, marker)])
        if text_is_there(corpus.inputs / marker["input"], target, marker):
            found.add(number)
            in_file.setdefault(target, set()).add(number)
    claims = [path for path, markers in in_file.items() if markers and says_removed(path)]
    return {
        "released": len(corpus.objects & set(produced)), "objects": len(corpus.objects),
        "others_copied": len(set(produced) - corpus.objects), "files_written": len(in_file),
        "found": sorted(found), "printed": sorted(printed - found), "markers": len(corpus.markers),
        "planted": sum(1 for marker in corpus.markers if marker["input"] in produced),
        "files_with_markers": sum(1 for markers in in_file.values() if markers), "false_claims": len(claims),
        "not_released": sorted(corpus.objects - set(produced)), "identical": None, "regions": regions,
    }


def row(name, version, result):
    identical = {True: "yes", False: "no", None: "-"}[result["identical"]]
    return (
        f"| {name} | {version} | {result['released']} of {result['objects']} | {len(result['found']):,} | {result['planted']:,} "
        f"| {len(result['printed']):,} | {result['false_claims']} | {identical} |"
    )


def details(corpus, result):
    kinds = collections.Counter(marker["kind"] for marker in corpus.markers)
    found = collections.Counter(corpus.markers[number]["kind"] for number in result["found"])
    return {
        "by_kind": {kind: [found[kind], kinds[kind]] for kind in sorted(kinds)},
        "found": [{key: corpus.markers[number].get(key) for key in ("input", "place", "kind")} for number in result["found"]],
        "printed": [
            {key: corpus.markers[number].get(key) for key in ("input", "place", "kind")} for number in result["printed"]],
        "not_released": result["not_released"],
        "regions_unchanged": result["regions"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bucky")
    parser.add_argument("corpus")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--options", nargs="+", default=[])
    parser.add_argument("--json")
    parser.add_argument("--details")
    parser.add_argument("--scratch")
    parser.add_argument("--once", action="store_true")
    arguments = parser.parse_args()
    corpus = Corpus(arguments.corpus)
    tools = [Bucky(arguments.bucky)]
    if arguments.options:
        tools.append(
            Bucky(arguments.bucky, ["--options", *arguments.options], name="Bucky, other options",
                  how=" ".join(arguments.options)))
    tools = [tool for tool in tools + peers() if not arguments.only or tool.name in arguments.only]
    print(f"{len(corpus.files)} files, {len(corpus.objects)} DICOM objects, {len(corpus.markers):,} markers\n")
    print(
        "| tool | version | objects released | markers found | planted in what was released | more in what it printed "
        "| false claims | same bytes twice |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    results, all_details = {}, {}
    for tool, version in present(tools):
        with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
            result = measure(tool, corpus, pathlib.Path(scratch), arguments.once)
        print(row(tool.name, version, result), flush=True)
        results[tool.name] = {"version": version, "how": tool.how} | result
        all_details[tool.name] = details(corpus, result)
    print("\nRSNA CTP and dcm4che are not run: neither is packaged for Debian or as a Python package.", file=sys.stderr)
    for path, content in ((arguments.json, results), (arguments.details, all_details)):
        if path:
            pathlib.Path(path).write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()

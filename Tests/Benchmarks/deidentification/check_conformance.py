"""Checks the objects that a run of `bucky deidentify` released against their inputs.

    check_conformance.py BUCKY INPUT OUTPUT --key FILE [--json FILE] [--details]

INPUT is the folder that was de-identified, OUTPUT what was made of it, FILE the key of the run: with it the audit's names of inputs
are matched with their paths. For each released object
  - dciodvfy (dicom3tools) reports no error that it does not report for the input,
  - decoded pixels equal the input's, bit for bit, but for the rectangles that the audit says were blanked; those hold one value
    (from lossy code streams, which two decoders may read differently by 1: to within 1),
  - the file is what the audit's digest says.
Exit code 1 if anything fails.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import pydicom
from pydicom.uid import (
    HTJ2K, JPEG2000, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGExtended12Bit)

from tools import Bucky

LOSSY = {JPEGBaseline8Bit, JPEGExtended12Bit, JPEG2000, HTJ2K}


def errors(path):
    """The errors of dciodvfy, without the values it quotes, counted."""
    with tempfile.NamedTemporaryFile(suffix=".dcm") as inflated:
        ds = pydicom.dcmread(path, force=True)
        if ds.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
            # dciodvfy does not read these; Bucky writes what was in them without deflating.
            ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            ds.save_as(inflated.name)
            path = inflated.name
        answer = subprocess.run(["dciodvfy", str(path)], capture_output=True, check=False)
    lines = (answer.stdout + answer.stderr).decode("utf-8", "replace").splitlines()
    found = collections.Counter()
    for line in lines:
        if line.startswith("Error"):
            found[re.sub(r"(?<!Element=)(?<!Module=)(?<!attribute )<[^>]*>|\[[^]]*\]", "<>", line)] += 1
    return found


def rectangles(word):
    """The audit's `blanked 1: c,r,w,h ...; 2: ...` as {frame from 0: [(column, row, width, height)]}."""
    if not word.startswith("blanked "):
        return {}
    frames = {}
    for part in word.removeprefix("blanked ").split("; "):
        number, _, areas = part.partition(":")
        frames[int(number) - 1] = [tuple(map(int, area.split(","))) for area in areas.split()]
    return frames


def pixel_elements(ds):
    return [keyword for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData") if keyword in ds]


def frames_of(path):
    """(stored values with a frame first, data set); bits above Bits Stored, which are no pixels, are left out."""
    ds = pydicom.dcmread(path, force=True)
    if not pixel_elements(ds):
        return None, ds
    values = np.asarray(pydicom.pixels.pixel_array(ds, raw=True))
    if int(ds.get("NumberOfFrames", 1) or 1) == 1:
        values = values[np.newaxis]
    if values.dtype.kind in "iu":
        values = values.astype(np.int64) & ((1 << ds.BitsStored) - 1)
    return values, ds


def pixel_verdict(source, output, word):
    """What is true of the pixels: `equal`, `blanked`, `none`, `not decodable`, or what is wrong with them."""
    try:
        before, original = frames_of(source)
    except Exception as error:  # pydicom lacks a codec, or the object an attribute: nothing to compare with
        return f"not decodable here: {type(error).__name__}"
    try:
        after, _ = frames_of(output)
    except Exception as error:
        return f"WRONG: input decodes, output does not: {type(error).__name__}"
    if before is None or after is None:
        return "none" if before is None and after is None else "WRONG: pixels on one side only"
    if before.shape != after.shape:
        return f"WRONG: shape {after.shape} of {before.shape}"
    areas = rectangles(word)
    # What was recoded from lossy JPEG or JPEG 2000 came out of another decoder than pydicom's; the standards let them differ by 1.
    tolerance = 1 if areas and original.file_meta.TransferSyntaxUID in LOSSY else 0
    changed = (abs(before - after) > tolerance).reshape(*before.shape[:3], -1).any(axis=-1)
    if not areas:
        return "equal" if not changed.any() else f"WRONG: {changed.sum()} pixels differ"
    for frame, boxes in areas.items():
        for column, row, width, height in boxes:
            changed[frame, row : row + height, column : column + width] = False
            box = after[frame, row : row + height, column : column + width]
            flat = box.reshape(box.shape[0] * box.shape[1], -1)
            if len(flat) and (flat != flat[0]).any():
                return "WRONG: a blanked rectangle holds several values"
    return "blanked" if not changed.any() else f"WRONG: {changed.sum()} pixels differ outside of the rectangles"


def blanked_share(output, word):
    """The share of the pixels of blanked frames that went."""
    areas = rectangles(word)
    if not areas:
        return None
    ds = pydicom.dcmread(output, stop_before_pixels=True)
    shares = []
    for boxes in areas.values():
        mask = np.zeros((ds.Rows, ds.Columns), bool)
        for column, row, width, height in boxes:
            mask[row : row + height, column : column + width] = True
        shares.append(mask.mean())
    return float(np.mean(shares))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bucky", "input", "output"):
        parser.add_argument(name)
    parser.add_argument("--key", required=True)
    parser.add_argument("--json")
    parser.add_argument("--details", action="store_true")
    arguments = parser.parse_args()
    if not shutil.which("dciodvfy"):
        raise SystemExit("dciodvfy is not here: install dicom3tools")
    bucky = Bucky(arguments.bucky)
    bucky.key = pathlib.Path(arguments.key)
    source, output = pathlib.Path(arguments.input), pathlib.Path(arguments.output)
    names = bucky.input_names(source)
    results, reasons = [], collections.Counter()
    for line in bucky.audit(output):
        if line["outcome"] != "released":
            reasons[line["reason"]] += 1
            continue
        before, after = source / names[line["input"]], output / line["output"]
        new = errors(after) - errors(before)
        results.append({
            "input": names[line["input"]], "output": line["output"], "audit": line["pixels"],
            "new_errors": dict(new), "pixels": pixel_verdict(before, after, line["pixels"]),
            "blanked_share": blanked_share(after, line["pixels"]),
            "digest": "sha256:" + hashlib.sha256(after.read_bytes()).hexdigest() == line["sha256"]})
    failed = summary(results, reasons, arguments.details)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=1) + "\n")
    sys.exit(1 if failed else 0)


def summary(results, reasons, details):
    pixels = collections.Counter(re.sub(r"WRONG.*", "WRONG", result["pixels"]) for result in results)
    with_errors = [result for result in results if result["new_errors"]]
    digests = [result for result in results if not result["digest"]]
    shares = [result["blanked_share"] for result in results if result["blanked_share"] is not None]
    print("| checked | objects |\n| --- | --- |")
    print(f"| released | {len(results)} |")
    for reason, count in sorted(reasons.items()):
        print(f"| not released: {reason} | {count} |")
    print(f"| dciodvfy reports an error that the input had not | {len(with_errors)} |")
    for verdict, count in sorted(pixels.items()):
        print(f"| pixels: {verdict} | {count} |")
    if shares:
        print(f"| mean share of a blanked frame that went | {np.mean(shares):.0%} |")
    print(f"| digest differs from the audit | {len(digests)} |")
    if details:
        for result in results:
            for error, count in result["new_errors"].items():
                print(f"{result['input']}: {error} ({count})")
            if result["pixels"].startswith("WRONG"):
                print(f"{result['input']}: {result['pixels']} ({result['audit']})")
    return with_errors or digests or pixels["WRONG"]


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compares the NIfTI volumes of `bucky deidentify --also nifti` with those that dcm2niix makes of the same released objects.

usage: compare_volumes.py EXPORT

EXPORT is an output folder of bucky. Needs dcm2niix on PATH, NumPy and nibabel. Both volumes are turned to the orientation nearest to
right, front, head; then shapes and values must be equal, and no voxel's centre may lie 0.001 mm elsewhere.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import nibabel
import numpy


def corners(shape):
    return numpy.array([[i, j, k, 1] for i in (0, shape[0] - 1) for j in (0, shape[1] - 1) for k in (0, shape[2] - 1)]).T


def compare(own, peer):
    """The greatest distance of a voxel's centre in mm, and of a value as a share of the greatest value."""
    own, peer = nibabel.as_closest_canonical(own), nibabel.as_closest_canonical(peer)
    if own.shape != peer.shape:
        return None
    distance = numpy.abs((own.affine - peer.affine) @ corners(own.shape)).max()
    first, second = own.get_fdata(), peer.get_fdata()
    return distance, numpy.abs(first - second).max() / max(1, numpy.abs(second).max())


def main():
    root = pathlib.Path(sys.argv[1])
    lines = [json.loads(line) for line in open(root / "exports.jsonl")]
    lines = [line for line in lines if line["format"] == "nifti"]
    failures = 0
    for line in lines:
        if "path" not in line:
            print(f"not made: {line['reason']}, {len(line['sources'])} objects")
            continue
        own = nibabel.load(root / line["path"])
        assert numpy.allclose(own.get_sform(), own.get_qform(), atol=1e-3), "sform and qform differ"
        with tempfile.TemporaryDirectory() as folder:
            objects, peers = pathlib.Path(folder) / "in", pathlib.Path(folder) / "out"
            objects.mkdir()
            peers.mkdir()
            study = root.joinpath(*pathlib.Path(line["path"]).parts[1:3])
            for number, source in enumerate(line["sources"]):
                (objects / f"{number:05d}.dcm").symlink_to((study / (source["sop_instance_uid"] + ".dcm")).resolve())
            subprocess.run(
                ["dcm2niix", "-z", "n", "-b", "n", "-f", "v", "-o", peers, objects], check=False, stdout=subprocess.DEVNULL)
            found = sorted(peers.glob("*.nii"))
            result = compare(own, nibabel.load(found[0])) if found else None
        if result is None:
            failures += 1
            print(f"{own.shape}: dcm2niix makes {'another shape' if found else 'nothing'} of it")
            continue
        (distance, difference) = result
        failures += distance > 1e-3 or difference > 1e-6
        print(f"{own.shape} {own.get_data_dtype()}: centres within {distance:.1e} mm, values within {difference:.1e}")
    print(f"{sum('path' in line for line in lines)} volumes, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

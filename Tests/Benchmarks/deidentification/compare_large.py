"""Memory and time of de-identifying one large multi-frame object.

    compare_large.py BUCKY [--frames N] [--scratch DIR] [--peers] [--json FILE]

Writes two Enhanced CT objects of 512 x 512 pixels and 16 bits, frame by frame: one native with 4,000 frames (2.1 GB) and per-frame
functional groups, one as RLE Lossless with a tenth of the frames. Prints the peak of the proportional set size of all processes
together (sampled), its anonymous part, the sum of the processes' own peaks (VmHWM, which counts shared pages for each), and times.
`--peers` runs dicom-anonymizer and dcmodify over the native object too.
"""

import argparse
import json
import pathlib
import resource
import shutil
import struct
import sys
import tempfile

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import dcmwrite
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from compare_speed import uid
from measure import PeakMemory, processor, timed
from peers import DcmodifyPerFile
from tools import HERE, Bucky, Library

SIDE = 512


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def holding(keyword, **attributes):
    """An item with one sequence of one item."""
    inner, outer = Dataset(), Dataset()
    for name, value in attributes.items():
        setattr(inner, name, value)
    setattr(outer, keyword, [inner])
    return outer


def functional_groups(number):
    item = holding("FrameContentSequence", FrameAcquisitionDateTime=f"20240115101112.{number:06}", StackID="1",
                   InStackPositionNumber=number + 1, DimensionIndexValues=[1, number + 1], FrameComments="seen by Doe")
    item.update(holding("PlanePositionSequence", ImagePositionPatient=[-175, -175, -0.5 * number]))
    item.update(holding("CTExposureSequence", ExposureTimeInms=500.0, XRayTubeCurrentInmA=240.0))
    return item


def header(frames, syntax):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = uid("large", frames, syntax)
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = uid("large study"), uid("large series"), uid("large frame")
    ds.ImageType, ds.Modality, ds.SeriesNumber, ds.InstanceNumber = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"], "CT", "1", "1"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Doe^Jane^Maria", "MRN0081547", "19530704", "F"
    ds.StudyDate, ds.StudyTime, ds.AccessionNumber, ds.StudyID = "20240115", "101010", "A4711082", "S815"
    ds.ContentDate, ds.ContentTime, ds.AcquisitionDateTime = "20240115", "101112", "20240115101112"
    ds.ReferringPhysicianName, ds.Manufacturer, ds.ManufacturerModelName = "Roe^Richard", "Example", "Scanner 64"
    ds.DeviceSerialNumber, ds.SoftwareVersions, ds.InstitutionName = "SN48213", "VB20", "St. Beispiel"
    ds.BodyPartExamined, ds.PatientPosition = "CHEST", "HFS"
    ds.AcquisitionContextSequence = []
    dimension = Dataset()
    dimension.DimensionOrganizationUID = uid("dimension")
    ds.DimensionOrganizationSequence = [dimension]
    shared = holding("PixelMeasuresSequence", PixelSpacing=["0.68", "0.68"], SliceThickness="0.5")
    shared.update(holding("PlaneOrientationSequence", ImageOrientationPatient=[1, 0, 0, 0, 1, 0]))
    shared.update(holding("PixelValueTransformationSequence", RescaleIntercept="-1024", RescaleSlope="1", RescaleType="HU"))
    region = holding("FrameAnatomySequence", FrameLaterality="U")
    region.FrameAnatomySequence[0].AnatomicRegionSequence = [code("51185008", "SCT", "Chest")]
    shared.update(region)
    ds.SharedFunctionalGroupsSequence = [shared]
    ds.PerFrameFunctionalGroupsSequence = [functional_groups(number) for number in range(frames)]
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.NumberOfFrames, ds.Rows, ds.Columns = frames, SIDE, SIDE
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.BurnedInAnnotation, ds.LossyImageCompression = "NO", "00"
    return ds


def frame(number, body, noise):
    return np.clip(body + np.roll(noise, number * 977), 0, 4095).astype("<u2")


def rle(pixels):
    """One frame in RLE with a segment for each byte, most significant first (PS3.5 Annex G)."""
    from pydicom.pixels.encoders.native import _encode_segment

    segments = []
    for byte in (1, 0):
        plane = pixels.view(np.uint8).reshape(-1, 2)[:, byte].reshape(SIDE, SIDE)
        segments.append(bytes(_encode_segment(plane.tobytes(), SIDE)))
    offsets = [2, 64, 64 + len(segments[0])] + [0] * 13
    data = struct.pack("<16L", *offsets) + b"".join(segments)
    return data + b"\0" * (len(data) % 2)


def write(path, frames, syntax):
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    body = np.where(x * x + 1.6 * y * y < 0.7, 1050.0, 20.0) - np.where((abs(x) - 0.35) ** 2 + y * y < 0.08, 850, 0)
    noise = np.random.default_rng(1).normal(0, 12, (SIDE, SIDE))
    buffer = DicomBytesIO()
    dcmwrite(buffer, header(frames, syntax), enforce_file_format=True)
    # Twenty drawn frames in turn: drawing all of them would take longer than what is measured.
    drawn = [frame(number, body, noise) for number in range(min(frames, 20))]
    with path.open("wb") as file:
        file.write(buffer.getvalue())
        if syntax == ExplicitVRLittleEndian:
            file.write(struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, frames * SIDE * SIDE * 2))
            for number in range(frames):
                file.write(drawn[number % len(drawn)].tobytes())
        else:
            file.write(struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF) + struct.pack("<HHL", 0xFFFE, 0xE000, 0))
            packed = [rle(pixels) for pixels in drawn]
            for number in range(frames):
                data = packed[number % len(packed)]
                file.write(struct.pack("<HHL", 0xFFFE, 0xE000, len(data)) + data)
            file.write(struct.pack("<HHL", 0xFFFE, 0xE0DD, 0))


def measure(command, log):
    watched = PeakMemory(command, stdout=log, stderr=log)
    codes = []
    wall, cpu = timed(lambda: codes.append(watched.run()), resource.RUSAGE_CHILDREN)
    return {
        "seconds": wall, "processor_seconds": cpu, "peak": watched.peak, "peak_anonymous": watched.peak_anonymous,
        "sum_of_high_water_marks": sum(watched.highest.values()), "samples": watched.samples, "exit_code": codes[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bucky")
    parser.add_argument("--frames", type=int, default=4000)
    parser.add_argument("--scratch", default="/dev/shm")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    print(processor() + "\n")
    print("| object | bytes | tool | outcome | seconds | processor seconds | peak memory | anonymous | sum of VmHWM |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    results = []
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
        scratch = pathlib.Path(folder)
        bucky = Bucky(arguments.bucky)
        bucky.prepare(scratch)
        for name, frames, syntax in (
            ("native", arguments.frames, ExplicitVRLittleEndian), ("RLE Lossless", max(1, arguments.frames // 10), RLELossless)):
            source, output = scratch / "in", scratch / "out"
            source.mkdir()
            write(source / "large.dcm", frames, syntax)
            commands = {
                "Bucky": [bucky.program, "deidentify", str(source), "--output", str(output), "--key", str(bucky.key)],
                "Bucky, one thread": [
                    bucky.program, "deidentify", str(source), "--output", str(output), "--key", str(bucky.key), "--threads", "1"]}
            if arguments.peers and name == "native":
                pairs = scratch / "files.json"
                pairs.write_text(json.dumps([[str(source / "large.dcm"), str(output / "large.dcm")]]))
                if Library("dicom-anonymizer", "").version():
                    commands["dicom-anonymizer"] = [
                        sys.executable, str(HERE / "drive_library.py"), "dicom-anonymizer", str(pairs)]
                if DcmodifyPerFile().version():
                    commands["dcmodify, in place"] = [
                        "dcmodify", "-q", "-nb", "-imt", "-ep", "-gin", "-m", "(0010,0010)=ANONYMOUS",
                        str(source / "large.dcm")]
            for tool, command in commands.items():
                if not tool.startswith("Bucky"):
                    output.mkdir()
                with (scratch / "printed").open("wb") as log:
                    result = measure(command, log)
                outcome = str(result["exit_code"])
                if tool.startswith("Bucky"):
                    outcome = ", ".join(line.get("reason") or line["outcome"] for line in bucky.audit(output))
                size = (source / "large.dcm").stat().st_size
                print(
                    f"| {name}, {frames} frames | {size:,} | {tool} | {outcome} | {result['seconds']:.1f} "
                    f"| {result['processor_seconds']:.1f} | {result['peak'] / 2**20:.0f} MiB "
                    f"| {result['peak_anonymous'] / 2**20:.0f} MiB | {result['sum_of_high_water_marks'] / 2**20:.0f} MiB |",
                    flush=True)
                results.append({"object": name, "frames": frames, "bytes": size, "tool": tool, "outcome": outcome} | result)
                shutil.rmtree(output, ignore_errors=True)
            shutil.rmtree(source)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()

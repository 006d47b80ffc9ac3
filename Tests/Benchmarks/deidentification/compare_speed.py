"""Objects a second over one study of CT slices: Bucky and other tools in turns, in one run.

    compare_speed.py BUCKY [--rounds N] [--slices N] [--only NAME ...] [--scratch DIR] [--json FILE]

Draws a study of 500 slices, 512 x 512 pixels of 16 bits, 263 MB, in the scratch folder (default /dev/shm). Prints medians by the
clock and by the processor time of all processes, and how many times as fast Bucky is, as the median of the rounds' own ratios.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from measure import processor, timed
from peers import DcmodifyPerFile, present
from tools import Bucky, Library, files_below

ROUNDS, SLICES, SIDE = 5, 500, 512


def uid(*words):
    return generate_uid(prefix="1.2.826.0.1.3680043.10.511.", entropy_srcs=["speed", *map(str, words)])


def slice_of(number, body, noise):
    """A slice as a scanner writes it: about a hundred attributes, some of them in sequences, and a private block."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid("instance", number)
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = uid("study"), uid("series"), uid("frame")
    ds.SpecificCharacterSet, ds.ImageType, ds.Modality = "ISO_IR 100", ["ORIGINAL", "PRIMARY", "AXIAL"], "CT"
    for day in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "InstanceCreationDate"):
        setattr(ds, day, "20240115")
    for time in ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime", "InstanceCreationTime"):
        setattr(ds, time, f"10{number // 60 % 60:02}{number % 60:02}.250000")
    ds.AccessionNumber, ds.StudyID, ds.Manufacturer, ds.ManufacturerModelName = "A4711082", "S815", "Example", "Scanner 64"
    ds.InstitutionName, ds.InstitutionAddress, ds.StationName = "St. Beispiel", "Hauptstr. 1, Beispielstadt", "CT01"
    ds.ReferringPhysicianName, ds.PerformingPhysicianName, ds.OperatorsName = "Roe^Richard^^Dr.", "Poe^Edgar", "Moe^Mary"
    ds.StudyDescription, ds.SeriesDescription, ds.ProtocolName = "CT chest with contrast", "Chest 1.0 B31f", "Thorax routine"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = "Doe^Jane^Maria", "MRN0081547", "19530704"
    ds.PatientSex, ds.PatientAge, ds.PatientSize, ds.PatientWeight = "F", "070Y", "1.65", "61"
    ds.OtherPatientIDs, ds.PatientAddress, ds.PatientTelephoneNumbers = "X-99-1234", "Ringweg 5", "+49 30 5550123"
    ds.AdditionalPatientHistory, ds.ImageComments = "Mrs Doe was seen in 2019", "repeat for Doe"
    ds.BodyPartExamined, ds.PatientPosition, ds.ConvolutionKernel = "CHEST", "HFS", "B31f"
    ds.DeviceSerialNumber, ds.SoftwareVersions, ds.KVP, ds.SliceThickness = "SN48213", "VB20", "120", "1"
    ds.DataCollectionDiameter, ds.ReconstructionDiameter, ds.TableHeight, ds.XRayTubeCurrent = "500", "350", "155", "240"
    ds.ExposureTime, ds.Exposure, ds.GantryDetectorTilt, ds.FilterType = "500", "120", "0", "FLAT"
    ds.SeriesNumber, ds.AcquisitionNumber, ds.InstanceNumber = "2", "1", str(number + 1)
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [-175, -175, -float(number)], [1, 0, 0, 0, 1, 0]
    ds.PositionReferenceIndicator, ds.SliceLocation, ds.PixelSpacing = "", str(-number), ["0.68", "0.68"]
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = ds.SOPClassUID, uid("instance", 0)
    ds.ReferencedImageSequence = [reference]
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "24627-2", "LN", "CT Chest"
    ds.ProcedureCodeSequence = [code]
    request = Dataset()
    request.RequestedProcedureID, request.ScheduledProcedureStepID = "RP4711", "SPS4711"
    request.RequestedProcedureDescription, request.RequestingPhysician = "CT chest for Jane Doe", "Roe^Richard"
    ds.RequestAttributesSequence = [request]
    block = ds.private_block(0x0029, "EXAMPLE HEADER", create=True)
    for element in range(20):
        block.add_new(element, "LO", f"Doe^Jane {element}")
    block.add_new(0x20, "OB", bytes(2000))
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.Rows = ds.Columns = SIDE
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.WindowCenter, ds.WindowWidth, ds.RescaleIntercept, ds.RescaleSlope = "40", "400", "-1024", "1"
    ds.PixelData = np.clip(body + np.roll(noise, number * 977), 0, 4095).astype("<u2").tobytes()
    return ds


def draw(folder, slices):
    folder.mkdir()
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    body = np.where(x * x + 1.6 * y * y < 0.7, 1050.0, 20.0) - np.where((abs(x) - 0.35) ** 2 + y * y < 0.08, 850, 0)
    noise = np.random.default_rng(1).normal(0, 12, (SIDE, SIDE))
    for number in range(slices):
        slice_of(number, body, noise).save_as(folder / f"{number:04}.dcm", enforce_file_format=True)


class FolderCommand(Library):
    """dicom-anonymizer's own command, which takes a folder without subfolders."""

    def __init__(self):
        super().__init__("dicom-anonymizer", "its command over the folder")
        self.name = "dicom-anonymizer, command"

    def execute(self, source, output, log):
        output.mkdir()
        program = pathlib.Path(sys.executable).parent / "dicom-anonymizer"
        subprocess.run([str(program), str(source), str(output)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)


def tools(bucky):
    return [
        Bucky(bucky),
        Library("dicom-anonymizer", "its API, one call a file"), FolderCommand(), DcmodifyPerFile(),
        Library("dicognito", "its API"), Library("deid", "replace_identifiers, its own recipe"), Library("dcmanon", "its API"),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bucky")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--slices", type=int, default=SLICES)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--scratch", default="/dev/shm")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
        scratch = pathlib.Path(folder)
        source, output = scratch / "study", scratch / "out"
        draw(source, arguments.slices)
        found = [
            (tool, version) for tool, version in present(tools(arguments.bucky))
            if not arguments.only or tool.name in arguments.only or tool.name == Bucky.name]
        for tool, _ in found:
            tool.prepare(scratch)
        times = {tool.name: [] for tool, _ in found}
        for turn in range(arguments.rounds):
            # Each round starts with another tool, so that no tool always follows the same.
            for tool, _ in found[turn % len(found) :] + found[: turn % len(found)]:
                with (scratch / "printed").open("wb") as log:
                    times[tool.name].append(timed(lambda: tool.execute(source, output, log)))
                written = len([path for path in files_below(output) if path.suffix == ".dcm"])
                if written != arguments.slices:
                    raise SystemExit(f"{tool.name} wrote {written} of {arguments.slices} objects")
                shutil.rmtree(output)
        report(found, times, arguments)


def report(found, times, arguments):
    print(f"{processor()}; {arguments.slices} slices, medians of {arguments.rounds} rounds (least to greatest)\n")
    print("| tool | version | objects a second | Bucky is faster | processor time an object | Bucky needs less |")
    print("| --- | --- | --- | --- | --- | --- |")
    own = times[Bucky.name]
    for tool, version in found:
        walls, cpus = zip(*times[tool.name])
        rates = sorted(arguments.slices / wall for wall in walls)
        faster = statistics.median(wall / mine[0] for wall, mine in zip(walls, own))
        less = statistics.median(cpu / mine[1] for cpu, mine in zip(cpus, own))
        print(
            f"| {tool.name} | {version} | {statistics.median(rates):.0f} ({rates[0]:.0f} to {rates[-1]:.0f}) | {faster:.1f} times "
            f"| {1000 * statistics.median(cpus) / arguments.slices:.2f} ms | {less:.1f} times |")
    if arguments.json:
        content = {tool.name: {"version": version, "seconds": times[tool.name]} for tool, version in found}
        pathlib.Path(arguments.json).write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()

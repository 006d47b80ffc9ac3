"""Draws the inputs of `bucky benchmark end-to-end`: make_ordinary_studies.py FOLDER

cr/ has 12 radiographs of 2500 x 2048 pixels, ct/ one study of 80 slices of 512 x 512, both with 12 bits, uncompressed and
with 60 private elements each; cr-lossless/ the radiographs as JPEG lossless, where `dcmcjpeg` is at hand.
"""

import pathlib
import shutil
import subprocess
import sys

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.1"


def write(path, number, shape, modality, sop_class, study):
    uid = f"{ROOT}.{study}.1.{number + 1}"
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = sop_class
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = uid
    image.StudyInstanceUID, image.SeriesInstanceUID = f"{ROOT}.{study}", f"{ROOT}.{study}.1"
    image.StudyDate, image.Modality, image.BodyPartExamined, image.PatientAge = "20260301", modality, "CHEST", "052Y"
    image.InstanceNumber = number + 1
    image.add_new((0x0019, 0x0010), "LO", "VENDOR")
    for index in range(60):
        image.add_new((0x0019, 0x1000 + index), "LO", f"vendor value {index}")
    if modality == "CT":
        image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, 2.0 * number], [1, 0, 0, 0, 1, 0]
        image.RescaleIntercept, image.RescaleSlope = -1024, 1
    image.Rows, image.Columns = shape
    image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 0
    image.BitsAllocated, image.BitsStored, image.HighBit = 16, 12, 11
    noise = np.random.default_rng(number).normal(0, 20, shape)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    values = (np.sin(x / 97 + number) + np.cos(y / 61)) * 700 + 1800 + noise
    image.PixelData = values.clip(0, 4095).astype("<u2").tobytes()
    image["PixelData"].VR = "OW"
    image.save_as(path, enforce_file_format=True)


def main(folder):
    for name in ("cr", "ct"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(12):
        write(folder / "cr" / f"IM{number}", number, (2500, 2048), "CR", "1.2.840.10008.5.1.4.1.1.1", number + 2)
    for number in range(80):
        write(folder / "ct" / f"IM{number}", number, (512, 512), "CT", "1.2.840.10008.5.1.4.1.1.2", 1)
    if shutil.which("dcmcjpeg"):
        (folder / "cr-lossless").mkdir(exist_ok=True)
        for number in range(12):
            names = [folder / kind / f"IM{number}" for kind in ("cr", "cr-lossless")]
            subprocess.run(["dcmcjpeg", "+e1", *names], check=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

"""Draws images that have little in common: make_mixed_images.py FOLDER [COUNT]

For `bucky model verify` on a checkpoint with random weights. Such an encoder tells one chest from another by hardly more than
the steps of its arithmetic, so that ranks among chests say how images compare and nothing about precision. These are noise of
every roughness, gratings, discs, chequers and gradients, alone and in sums, each as a chest radiograph (DX) of its own study.
The same COUNT (200) gives the same files.
"""

import pathlib
import sys

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.2"
SIZE = 512
SOP_CLASS = "1.2.840.10008.5.1.4.1.1.1.1"


def noise(random):
    """Gaussian noise whose amplitudes fall with a power of the frequency: 0 is white, 3 is clouds."""
    spectrum = np.fft.rfft2(random.normal(size=(SIZE, SIZE)))
    y, x = np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None, :]
    frequency = np.hypot(y, x)
    frequency[0, 0] = 1
    return np.fft.irfft2(spectrum * frequency ** -random.uniform(0, 3), s=(SIZE, SIZE))


def grating(random):
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    angle, waves = random.uniform(0, np.pi), random.uniform(1, 60)
    wave = np.sin(2 * np.pi * waves * (x * np.cos(angle) + y * np.sin(angle)))
    return wave if random.random() < 0.5 else np.sign(wave)


def discs(random):
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    image = np.zeros((SIZE, SIZE))
    for _ in range(random.integers(1, 30)):
        row, column, radius = random.uniform(0, SIZE, 2).tolist() + [random.uniform(4, 150)]
        image[np.hypot(y - row, x - column) < radius] += random.normal()
    return image


def chequers(random):
    side = int(random.integers(4, 128))
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] // side
    return random.normal(size=(SIZE // side + 1, SIZE // side + 1))[rows, columns]


def gradient(random):
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    return random.normal() * x + random.normal() * y + random.normal() * np.hypot(x - 0.5, y - 0.5)


KINDS = (noise, grating, discs, chequers, gradient)


def draw(number):
    random = np.random.default_rng(number)
    image = np.zeros((SIZE, SIZE))
    for kind in random.permutation(len(KINDS))[: random.integers(1, 4)]:
        layer = KINDS[kind](random)
        image += (layer - layer.mean()) / (layer.std() + 1e-9) * random.uniform(0.3, 1)
    middle, width = random.uniform(800, 3200), random.uniform(200, 1200)
    return (middle + width * image / (image.std() + 1e-9)).clip(0, 4095).astype("<u2")


def write(path, number):
    uid = f"{ROOT}.{number + 1}"
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = SOP_CLASS
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = f"{uid}.1.1"
    image.StudyInstanceUID, image.SeriesInstanceUID = uid, f"{uid}.1"
    image.StudyDate, image.Modality, image.BodyPartExamined, image.PatientAge = "20260301", "DX", "CHEST", "052Y"
    image.PatientID, image.ViewPosition, image.PresentationIntentType = f"MIXED-{number + 1}", "PA", "FOR PRESENTATION"
    image.ImageType = ["ORIGINAL", "PRIMARY"]
    image.Rows = image.Columns = SIZE
    image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 0
    image.BitsAllocated, image.BitsStored, image.HighBit = 16, 12, 11
    image.WindowCenter, image.WindowWidth = 2048, 4096
    image.PixelData = draw(number).tobytes()
    image["PixelData"].VR = "OW"
    image.save_as(path, enforce_file_format=True)


def main(folder, count):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        write(folder / f"mixed-{number + 1:03}.dcm", number)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)

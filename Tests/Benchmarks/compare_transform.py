"""Times Bucky's transformation of a 12-bit radiograph against pydicom, NumPy and Pillow: one thread each, in turns.

    compare_transform.py BENCHMARK [ROUNDS]     BENCHMARK is the built TransformBenchmark; ROUNDS is 15 when left out

Draws a 2000 x 2000 radiograph, writes it uncompressed and, where dcmcjpeg (DCMTK) is on PATH, as JPEG lossless, and prints
the medians in milliseconds. Needs pydicom, pylibjpeg with pylibjpeg-libjpeg, NumPy and Pillow.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import apply_modality_lut, apply_windowing
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

SIDE, SIZE = 2000, 448


def radiograph():
    """A smooth body with noise, as a detector gives it: 12 bits, MONOCHROME1, rescale and window."""
    y, x = np.mgrid[-1:1:SIDE * 1j, -1:1:SIDE * 1j]
    body = 3500 * np.exp(-3 * (x * x + 0.7 * y * y)) * (1 + 0.2 * np.sin(25 * y) * np.cos(3 * x))
    return np.clip(body + np.random.default_rng(1).normal(0, 20, body.shape), 0, 4095).astype(np.uint16)


def dataset(pixels):
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", generate_uid(entropy_srcs=["benchmark"])
    ds.StudyInstanceUID = ds.SeriesInstanceUID = generate_uid(entropy_srcs=["benchmark study"])
    ds.Modality, ds.PatientID, ds.PatientName = "DX", "BENCHMARK", "Benchmark"
    ds.PhotometricInterpretation, ds.SamplesPerPixel, ds.PixelRepresentation = "MONOCHROME1", 1, 0
    ds.Rows = ds.Columns = SIDE
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.RescaleSlope, ds.RescaleIntercept, ds.WindowCenter, ds.WindowWidth = "1", "0", "1800", "3000"
    ds.PixelData = pixels.tobytes()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return ds


def finish(shown, filter):
    """Display values in 0...1 to the encoder's tensor."""
    image = (shown * 255).astype(np.uint8)
    rows, columns = image.shape
    side = max(rows, columns)
    square = np.zeros((side, side), np.uint8)
    square[(side - rows) // 2 :][:rows, (side - columns) // 2 :][:, :columns] = image
    small = np.asarray(Image.fromarray(square).resize((SIZE, SIZE), filter)).astype(np.float32)
    normalised = (small / 255 - np.float32(0.5)) / np.float32(0.5)
    return np.ascontiguousarray(np.repeat(normalised[None], 3, axis=0))


def plain(ds, pixels, filter):
    """By hand, with as few passes as NumPy allows."""
    values = pixels * np.float32(ds.RescaleSlope) + np.float32(ds.RescaleIntercept)
    low, width = np.float32(ds.WindowCenter - 0.5 - (ds.WindowWidth - 1) / 2), np.float32(ds.WindowWidth - 1)
    shown = np.clip((values - low) / width, 0, 1)
    return finish(1 - shown, filter)


def library(ds, pixels, filter):
    """With the functions that pydicom has for it."""
    values = apply_windowing(apply_modality_lut(pixels, ds), ds)
    shown = (values - values.min()) / (values.max() - values.min())
    return finish(1 - shown, filter)


def timed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def compare(benchmark, path, rounds, with_decoding):
    def read():
        ds = pydicom.dcmread(path)
        return ds, ds.pixel_array

    ds, pixels = read()
    job = "both" if with_decoding else "transform"
    bucky = subprocess.Popen([benchmark, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(line):
        bucky.stdin.write(line + "\n")
        bucky.stdin.flush()
        return float(bucky.stdout.readline())

    work = {}
    for preset in ("tf-bilinear-padded", "training", "hf-slow", "hf-fast", "google-container"):
        work[f"bucky {preset}"] = lambda preset=preset: ask(f"{job} {preset} {SIZE}")
    work["bucky digest of the stored values"] = lambda: ask("digests")
    for name, function in (("NumPy by hand", plain), ("pydicom functions", library)):
        for kind, filter in (("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC)):
            def once(function=function, filter=filter):
                return timed(lambda: function(*(read() if with_decoding else (ds, pixels)), filter))

            work[f"{name} + Pillow {kind}"] = once
    times = {name: [] for name in work}
    for index in range(rounds + 1):
        for name, once in work.items():
            elapsed = once()
            if index:
                times[name].append(elapsed)
    bucky.stdin.close()
    bucky.wait()
    for name, values in times.items():
        print(f"  {name:45} {statistics.median(values):8.1f} ms   best {min(values):8.1f} ms")


def main(benchmark, rounds):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plain.dcm")
        dataset(radiograph()).save_as(path, enforce_file_format=True)
        print("decoded pixels to tensor")
        compare(benchmark, path, rounds, with_decoding=False)
        print("uncompressed file to tensor")
        compare(benchmark, path, rounds, with_decoding=True)
        if shutil.which("dcmcjpeg"):
            lossless = os.path.join(folder, "lossless.dcm")
            subprocess.run(["dcmcjpeg", "+e1", path, lossless], check=True)
            print("JPEG lossless file to tensor")
            compare(benchmark, lossless, max(3, rounds // 3), with_decoding=True)
        else:
            print("JPEG lossless: not measured, dcmcjpeg is not on PATH")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15)

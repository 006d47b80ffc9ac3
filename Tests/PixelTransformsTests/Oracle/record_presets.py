"""Records what the programs that the presets are named after make of generated images.

    record_presets.py            writes ../Fixtures/presets.json and ../Fixtures/google-container.json

Needs the packages of requirements-presets.txt and a processor with AVX2. The versions matter:

- Pillow up to 12 resizes rows before columns. From 13 on it begins with the columns of an image that shrinks much more in
  height than in width; tall images then come out differently, by several steps where there are edges.
- torchvision resizes 8-bit images with integers, but bilinear on a processor with AVX-512 in float32, rounded. The integers
  are recorded as the preset, the other result beside it.

The images are not stored: `PresetTests.swift` computes the same ones. Of each result the file keeps the SHA-256 of the
float32 tensor [3, size, size], and for a readable comparison its 8-bit steps.

The first half of the container's work (windows, stretch, inversion) is written here from a reading of its published source,
Google-Health/medsiglip, python/data_accessors/local_file_handlers/generic_dicom_handler.py and
python/serving/predictor.py; its modality transformation and its image processor are the packages themselves.
"""

import base64
import hashlib
import json
import os

os.environ["ATEN_CPU_CAPABILITY"] = "avx2"

import numpy as np
import PIL
import tensorflow as tf
import torch
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut
from torchvision import transforms
from transformers import SiglipImageProcessor, SiglipImageProcessorFast

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Fixtures")
BICUBIC, BILINEAR = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR


def image(rows, columns, channels, levels):
    """An image without symmetry, full of edges: y, x and channel c give (31 y + 17 x + 7 x y + 41 c) · step mod levels."""
    y, x, c = np.ogrid[:rows, :columns, :channels]
    return (y * 31 + x * 17 + y * x * 7 + c * 41) * (1 if levels <= 256 else 13) % levels


def squared(pixels):
    """Zeros around the image, the smaller half of an odd difference first."""
    rows, columns = pixels.shape[:2]
    side = max(rows, columns)
    result = np.zeros((side, side) + pixels.shape[2:], pixels.dtype)
    top, left = (side - rows) // 2, (side - columns) // 2
    result[top : top + rows, left : left + columns] = pixels
    return result


def three(pixels):
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels


def slow(pixels, size, **options):
    processor = SiglipImageProcessor(size={"height": size, "width": size}, **options)
    return processor.preprocess(pixels, return_tensors="np", input_data_format="channels_last")["pixel_values"][0]


def fast(pixels, size, resample):
    processor = SiglipImageProcessorFast(size={"height": size, "width": size}, resample=resample)
    tensor = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
    return processor.preprocess(tensor, return_tensors="pt")["pixel_values"][0].numpy()


def fast_in_float32(pixels, size):
    tensor = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))[None].to(torch.float32)
    resized = torch.nn.functional.interpolate(tensor, (size, size), mode="bilinear", antialias=True)
    return ((resized.round() - 127.5) / 127.5)[0].numpy()


def tensorflow(values, size):
    """The published evaluation: resized by TensorFlow, cut to 8 bits, then the processor without its own resize."""
    resized = tf.image.resize(tf.constant(values), (size, size), method="bilinear", antialias=False).numpy()
    return slow(resized.astype(np.uint8), size, do_resize=False)


def training(pixels, size):
    chain = transforms.Compose([
        transforms.Resize((size, size), interpolation=transforms.InterpolationMode.BILINEAR),
        transforms.ToTensor(),
        transforms.Normalize(mean=[0.5] * 3, std=[0.5] * 3),
    ])
    return chain(Image.fromarray(squared(pixels))).numpy()


def recorded(tensor):
    tensor = np.ascontiguousarray(tensor, "<f4")
    steps = np.round((tensor.astype(np.float64) * 0.5 + 0.5) * 255).astype(np.uint8)
    gray = (steps[0] == steps[1]).all() and (steps[0] == steps[2]).all()
    return {
        "sha256": hashlib.sha256(tensor.tobytes()).hexdigest(),
        "steps": base64.b64encode((steps[:1] if gray else steps).tobytes()).decode(),
    }


def record_presets():
    assert torch.backends.cpu.get_cpu_capability() == "AVX2", "torchvision's 8-bit kernels need AVX2"
    assert int(PIL.__version__.split(".")[0]) < 13, "see above"
    cases = []
    shapes = [
        (37, 61, 1, 256, 24), (61, 38, 1, 256, 24), (9, 7, 1, 256, 24), (15, 50, 1, 256, 24), (24, 24, 1, 256, 24),
        (24, 61, 1, 256, 24), (301, 203, 1, 256, 16), (1, 30, 1, 256, 8), (33, 45, 3, 256, 20), (47, 52, 1, 4096, 23),
    ]
    for rows, columns, channels, levels, size in shapes:
        stored = image(rows, columns, channels, levels)
        if levels == 256:
            display = (stored / 255).astype(np.float32)
        else:
            low, high = stored.min(), stored.max()
            display = ((stored - low) / (high - low)).astype(np.float32)
        pixels = three(np.floor(display * np.float32(255) + np.float32(0.5)).astype(np.uint8))
        values = three(display * np.float32(255))
        cases.append({
            "rows": rows, "columns": columns, "channels": channels, "levels": levels, "size": size,
            "presets": {
                "tf-bilinear": recorded(tensorflow(values, size)),
                "tf-bilinear-padded": recorded(tensorflow(squared(values), size)),
                "training": recorded(training(pixels, size)),
                "hf-slow": recorded(slow(pixels, size)),
                "hf-slow-bilinear": recorded(slow(pixels, size, resample=BILINEAR)),
                "hf-fast": recorded(fast(pixels, size, BICUBIC)),
                "hf-fast-bilinear": recorded(fast(pixels, size, BILINEAR)),
            },
            "float32_bilinear": recorded(fast_in_float32(pixels, size)),
        })
    return cases


# --- the container ---------------------------------------------------------------------------------------------------


def windowed(values, center, width):
    half = width // 2
    low, high = center - half, center + half
    return np.round(np.interp(np.clip(values, low, high), (low, high), (0, 65535)), 0).astype(np.uint16)


def stretched(values):
    """Radiographs only: the whole range of the type, per image; 8 unsigned bits are left alone."""
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind == "i":
        wide = values.astype(np.int64)
        values = (wide - wide.min()).astype({1: np.uint8, 2: np.uint16}[values.dtype.itemsize])
    top = np.iinfo(values.dtype).max
    return np.interp(values, (values.min(), values.max()), (0, top)).astype(values.dtype)


def container_pixels(stored, dataset):
    """What the container's DICOM handler hands on: unsigned 8 or 16 bits, [rows, columns, channels]."""
    if stored.shape[2] == 3 or dataset.Modality not in ("CR", "DX", "CT"):
        return stored
    window = None
    if "WindowCenter" in dataset and "WindowWidth" in dataset:
        window = (dataset.WindowCenter, dataset.WindowWidth)
    if dataset.Modality == "CT":
        values = stored
        if "RescaleSlope" in dataset and "RescaleIntercept" in dataset:
            values = stored.astype(np.float64) * dataset.RescaleSlope
            values += dataset.RescaleIntercept
        values = windowed(values, *(window or (100, 2500)))
    else:
        values = apply_modality_lut(stored, dataset)
        if window:
            values = windowed(values, *window)
        if values.dtype == np.float64:
            values = values.astype(stored.dtype)
        values = stretched(values)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        values = np.iinfo(values.dtype).max - values
    return values


def container(stored, dataset, size):
    pixels = container_pixels(stored, dataset)
    scaled = pixels.astype(np.float32) / float(np.iinfo(pixels.dtype).max)
    return slow(squared(three(scaled)), size, do_rescale=False)


def lut_item(first, bits, entries):
    item = Dataset()
    item.LUTDescriptor = [len(entries), first, bits]
    item.add_new("LUTData", "US", entries)
    item["LUTDescriptor"].VR = "US"
    return item


def record_container():
    ramp = [(n * n // 97) % 65536 for n in range(3000)]
    cases = [
        dict(name="DX, 12 bits, window", modality="DX", levels=4096, center="2000", width="1500"),
        dict(name="CR, odd width and half center", modality="CR", levels=4096, center="2047.5", width="1501"),
        dict(name="DX, MONOCHROME1, no window", modality="DX", levels=4096, photometric="MONOCHROME1"),
        dict(name="DX, window beyond the values", modality="DX", levels=1000, center="2048", width="4096"),
        dict(name="CR, rescale and window", modality="CR", levels=4096, slope="0.25", intercept="-100.5", center="300", width="600"),
        dict(name="CR, rescale, no window", modality="CR", levels=4096, slope="1.75", intercept="3.25"),
        dict(name="DX, signed, no window", modality="DX", levels=4096, offset=-2048, signed=True),
        dict(name="DX, signed, window, MONOCHROME1", modality="DX", levels=4096, offset=-2048, signed=True, center="-100", width="900", photometric="MONOCHROME1"),
        dict(name="DX, 8 bits, untouched", modality="DX", levels=256, allocated=8, photometric="MONOCHROME1"),
        dict(name="DX, 8 bits, window", modality="DX", levels=256, allocated=8, center="100", width="120"),
        dict(name="DX, Modality LUT", modality="DX", levels=4096, lut=dict(first=500, bits=16, entries=ramp)),
        dict(name="DX, width 1 is all white", modality="DX", levels=4096, center="2000", width="1"),
        dict(name="DX, two values only", modality="DX", levels=2),
        dict(name="CT, rescale, default window", modality="CT", levels=4096, slope="1", intercept="-1024"),
        dict(name="CT, rescale, own window", modality="CT", levels=4096, slope="1", intercept="-1024", center="40", width="400"),
        dict(name="CT, signed, no rescale", modality="CT", levels=4096, offset=-1024, signed=True),
        dict(name="XC, 16 bits grey, not inverted", modality="XC", levels=4096, photometric="MONOCHROME1"),
        dict(name="XC, RGB", modality="XC", levels=256, allocated=8, channels=3, photometric="RGB"),
        dict(name="XC, RGB, 16 bits", modality="XC", levels=4096, channels=3, photometric="RGB"),
    ]
    for index, case in enumerate(cases):
        case["rows"], case["columns"], case["size"] = [(41, 66, 19), (58, 35, 18), (11, 9, 17)][index % 3]
        case = {"photometric": "MONOCHROME2", "allocated": 16, "channels": 1, "offset": 0, "signed": False} | case
        cases[index] = case
        dataset = Dataset()
        dataset.Modality, dataset.PhotometricInterpretation = case["modality"], case["photometric"]
        for key, keyword in [
            ("center", "WindowCenter"), ("width", "WindowWidth"), ("slope", "RescaleSlope"), ("intercept", "RescaleIntercept"),
        ]:
            if key in case:
                setattr(dataset, keyword, case[key])
        if "lut" in case:
            dataset.ModalityLUTSequence = [lut_item(**case["lut"])]
            case["lut"] = {"first": 500, "bits": 16, "count": len(ramp)}
        kind = {(8, False): np.uint8, (16, False): np.uint16, (16, True): np.int16}[case["allocated"], case["signed"]]
        stored = (image(case["rows"], case["columns"], case["channels"], case["levels"]) + case["offset"]).astype(kind)
        case["result"] = recorded(container(stored, dataset, case["size"]))
    return cases


def write(name, cases):
    with open(os.path.join(FIXTURES, name), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, sort_keys=True) for case in cases) + "\n]\n")


write("presets.json", record_presets())
write("google-container.json", record_container())

"""Derives encoder inputs again from DICOM files and the log of `bucky preprocess`, bit for bit.

    rederive.py OUTPUT [INPUTS]     OUTPUT is the folder that preprocess wrote, INPUTS what `source` in its log is relative to

Reads every line of log.jsonl whose outcome is "used", takes the stored values from the file with pydicom, does what the
recorded steps say, and compares the SHA-256 of the result with `tensor_digest` and with the row in tensors.safetensors.
Shares no code with Bucky: NumPy and pydicom only. A step it does not know is an error; parameters it does not need are not.
Lookup tables are too large for a record: they come from the file and are checked against the recorded digest.

Prints a JSON summary. Exit status 0: every tensor that could be checked agrees. A frame is not checked, and is counted, when
pydicom cannot decode it or decodes other stored values (lossy JPEG: two decoders may differ by one).

All arithmetic here is that of IEEE 754 and so exact on every machine, but for exp in SIGMOID: NumPy and the C library may
differ in its last bit. A display value is rounded from 53 to 24 bits, which hides such a difference unless it straddles a
rounding border; that has a chance of about 2^-28 a value. The script takes `math.exp`, which is the C library's.
"""

import hashlib
import json
import math
import os
import struct
import sys

import numpy as np
import pydicom
from pydicom.pixels import pixel_array

F32 = np.float32


class Unchecked(Exception):
    """The stored values cannot be had here."""


def digest(values):
    return "sha256:" + hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


# --- stored values and lookup tables -----------------------------------------------------------------------------------


def stored_values(dataset, frame):
    """[rows, columns, samples] as integers; the digest in the record is that of the containers, checked on them."""
    index = frame["frame"] - 1
    try:
        raw = pixel_array(dataset, index=index, raw=True)
    except Exception as error:
        raise Unchecked(f"pydicom: {type(error).__name__}")
    rows, columns, samples = frame["rows"], frame["columns"], frame["samples_per_pixel"]
    if raw.size != rows * columns * samples:
        raise Unchecked("pydicom gives another shape")
    raw = raw.reshape(rows, columns, samples)
    width = max(1, frame["bits_allocated"] // 8)
    containers = raw.astype(np.int64) & ((1 << (8 * width)) - 1)
    stored, shift = frame["bits_stored"], frame["high_bit"] + 1 - frame["bits_stored"]
    bits = (containers >> shift) & ((1 << stored) - 1)
    values = bits - ((bits >> (stored - 1)) << stored) if frame["signed"] else bits
    packed = containers.astype(f"<u{width}")
    if digest(packed) != frame["pixel_digest"]:
        # pydicom may have cleared or extended the bits above Bits Stored; then the values have to be told apart otherwise.
        agrees = False
        for candidate in (bits << shift, values << shift):
            agrees = agrees or digest((candidate & ((1 << (8 * width)) - 1)).astype(f"<u{width}")) == frame["pixel_digest"]
        if not agrees:
            raise Unchecked("other stored values")
    return values


def words(element, little=True):
    value = element.value
    if isinstance(value, bytes):
        return np.frombuffer(value[: len(value) // 2 * 2], "<u2" if little else ">u2").astype(np.int64)
    return np.atleast_1d(np.array(value, dtype=np.int64)) & 0xFFFF


def lut_entries(element, record, little=True):
    """The entries that the record's digest stands for: 16-bit words, or bytes where they have 8 bits."""
    count = record["entries"]
    candidates = [words(element, little)[:count]]
    if isinstance(element.value, bytes):
        candidates.append(np.frombuffer(element.value, np.uint8)[:count].astype(np.int64))
    else:
        candidates.append(np.frombuffer(words(element).astype("<u2").tobytes(), np.uint8)[:count].astype(np.int64))
    for entries in candidates:
        if len(entries) == count and digest(entries.astype("<u2")) == record["lut_digest"]:
            return entries
    raise ValueError("no lookup table of the file has the recorded digest")


def look_up(entries, record, values):
    nearest = np.floor(np.asarray(values, np.float64) + 0.5)
    index = np.clip(nearest - record["first_mapped"], 0, len(entries) - 1)
    return entries[index.astype(np.int64)]


def functional_item(dataset, origin, frame, sequence):
    if origin == "per-frame-functional-group":
        return dataset.PerFrameFunctionalGroupsSequence[frame - 1][sequence].value[0]
    if origin == "shared-functional-group":
        return dataset.SharedFunctionalGroupsSequence[0][sequence].value[0]
    return dataset


def segmented(element, record, little):
    """Discrete, linear and indirect segments (PS3.3 C.7.9.2)."""
    raw = words(element, little).astype("<u2").tobytes()
    wide = record["bits"] > 8
    data = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2") if wide else np.frombuffer(raw, np.uint8)
    data, result = [int(v) for v in data], []

    def segment(at, indirect):
        code, length = data[at], data[at + 1]
        if code == 0:
            result.extend(data[at + 2 : at + 2 + length])
            return at + 2 + length
        if code == 1:
            first, last = result[-1], data[at + 2]
            result.extend(int(np.rint(first + (last - first) * k / length)) for k in range(1, length + 1))
            return at + 3
        if code != 2 or not indirect:
            raise ValueError("segment")
        parts = data[at + 2 : at + (4 if wide else 6)]
        target = sum(part << (16 if wide else 8) * k for k, part in enumerate(parts)) // (2 if wide else 1)
        for _ in range(length):
            target = segment(target, False)
        return at + 2 + len(parts)

    at = 0
    while at + 1 < len(data) and len(result) < record["entries"]:
        at = segment(at, True)
    entries = np.array(result[: record["entries"]], np.int64)
    if digest(entries.astype("<u2")) != record["lut_digest"]:
        raise ValueError("the segmented palette gives another digest")
    return entries


# --- steps on values ---------------------------------------------------------------------------------------------------


def window(x, channel):
    c, w, function = channel["center"], channel["width"], channel["function"]
    if function == "SIGMOID":
        distinct, inverse = np.unique(x, return_inverse=True)

        def sigmoid(v):
            try:
                return 1 / (1 + math.exp(-4 * (v - c) / w))
            except OverflowError:
                return 0.0

        return np.array([sigmoid(float(v)) for v in distinct])[inverse].reshape(x.shape)
    if function == "LINEAR":
        low, high, line = c - 0.5 - (w - 1) / 2, c - 0.5 + (w - 1) / 2, lambda: (x - (c - 0.5)) / (w - 1) + 0.5
    else:
        low, high, line = c - w / 2, c + w / 2, lambda: (x - c) / w + 0.5
    with np.errstate(all="ignore"):
        return np.where(x <= low, 0.0, np.where(x > high, 1.0, line()))


def container(values, params, dataset):
    """The container's operations on stored values; the result is in 0...1 in float32."""
    x = values.astype(np.float64)
    for op in params["operations"]:
        name = op["operation"]
        if name == "rescale":
            x = x * op["slope"] + op["intercept"]
        elif name == "modality-lut":
            x = look_up(lut_entries(dataset.ModalityLUTSequence[0]["LUTData"], op), op, x).astype(np.float64)
        elif name == "window":
            x = np.round(np.interp(np.clip(x, op["low"], op["high"]), (op["low"], op["high"]), (0, op["maximum"])))
        elif name == "truncate":
            x = np.trunc(x)
        elif name == "shift":
            x = x + op["by"]
        elif name == "stretch":
            x = np.floor(np.interp(x, (op["low"], op["high"]), (0, op["maximum"])))
        elif name == "invert":
            x = op["maximum"] - x
        elif name == "divide":
            x = x.astype(F32) / F32(op["by"])
        else:
            raise ValueError(f"unknown operation {name}")
    return x


def display_values(steps, stored, dataset):
    """[rows, columns, 1 or 3] in float32, and the steps that are left."""
    values, shown, frame = stored.astype(np.float64), None, 1
    padding, rest = None, []
    for position, step in enumerate(steps):
        name, p = step["step"], step["params"]
        if name == "stored-frame":
            frame = p["frame"]
        elif name in ("decode", "supplemental-palette", "modality-identity"):
            pass
        elif name == "modality-rescale":
            values = values * p["slope"] + p["intercept"]
        elif name == "modality-lut":
            values = look_up(lut_entries(dataset.ModalityLUTSequence[0]["LUTData"], p), p, values).astype(np.float64)
        elif name == "voi-window":
            shown = np.concatenate([window(values, channel) for channel in p["channels"]], axis=2)
        elif name in ("voi-min-max", "voi-percentiles"):
            low, high = p["min"], p["max"]
            shown = (values - low) / (high - low) if high > low else np.zeros_like(values)
        elif name == "voi-lut":
            item = functional_item(dataset, p["origin"], frame, "FrameVOILUTSequence").VOILUTSequence[p.get("index", 0)]
            shown = look_up(lut_entries(item["LUTData"], p), p, values) / float((1 << p["bits"]) - 1)
        elif name == "voi-container":
            shown = container(stored, p, dataset)
        elif name == "polarity":
            shown = np.clip(shown, 0.0, 1.0)
            shown = (1 - shown if p["inverted"] else shown).astype(F32)
        elif name == "pixel-padding":
            padding = p
        elif name == "palette-color":
            shown = palette(stored, p, dataset)
        elif name == "color-samples":
            shown = color(stored, p)
        elif name in ("pad-to-square", "resize", "quantise"):
            rest = steps[position:]
            break
        else:
            raise ValueError(f"unknown step {name}")
    shown = np.clip(shown, 0, 1).astype(F32)
    if padding:
        inside = (stored[..., 0] >= padding["first"]) & (stored[..., 0] <= padding["last"])
        for channel in range(shown.shape[2]):
            shown[..., channel][inside] = F32(padding["shown_as"][channel])
    return shown, rest


def palette(stored, params, dataset):
    planes, little = [], dataset.original_encoding[1]
    for color_name, record in zip(("Red", "Green", "Blue"), params["channels"]):
        plain, short = f"{color_name}PaletteColorLookupTableData", f"Segmented{color_name}PaletteColorLookupTableData"
        entries = (
            lut_entries(dataset[plain], record, little) if plain in dataset
            else segmented(dataset[short], record, little)
        )
        planes.append(np.minimum(1, look_up(entries, record, stored[..., 0]) / float((1 << record["bits"]) - 1)))
    return np.stack(planes, axis=2).astype(F32)


def color(stored, params):
    maximum = params["maximum"]
    samples = stored.astype(np.float64)
    if params["from"] != "RGB":
        middle = (maximum + 1) // 2
        y, b, r = samples[..., 0], samples[..., 1] - middle, samples[..., 2] - middle
        rgb = [y + 1.402 * r, y - 0.114 * 1.772 / 0.587 * b - 0.299 * 1.402 / 0.587 * r, y + 1.772 * b]
        samples = np.stack([np.clip(np.floor(v + 0.5), 0, maximum) for v in rgb], axis=2)
    return (samples / maximum).astype(F32)


# --- from display values to the tensor ---------------------------------------------------------------------------------


def squared(image, p):
    result = np.zeros((p["side"], p["side"], image.shape[2]), image.dtype)
    result[p["top"] : p["top"] + image.shape[0], p["left"] : p["left"] + image.shape[1]] = image
    return result


def bilinear_positions(source, target):
    position = (np.arange(target, dtype=F32) + F32(0.5)) * (F32(source) / F32(target)) - F32(0.5)
    floor = np.floor(position)
    low = np.maximum(0, floor.astype(np.int64))
    return low, np.minimum(source - 1, np.ceil(position).astype(np.int64)), (position - floor).astype(F32)


def tensorflow(image, size):
    """Float32, along the row first."""
    x0, x1, fx = bilinear_positions(image.shape[1], size[1])
    y0, y1, fy = bilinear_positions(image.shape[0], size[0])
    left, right = image[:, x0], image[:, x1]
    across = left + (right - left) * fx[None, :, None]
    return across[y0] + (across[y1] - across[y0]) * fy[:, None, None]


def antialiased(image, size, filter_name):
    """8 bits in and out: the columns' weights first, as integers, then the rows'."""
    library, kind = filter_name.split("-")

    def weight(x):
        x = abs(x)
        if kind == "bilinear":
            return max(0.0, 1 - x)
        if x < 1:
            return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1
        return (((x - 5) * x + 8) * x - 4) * -0.5 if x < 2 else 0.0

    def matrix(source, target):
        if source == target:
            return np.eye(source, dtype=np.int64), 0
        scale = source / target
        wide = max(scale, 1.0)
        reach = wide * (1 if kind == "bilinear" else 2)
        weights = np.zeros((target, source))
        for i in range(target):
            middle = scale * (i + 0.5)
            first, end = max(0, int(middle - reach + 0.5)), min(source, int(middle + reach + 0.5))
            row = [weight((j + first - middle + 0.5) * (1 / wide)) for j in range(end - first)]
            total = 0.0
            for w in row:
                total += w
            weights[i, first:end] = [w / total for w in row]
        bits = 22
        if library == "torch":
            bits = 0
            while bits < 22 and int(0.5 + weights.max() * 2 ** (bits + 1)) < 2**15:
                bits += 1
        scaled = weights * 2.0**bits
        return np.where(scaled < 0, np.trunc(scaled - 0.5), np.trunc(scaled + 0.5)).astype(np.int64), bits

    def product(weights, bits, rows):
        # Integers below 2^53, so that a product in double precision is exact, and much quicker than in int64.
        sums = (weights.astype(np.float64) @ rows.astype(np.float64)).astype(np.int64)
        return np.clip((sums + (1 << bits >> 1)) >> bits, 0, 255).astype(np.uint8)

    planes = []
    for channel in range(image.shape[2]):
        across = product(*matrix(image.shape[1], size[1]), image[..., channel].T).T
        planes.append(product(*matrix(image.shape[0], size[0]), across))
    return np.stack(planes, axis=2)


def encoder_input(steps, image):
    """The last steps, in their order."""
    for step in steps:
        name, p = step["step"], step["params"]
        if name == "pad-to-square":
            image = squared(image, p)
        elif name == "quantise":
            if p["method"] == "truncate-8-bit":
                image = (image * F32(p["scale"])).astype(np.uint8)
            elif p["method"] == "round-8-bit":
                image = (image * F32(p["scale"]) + F32(0.5)).astype(np.uint8)
            else:
                raise ValueError(f"unknown method {p['method']}")
        elif name == "resize":
            if p["from"] != list(image.shape[:2]):
                raise ValueError("the record resizes from another size")
            if p["filter"] == "tf-bilinear":
                # The scale of `quantise` is applied before the resize: float32 products are not distributive.
                scale = next(s["params"]["scale"] for s in steps if s["step"] == "quantise")
                image = tensorflow(image * F32(scale), p["to"]).astype(np.uint8)
                steps = [s for s in steps if s["step"] != "quantise"]
                return encoder_input(steps[steps.index(step) + 1 :], image)
            image = antialiased(image, p["to"], p["filter"])
        elif name == "normalise":
            rescaled = (image.astype(np.float64) * p["rescale"]).astype(F32)
            image = (rescaled - F32(p["mean"])) / F32(p["deviation"])
        elif name == "tensor":
            pass
        else:
            raise ValueError(f"unknown step {name}")
    image = np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image
    return np.ascontiguousarray(image.transpose(2, 0, 1), "<f4")


# --- the log -----------------------------------------------------------------------------------------------------------


def safetensors_rows(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        start = file.tell()
    entry = header["pixel_values"]
    return np.memmap(path, "<f4", "r", start + entry["data_offsets"][0], tuple(entry["shape"]))


def rederive(line, path):
    dataset = pydicom.dcmread(path, force=True)
    frame = next(s["params"] for s in line["steps"] if s["step"] == "stored-frame")
    image, rest = display_values(line["steps"], stored_values(dataset, frame), dataset)
    if not rest:
        # Preset none: the display values themselves, one plane a channel.
        return np.ascontiguousarray(image.transpose(2, 0, 1), "<f4")
    return encoder_input(rest, image)


def main(output, inputs):
    rows = safetensors_rows(os.path.join(output, "tensors.safetensors"))
    summary = {"agree": 0, "unchecked": {}, "differ": [], "steps": {}}
    with open(os.path.join(output, "log.jsonl")) as log:
        for line in map(json.loads, log):
            if line["outcome"] != "used":
                continue
            name = f"{line['source']}#{line['frame']}"
            try:
                tensor = rederive(line, os.path.join(inputs, line["source"]))
            except Unchecked as reason:
                summary["unchecked"][name] = str(reason)
                continue
            except Exception as error:
                summary["differ"].append(f"{name}: {type(error).__name__}: {error}")
                continue
            same = digest(tensor) == line["tensor_digest"]
            if rows is not None:
                same = same and tensor.tobytes() == rows[line["index"]].tobytes()
            if not same:
                summary["differ"].append(name)
                continue
            summary["agree"] += 1
            for step in line["steps"]:
                summary["steps"][step["step"]] = summary["steps"].get(step["step"], 0) + 1
    print(json.dumps(summary))
    return 1 if summary["differ"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))

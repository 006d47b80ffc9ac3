"""Compares display values with those of pydicom, for every <dir>/NAME.dcm with NAME.f32 beside it.

NAME.f32 holds the display values to check: little endian float32, 0...1, row by row. What pydicom does not do stands
here a second time, straight from the standard: polarity (PS3.3 C.11.6, C.7.6.3.1.2), padding (C.7.5.1.1.2) and the
stretch from smallest to greatest value for an image without any VOI transformation.

Usage: compare_luts.py DIRECTORY
"""

import pathlib
import sys

import numpy
import pydicom
from pydicom.pixels import apply_modality_lut, apply_voi_lut

# Ours are rounded to float32; all else is double precision in the same order of operations.
TOLERANCE = 1e-6


def modality_values(dataset):
    # int64: pydicom computes offsets into a LUT in the type of the array, where those of 8-bit frames overflow.
    return apply_modality_lut(dataset.pixel_array.astype(numpy.int64), dataset)


def voi_values(values, dataset):
    """The display value 0...1 of each modality value."""
    if "VOILUTSequence" in dataset:
        _, first, bits = dataset.VOILUTSequence[0].LUTDescriptor
        # Whole numbers all; as integers they index the LUT without a detour.
        assert numpy.array_equal(values, numpy.rint(values))
        # pydicom computes offsets into a VOI LUT in 16 bits; what lies further above wraps around there.
        values = numpy.minimum(numpy.rint(values).astype(numpy.int64), first + 65535)
        return apply_voi_lut(values, dataset) / (2**bits - 1)
    if "WindowCenter" in dataset:
        # The range that pydicom maps to is what the far ends of the window come to.
        far = numpy.array([-1e12, 1e12])
        shown = apply_voi_lut(numpy.concatenate([values.ravel().astype(numpy.float64), far]), dataset)
        low, high = shown[-2:]
        return ((shown[:-2] - low) / (high - low)).reshape(values.shape)
    return None


def padding_mask(dataset):
    stored = dataset.pixel_array
    if "PixelPaddingValue" not in dataset:
        return numpy.zeros(stored.shape, bool)
    ends = sorted([dataset.PixelPaddingValue, dataset.get("PixelPaddingRangeLimit", dataset.PixelPaddingValue)])
    return (stored >= ends[0]) & (stored <= ends[1])


def is_inverted(dataset):
    shape = dataset.get("PresentationLUTShape")
    return shape == "INVERSE" if shape else dataset.PhotometricInterpretation == "MONOCHROME1"


def expected(dataset):
    values = modality_values(dataset)
    padding = padding_mask(dataset)
    display = voi_values(values, dataset)
    if display is None:
        low, high = values[~padding].min(), values[~padding].max()
        display = (values - low) / (high - low)
    if is_inverted(dataset):
        display = 1 - display
    display[padding] = display[~padding].min()
    return display


def main(directory):
    count, failures = 0, 0
    for path in sorted(pathlib.Path(directory).glob("*.dcm")):
        dataset = pydicom.dcmread(path)
        found = numpy.fromfile(path.with_suffix(".f32"), "<f4").reshape(dataset.Rows, dataset.Columns)
        difference = numpy.abs(found - expected(dataset)).max()
        count += 1
        if not difference <= TOLERANCE:
            failures += 1
            print(f"{path.stem}: differs by {difference}")
    print(f"{count - failures} of {count} objects agree")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

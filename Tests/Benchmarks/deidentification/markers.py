"""Searches what a tool has written for the markers of a corpus: bytes anywhere, and burned-in text by its pixels.

The corpus is a folder with in/ and markers.json (schema bucky-identity-corpus/1); README.md says what both hold.
"""

import html
import io
import json
import pathlib
import urllib.parse
import zipfile
import zlib

import numpy as np
import pydicom
from pydicom.errors import InvalidDicomError

DEFLATED = "1.2.840.10008.1.2.1.99"
PREFIX = 3  # bytes that select the patterns worth comparing


class Corpus:
    def __init__(self, folder):
        self.inputs = pathlib.Path(folder) / "in"
        document = json.loads((pathlib.Path(folder) / "markers.json").read_text())
        if document.get("schema") != "bucky-identity-corpus/1":
            raise SystemExit(f"{folder}: markers.json has the schema {document.get('schema')}")
        self.markers = document["markers"]
        self.search = ByteSearch([[bytes.fromhex(form) for form in marker.get("bytes", [])] for marker in self.markers])
        files = [path for path in self.inputs.rglob("*") if path.is_file()]
        self.files = sorted(str(path.relative_to(self.inputs)) for path in files)
        self.objects = {name for name in self.files if is_object(self.inputs / name)}

    def is_foreign_date(self, number, name):
        return self.markers[number]["kind"] == "date" and self.markers[number]["input"] != name

    def pixel_markers(self):
        return {number: marker for number, marker in enumerate(self.markers) if marker["kind"] == "pixels"}


def is_object(path):
    """Whether a file is a DICOM object that could be released: no directory, not broken off in its first elements."""
    try:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
    except (InvalidDicomError, OSError, EOFError, ValueError, KeyError, NotImplementedError, zlib.error):
        return False
    return "SOPInstanceUID" in dataset and "DirectoryRecordSequence" not in dataset


class ByteSearch:
    """All patterns in one pass: tables over the first bytes say where comparing is worth while."""

    def __init__(self, forms):
        # Patterns by their first bytes: twice PREFIX of them, or PREFIX for the short ones.
        self.long, self.short = {}, {}
        self.starts = np.zeros(1 << 24, bool)
        self.nexts = np.zeros(1 << 24, bool)
        for number, alternatives in enumerate(forms):
            for pattern in set(alternatives):
                if len(pattern) < PREFIX:
                    raise SystemExit(f"marker {number}: a form of {len(pattern)} bytes is found by chance")
                self.starts[int.from_bytes(pattern[:PREFIX], "big")] = True
                if len(pattern) >= 2 * PREFIX:
                    self.nexts[int.from_bytes(pattern[PREFIX : 2 * PREFIX], "big")] = True
                    self.long.setdefault(pattern[: 2 * PREFIX], []).append((pattern, number))
                else:
                    self.short.setdefault(pattern[:PREFIX], []).append((pattern, number))

    def find(self, data):
        """The numbers of the markers that stand in `data`."""
        found = set()
        piece = 1 << 24
        for begin in range(0, len(data), piece):
            found |= self.find_in_piece(data[begin : begin + piece + 4096])
        return found

    def find_in_piece(self, data):
        if len(data) < PREFIX:
            return set()
        values = np.frombuffer(data, np.uint8).astype(np.uint32)
        keys = values[:-2] << 16 | values[1:-1] << 8 | values[2:]
        hits = self.starts[keys]
        if not self.short:
            following = np.zeros(len(keys), bool)
            following[:-PREFIX] = self.nexts[keys[PREFIX:]]
            hits &= following
        found = set()
        for place in np.flatnonzero(hits):
            candidates = self.long.get(data[place : place + 2 * PREFIX], ())
            for pattern, number in (*candidates, *self.short.get(data[place : place + PREFIX], ())):
                if number not in found and data.startswith(pattern, place):
                    found.add(number)
        return found


def forms(name, data):
    """The bytes of a file as they are, and as whoever opens it would see them."""
    yield data
    yield name.encode("utf-8", "surrogateescape")
    if data[128:132] == b"DICM":
        inflated = inflate(data)
        if inflated:
            yield inflated
    elif data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.namelist():
                    yield from forms(member, archive.read(member))
        except zipfile.BadZipFile:
            pass
    elif data[:1] in (b"{", b"["):
        # Text in JSON may be written in escapes.
        for line in data.splitlines():
            try:
                yield json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8", "surrogatepass")
            except ValueError:
                break
    elif name.endswith((".html", ".xml", ".csv", ".log", ".txt")):
        text = data.decode("utf-8", "replace")
        yield html.unescape(text).encode()
        yield urllib.parse.unquote(text).encode()


def inflate(data):
    """The data set of a deflated object; None for any other."""
    try:
        meta = pydicom.dcmread(io.BytesIO(data), specific_tags=["SOPClassUID"]).file_meta
        if meta.get("TransferSyntaxUID") != DEFLATED:
            return None
        start = data.index(b"DICM") + 4 + 12 + meta.FileMetaInformationGroupLength
        return zlib.decompressobj(-15).decompress(data[start:])
    except Exception:  # whatever is broken, its bytes are searched as they are
        return None


def says_removed(path):
    try:
        dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True, specific_tags=["PatientIdentityRemoved"])
        return str(dataset.get("PatientIdentityRemoved", "")).strip().upper() == "YES"
    except Exception:  # an output that cannot be read claims nothing
        return False


def region_of(path, frame, region):
    """The stored values of one rectangle of one frame (from 0) and the bits that hold them; None when nothing can be decoded."""
    column, row, width, height = region
    try:
        dataset = pydicom.dcmread(path, force=True)
        pixels = pydicom.pixels.pixel_array(dataset, index=frame)
        stored = dataset.BitsStored
    except Exception:  # a codec, a length, an attribute that is gone: there is nothing to look at
        return None
    area = pixels[row : row + height, column : column + width].astype(np.int64)
    return area & ((1 << stored) - 1) if dataset.PixelRepresentation == 0 else area


def share_unchanged(source, output, marker):
    """The share of a region's pixels that are as they were; None when either cannot be decoded."""
    frame = int(marker.get("frame", 0))
    before, after = region_of(source, frame, marker["region"]), region_of(output, frame, marker["region"])
    if before is None or after is None or before.shape != after.shape:
        return None
    return round(float((before == after).mean()), 3)


def text_is_there(source, output, marker):
    """Whether burned-in text is still readable: the region equals the source's, or follows it nearly everywhere.

    Where nothing can be decoded, the code stream itself decides: unchanged bytes show what they showed.
    """
    frame = int(marker.get("frame", 0))
    before = region_of(source, frame, marker["region"])
    after = region_of(output, frame, marker["region"])
    if before is None or after is None or before.shape != after.shape:
        try:
            original = pydicom.dcmread(source, force=True).PixelData
            return original == pydicom.dcmread(output, force=True).PixelData
        except Exception:  # no pixels came out
            return False
    if np.array_equal(before, after):
        return True
    first, second = before.ravel().astype(float), after.ravel().astype(float)
    if first.std() == 0 or second.std() == 0:
        return False
    return float(np.corrcoef(first, second)[0, 1]) > 0.9

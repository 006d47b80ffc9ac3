#!/usr/bin/env python3
"""Makes the tables of Sources/Deidentification/Tables and DICOMCore/AttributeTable.swift from facts of the standard.

    tables.py E1.csv E341.csv

needs pydicom 3 (attributes and UIDs of PS3.6), highdicom 0.28 (attribute Types of PS3.3, SOP Classes of PS3.4) and two files of PS3.15
2026d: Table E.1-1 with the columns tag, vr, basic, rtn_safe_priv ... clean_graph, and Table E.3.4-1 with the columns code,
scheme, value_type, basic, retain_uids ... clean_descriptors. Nothing but tags, codes, VRs, Types and actions is taken.
"""
import csv, json, os, sys
from collections import Counter, defaultdict
import highdicom
from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import DicomDictionary, keyword_dict

OUT = os.path.join(os.path.dirname(__file__), "../../../Sources")
WIDTH = 116
ORDER = {"1": 0, "1C": 1, "2": 2, "2C": 3, "3": 4}

def wrap(words):
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return lines + ([line] if line else [])

def swift(name, head, member, lines):
    with open(os.path.join(OUT, name), "w") as f:
        f.write(head + "\n")
        f.write(f"  static let {member} = \"\"\"\n")
        f.writelines(f"    {line}\n" for line in lines)
        f.write('    """\n}\n')

e1 = list(csv.DictReader(open(sys.argv[1])))
e341 = list(csv.DictReader(open(sys.argv[2])))

# Attributes: VR, then tags.
vrs = {tag: row[0] for tag, row in DicomDictionary.items()}
for row in e1:
    if len(row["tag"]) == 8 and row["vr"] and all(c in "0123456789ABCDEFabcdef" for c in row["tag"]):
        vrs.setdefault(int(row["tag"], 16), row["vr"])
by_vr = defaultdict(list)
for tag, vr in sorted(vrs.items()):
    if tag >> 16 in (2, 0xFFFE): continue
    vr = {"US or SS": "XS", "US or OW": "OW", "OB or OW": "OW", "US or SS or OW": "OW", "NONE": ""}.get(vr, vr)
    if vr: by_vr[vr].append(f"{tag:08X}")
lines = []
for vr in sorted(by_vr): lines += wrap([vr + ":"] + by_vr[vr])
swift("DICOMCore/AttributeTable.swift", """/// The VR of every standard attribute (PS3.6 6), retired ones included; `XS` is US or SS by Pixel Representation. Where PS3.6 allows
/// OB or OW, OW stands here.
///
/// Made by `Tests/DeidentificationTests/Oracle/tables.py`.
enum AttributeTable {""", "text", lines)

# Table E.1-1: tag, basic action, then the option columns that say K (upper case) or C (lower case).
columns = {"rtn_safe_priv": "S", "rtn_uids": "U", "rtn_dev_id": "V", "rtn_inst_id": "I", "rtn_pat_chars": "P",
           "rtn_long_full_dates": "F", "rtn_long_modif_dates": "M", "clean_desc": "D", "clean_struct_cont": "T",
           "clean_graph": "G"}
lines = []
for row in e1:
    options = "".join(l if row[c] == "K" else l.lower() for c, l in columns.items() if row[c])
    assert all(row[c] in ("", "K", "C") for c in columns)
    tag = "PRIVATE" if "odd" in row["tag"] else row["tag"]
    lines.append(f"{tag}={row['basic']}" + (f":{options}" if options else ""))
swift("Deidentification/Tables/ProfileTable.swift", """/// Table E.1-1 of PS3.15 2026d: the action of the Basic Profile for each attribute, then the options with an action of their own.
///
/// `S` retain safe private, `U` retain UIDs, `V` retain device identity, `I` retain institution identity, `P` retain patient
/// characteristics, `F` and `M` retain longitudinal temporal information with full and with modified dates, `D` clean descriptors,
/// `T` clean structured content, `G` clean graphics. Upper case keeps (K), lower case cleans (C).
///
/// Made by `Tests/DeidentificationTests/Oracle/tables.py`.
enum ProfileTable {""", "text", wrap(lines))

# Table E.3.4-1.
columns = {"retain_uids": "U", "retain_device_identity": "V", "retain_institution_identity": "I",
           "retain_patient_characteristics": "P", "retain_longitudinal_full_dates": "F",
           "retain_longitudinal_modified_dates": "M", "clean_descriptors": "D"}
lines = []
for row in e341:
    options = "".join(l if row[c] == "K" else l.lower() for c, l in columns.items() if row[c])
    assert all(row[c] in ("", "K", "C") for c in columns), row
    lines.append(f"{row['code']}@{row['scheme'].replace(' ', '_')}@{row['value_type']}={row['basic']}"
                 + (f":{options}" if options else ""))
swift("Deidentification/Tables/ContentItemTable.swift", """/// Table E.3.4-1 of PS3.15 2026d: the action for each content item, by its concept (code and scheme) and Value Type, written as
/// ``ProfileTable``.
///
/// Made by `Tests/DeidentificationTests/Oracle/tables.py`.
enum ContentItemTable {""", "text", wrap(lines))

# Types: only what is stricter than 3, for attributes of Table E.1-1.
folder = os.path.join(os.path.dirname(highdicom.__file__), "_standard")
load = lambda name: json.load(open(os.path.join(folder, name)))
iods, modules, classes = load("iod_module_map.json"), load("module_attribute_map.json"), load("sop_class_iod_map.json")
names = sorted(set(classes.values()))
number = {name: k for k, name in enumerate(names)}
listed = {int(r["tag"], 16) for r in e1 if "X" not in r["tag"].upper() and len(r["tag"]) == 8}
# Also of the identifying attributes that are no part of it.
found = defaultdict(dict)
has_pixels = set()
for iod in names:
    for module in iods.get(iod, []):
        if module["key"] == "image-pixel": has_pixels.add(iod)
        for a in modules.get(module["key"], []):
            tag = keyword_dict.get(a["keyword"])
            if tag not in listed or a["type"] not in ORDER: continue
            parent = keyword_dict.get(a["path"][-1], 0) if a["path"] else 0
            key, kind = (tag, parent), a["type"]
            if iod not in found[key] or ORDER[kind] < ORDER[found[key][iod]]: found[key][iod] = kind
lines = []
for (tag, parent), kinds in sorted(found.items()):
    if all(kind == "3" for kind in kinds.values()): continue
    place = f"{tag:08X}" + (f"<{parent:08X}" if parent else "")
    if parent and len(set(kinds.values())) == 1:
        lines.append(f"{place}={next(iter(kinds.values()))}")
        continue
    for kind in sorted(set(kinds.values()) - {"3"}):
        bits = sum(1 << number[iod] for iod, k in kinds.items() if k == kind)
        lines.append(f"{place}={kind}@{bits:X}")
swift("Deidentification/Tables/AttributeTypeTable.swift", """/// Types (PS3.5 7.4) of the attributes of Table E.1-1 where one is stricter than 3, from the IODs of PS3.3: at the top level, or `<` below
/// the sequence named; for the IODs whose numbers are set in the hexadecimal bits after `@`, or for all that have it.
///
/// Made by `Tests/DeidentificationTests/Oracle/tables.py`.
enum AttributeTypeTable {""", "text", wrap(lines))
root = "1.2.840.10008."
lines = [f"{uid.removeprefix(root)}={number[iod]}" for uid, iod in sorted(classes.items()) if uid.startswith(root)]
swift("Deidentification/Tables/StorageClassTable.swift", """/// The storage SOP Classes of PS3.4 below the root 1.2.840.10008, each with the number that its IOD has in ``AttributeTypeTable``.
///
/// Made by `Tests/DeidentificationTests/Oracle/tables.py`.
enum StorageClassTable {""", "text", wrap(lines))
print({n: len(v) for n, v in (("attributes", vrs), ("E.1-1", e1), ("E.3.4-1", e341), ("SOP Classes", classes))})

# UIDs of PS3.6 annex A; context groups (6.1) are told by their form.
root = "1.2.840.10008."
lines = wrap(sorted((uid[len(root):] for uid in UID_dictionary if uid.startswith(root)),
                    key=lambda uid: [int(part) for part in uid.split(".")]))
swift("Deidentification/Tables/StandardUIDTable.swift", """/// The UIDs that PS3.6 annex A registers, without the root 1.2.840.10008.
///
/// Made by `Tests/DeidentificationTests/Oracle/tables.py`.
enum StandardUIDTable {""", "text", lines)

"""Checks every <dir>/*/report.json and report.dcm: schema, highdicom, and that both say the same.

Usage: check_sr.py triage_report.schema.json DIRECTORY
"""

import datetime
import json
import math
import pathlib
import sys

import highdicom
import jsonschema
import pydicom

PRIVATE = "99BUCKY"
THRESHOLDS = {
    "cosine": "threshold-cos",
    "logit": "threshold-logit",
    "sigmoid": "threshold",
    "softmax": "threshold-smax",
    "calibrated": "threshold-cal",
}
SUMMARIES = {
    ("complete", True): ("111242", "111222"),
    ("complete", False): ("111241", "111222"),
    ("partial", True): ("111244", "111223"),
    ("partial", False): ("111243", "111223"),
    ("no_assist", False): ("111245", "111225"),
    ("failed", False): ("111245", "111224"),
}


def concept(item):
    names = item.get("ConceptNameCodeSequence")
    return (names[0].CodeValue, names[0].CodingSchemeDesignator) if names else None


def children(item, name):
    return [child for child in item.get("ContentSequence", []) if concept(child) == name]


def walk(item):
    yield item
    for child in item.get("ContentSequence", []):
        yield from walk(child)


def number(group, name):
    (item,) = children(group, name)
    (value,) = item.MeasuredValueSequence
    exact = value.FloatingPointValue
    assert len(str(value["NumericValue"].value.original_string)) <= 16
    assert math.isclose(float(value.NumericValue), exact, rel_tol=1e-8), (name, value.NumericValue, exact)
    return exact


def check_numbers(finding, group):
    scores = finding["scores"]
    for kind in ("cosine", "sigmoid", "softmax"):
        if scores.get(kind) is not None:
            assert abs(number(group, (kind, PRIVATE)) - scores[kind]) <= 1e-6, kind
    threshold = finding["threshold"]
    found = number(group, (THRESHOLDS[threshold["on"]], PRIVATE))
    assert abs(found - threshold["value"]) <= 1e-6, "threshold"
    certainty = children(group, ("111012", "DCM"))
    assert bool(certainty) == bool(finding.get("calibration")), "certainty needs a calibration"
    (flag,) = children(group, ("flag", PRIVATE))
    expected = {True: "373066001", False: "373067005", None: "373068000"}[finding["flag"]]
    assert flag.ConceptCodeSequence[0].CodeValue == expected, "flag"


def check_evidence(report, dataset):
    """Every image of the tree is in the evidence once, and nothing else is."""
    in_tree = {
        reference.ReferencedSOPInstanceUID
        for item in walk(dataset)
        for reference in (item.get("ReferencedSOPSequence", []) if item.get("ValueType") == "IMAGE" else [])
    }
    in_evidence = [
        (series.SeriesInstanceUID, reference.ReferencedSOPInstanceUID)
        for study in dataset.get("CurrentRequestedProcedureEvidenceSequence", [])
        for series in study.ReferencedSeriesSequence
        for reference in series.ReferencedSOPSequence
    ]
    assert len(in_evidence) == len(set(uid for _, uid in in_evidence)), "an instance is listed twice"
    assert set(uid for _, uid in in_evidence) == in_tree, "evidence and tree differ"
    series = {entry["sop_instance_uid"]: entry["series_instance_uid"] for entry in report["inputs"]}
    assert all(series[uid] == series_uid for series_uid, uid in in_evidence), "wrong series"


def check_schemes(dataset):
    declared = {item.CodingSchemeDesignator for item in dataset.CodingSchemeIdentificationSequence}
    used = {
        element.value
        for element in dataset.iterall()
        if element.keyword == "CodingSchemeDesignator"
    }
    assert used == declared, used ^ declared


def check(report, path):
    dataset = pydicom.dcmread(path)
    parsed = highdicom.sr.srread(path)
    assert isinstance(parsed, highdicom.sr.Comprehensive3DSR)
    assert dataset.SOPInstanceUID == report["report_id"]
    assert dataset.StudyInstanceUID == report["subject"]["study_instance_uid"]

    content = highdicom.sr.MeasurementReport.from_sequence([dataset])
    groups = content.get_image_measurement_groups() if report["findings"] else []
    assert len(groups) == len(report["findings"]), f"{len(groups)} groups"
    for finding, group in zip(report["findings"], groups):
        assert group.finding_type.value == finding["code"]["value"]
        assert group.tracking_identifier.startswith("triage:")
        if "tracking_uid" in finding:
            assert group.tracking_uid == finding["tracking_uid"]
        sites = [finding["site"]["value"]] if "site" in finding else []
        assert [site.value.value for site in group.finding_sites] == sites

    raw = [item for part in children(dataset, ("126010", "DCM")) for item in children(part, ("125007", "DCM"))]
    assert len(raw) == len(report["findings"])
    for finding, group in zip(report["findings"], raw):
        check_numbers(finding, group)

    (evaluations,) = children(dataset, ("C0034375", "UMLS"))
    flagged = any(finding["flag"] for finding in report["findings"])
    codes = [
        children(evaluations, (name, "DCM"))[0].ConceptCodeSequence[0].CodeValue for name in ("111017", "111064")
    ]
    assert tuple(codes) == SUMMARIES[report["status"], flagged], codes
    assert bool(children(evaluations, ("no-assist", PRIVATE))) == bool(report.get("no_assist"))
    (comment,) = children(evaluations, ("121106", "DCM"))
    assert comment.TextValue == report["disclaimer"]
    check_evidence(report, dataset)
    check_schemes(dataset)


def main(schema_path, directory):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    checker = jsonschema.FormatChecker()
    # jsonschema checks this format only with one more package.
    checker.checks("date-time", raises=ValueError)(
        lambda text: not isinstance(text, str) or datetime.datetime.fromisoformat(text).tzinfo is not None
    )
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
    count = 0
    for path in sorted(pathlib.Path(directory).glob("*/report.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        try:
            validator.validate(report)
            check(report, path.with_name("report.dcm"))
        except Exception as error:
            print(f"{path.parent.name}: {type(error).__name__}: {error}")
            raise
        count += 1
    print(f"{count} reports accepted")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Runs a Python library over a list of files, so that its work can be measured as that of a child process.

    drive_library.py TOOL LIST.json     TOOL is dicom-anonymizer, dicognito, deid or dcmanon;
                                        LIST.json holds [[input, output], ...]

Every tool gets its documented defaults. A file that it fails on is passed over, as a careful script around it would do.
"""

import json
import pathlib
import sys


def dicom_anonymizer():
    from dicomanonymizer import anonymize_dicom_file

    return lambda source, target: anonymize_dicom_file(source, target, {}, True)


def dicognito():
    import pydicom
    from dicognito.anonymizer import Anonymizer

    # One for all files and with a seed, so that patients stay together and a second run gives the same.
    anonymizer = Anonymizer(seed="benchmark")

    def run(source, target):
        with pydicom.dcmread(source) as dataset:
            anonymizer.anonymize(dataset)
            dataset.save_as(target)

    return run


def deid():
    from deid.dicom import replace_identifiers
    from deid.logger import bot

    bot.level = 0

    def run(source, target):
        # No recipe given: the one that it comes with, deid.dicom.
        updated = replace_identifiers(dicom_files=[source], save=False, remove_private=True)
        updated[0].save_as(target)

    return run


def dcmanon():
    from dcmanon import Anonymizer

    anonymizer = Anonymizer()
    return lambda source, target: pathlib.Path(target).write_bytes(anonymizer.anonymize(source))


TOOLS = {"dicom-anonymizer": dicom_anonymizer, "dicognito": dicognito, "deid": deid, "dcmanon": dcmanon}


def main():
    run = TOOLS[sys.argv[1]]()
    for source, target in json.loads(pathlib.Path(sys.argv[2]).read_text()):
        try:
            run(source, target)
        except Exception:  # whatever it is, the tool has not released this file
            pathlib.Path(target).unlink(missing_ok=True)


if __name__ == "__main__":
    main()

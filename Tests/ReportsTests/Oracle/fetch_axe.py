"""Puts axe-core's script where its argument says: from the wheel that axe-requirements.txt pins by its digest."""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

requirements = pathlib.Path(__file__).with_name("axe-requirements.txt")
with tempfile.TemporaryDirectory() as folder:
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary", ":all:", "--require-hashes", "-r", requirements, "-d", folder], check=True)
    wheel = next(pathlib.Path(folder).glob("*.whl"))
    pathlib.Path(sys.argv[1]).write_bytes(zipfile.ZipFile(wheel).read("axe_playwright_python/axe.min.js"))

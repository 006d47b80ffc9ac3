"""What a tool is that can be compared: it takes a folder of files and writes a folder. Bucky, and Python libraries.

A tool that works file by file is given neutral, numbered output names and is called again after a file that it fails on: better
conditions than most of their own commands offer.
"""

import json
import os
import pathlib
import subprocess
import sys
from importlib import metadata

HERE = pathlib.Path(__file__).resolve().parent


class Tool:
    """`prepare` makes what runs need, `execute` is the work that is timed; what a tool prints goes to `log`, open for writing."""

    name = ""
    how = ""

    def version(self):
        """The version as text, or None when the tool is not here."""
        raise NotImplementedError

    def prepare(self, scratch):
        self.scratch = scratch

    def execute(self, source, output, log):
        """Makes `output` and writes there what it can release."""
        raise NotImplementedError

    def released(self, source, output):
        """{input path relative to `source`: output path} of what was released."""
        return {
            os.path.relpath(path, source): pathlib.Path(target)
            for path, target in numbered(source, output)
            if os.path.exists(target) and os.path.getsize(target) > 0
        }

    def finish(self):
        pass


def files_below(folder):
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file() and not path.is_symlink())


def numbered(source, output):
    """[(input, output)] with outputs named by number."""
    return [(str(path), str(output / f"{index:06}.dcm")) for index, path in enumerate(files_below(source), 1)]


def call(command, log, **others):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, **others).returncode


class Bucky(Tool):
    name = "Bucky"
    how = "shipped policy, with a key"

    def __init__(self, program, options=(), name=None, how=None):
        self.program, self.options = str(pathlib.Path(program).resolve()), list(options)
        self.name, self.how = name or self.name, how or self.how

    def version(self):
        return subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def prepare(self, scratch):
        super().prepare(scratch)
        self.key = scratch / "study.key"
        if not self.key.exists():
            subprocess.run([self.program, "deidentify", "keygen", str(self.key)], check=True)

    def execute(self, source, output, log):
        command = [self.program, "deidentify", str(source), "--output", str(output), "--key", str(self.key)]
        call(command + self.options, log)

    def released(self, source, output):
        names = self.input_names(source)
        return {
            names[line["input"]]: output / line["output"]
            for line in self.audit(output)
            if line["outcome"] == "released"
        }

    def audit(self, output):
        path = output / "audit.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def input_names(self, source):
        """{what the audit calls an input: its path relative to `source`}, which only the key can tell."""
        paths = [os.path.relpath(path, source) for path in files_below(source)]
        paths = [path for path in paths if "\n" not in path]
        answer = subprocess.run(
            [self.program, "deidentify", "relink", "--paths", "--key", str(self.key)],
            input="".join(f"{path}\n" for path in paths).encode("utf-8", "surrogateescape"), capture_output=True, check=True)
        lines = answer.stdout.decode("utf-8", "surrogateescape").splitlines()
        return {line.rpartition("\t")[2]: line.rpartition("\t")[0] for line in lines}


class Library(Tool):
    """A Python library, through drive_library.py."""

    def __init__(self, package, how):
        self.name, self.package, self.how = package, package, how

    def version(self):
        try:
            return metadata.version(self.package)
        except metadata.PackageNotFoundError:
            return None

    def execute(self, source, output, log):
        pairs = numbered(source, output)
        work = self.scratch / "files.json"
        work.write_text(json.dumps(pairs))
        output.mkdir(parents=True)
        # deid draws with matplotlib's defaults, which it looks for in the home folder.
        environment = os.environ | {"MPLCONFIGDIR": str(self.scratch)}
        call([sys.executable, str(HERE / "drive_library.py"), self.package, str(work)], log, env=environment)

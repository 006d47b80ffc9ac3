"""The programs that Bucky is compared with, and which of all the tools are here."""

import json
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tools import Library, Tool, call, numbered


def on_path(program, argument="--version"):
    if not shutil.which(program):
        return None
    answer = subprocess.run([program, argument], capture_output=True, text=True, check=False)
    words = (answer.stdout + answer.stderr).replace("$", " ").split()
    return next((word.lstrip("v") for word in words if word.lstrip("v")[:1].isdigit()), "?")


class DcmodifyPerFile(Tool):
    """What many departments have: a script that copies each file and erases the usual tags."""

    name = "dcmodify, one process a file"
    how = "a script that copies a file, erases the usual tags and private attributes and makes new UIDs"

    ERASED = [
        "0008,0050", "0008,0080", "0008,0081", "0008,0090", "0008,0092", "0008,0094", "0008,1010", "0008,1030", "0008,103E",
        "0008,1040", "0008,1048", "0008,1050", "0008,1060", "0008,1070", "0008,0020", "0008,0021", "0008,0022", "0008,0023",
        "0010,0030", "0010,1000", "0010,1001", "0010,1010", "0010,1040", "0010,2154", "0010,2160", "0010,2180", "0010,21B0",
        "0010,4000", "0018,1000", "0018,1030", "0020,0010", "0020,4000", "0032,1032", "0040,0244", "0040,0253", "0040,0275",
    ]

    def version(self):
        return on_path("dcmodify")

    def execute(self, source, output, log):
        pairs = numbered(source, output)
        output.mkdir(parents=True)
        arguments = ["dcmodify", "-q", "-nb", "-imt", "-ep", "-gst", "-gse", "-gin"]
        for tag in self.ERASED:
            arguments += ["-ea", f"({tag})"]
        arguments += ["-m", "(0010,0010)=ANONYMOUS", "-m", "(0010,0020)=ANONYMOUS", "-i", "(0012,0062)=YES"]
        for path, target in pairs:
            shutil.copyfile(path, target)
            if call(arguments + [target], log) != 0:
                pathlib.Path(target).unlink()


class Gdcmanon(Tool):
    name = "gdcmanon"
    how = "Basic Profile, with a certificate, one call a file"

    def version(self):
        return on_path("gdcmanon")

    def prepare(self, scratch):
        super().prepare(scratch)
        self.certificate = scratch / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=benchmark",
             "-keyout", str(scratch / "private.pem"), "-out", str(self.certificate)], check=True, capture_output=True)

    def execute(self, source, output, log):
        pairs = numbered(source, output)
        output.mkdir(parents=True)
        for path, target in pairs:
            if call(["gdcmanon", "-e", "-c", str(self.certificate), "-i", path, "-o", target], log) != 0:
                pathlib.Path(target).unlink(missing_ok=True)


class Orthanc(Tool):
    """A server of this run's own, on a free port of the loopback interface."""

    name = "Orthanc"
    how = "REST /instances/../anonymize with defaults"

    def version(self):
        return on_path("Orthanc")

    def prepare(self, scratch):
        super().prepare(scratch)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        storage = scratch / "orthanc"
        storage.mkdir()
        settings = scratch / "orthanc.json"
        settings.write_text(json.dumps({
            "StorageDirectory": str(storage), "IndexDirectory": str(storage), "HttpPort": port, "DicomServerEnabled": False,
            "RemoteAccessAllowed": False, "AuthenticationEnabled": False}))
        self.server = subprocess.Popen(["Orthanc", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self.request("GET", "/system")
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("Orthanc does not answer")

    def request(self, method, path, body=None):
        message = urllib.request.Request(self.address + path, data=body, method=method)
        with urllib.request.urlopen(message, timeout=120) as answer:
            return answer.read()

    def execute(self, source, output, log):
        pairs = numbered(source, output)
        output.mkdir(parents=True)
        for path, target in pairs:
            try:
                kept = json.loads(self.request("POST", "/instances", pathlib.Path(path).read_bytes()))
                if "ID" not in kept:
                    continue
                answer = self.request("POST", f"/instances/{kept['ID']}/anonymize", b"{}")
                pathlib.Path(target).write_bytes(answer)
                self.request("DELETE", f"/instances/{kept['ID']}")
            except (urllib.error.URLError, ValueError, OSError):
                continue

    def finish(self):
        self.server.terminate()
        self.server.wait()


def peers():
    return [
        Library("dicom-anonymizer", "its API, one call a file, default actions"),
        Library("dicognito", "its API with a seed"),
        Library("deid", "replace_identifiers with its default recipe, private attributes removed"),
        Library("dcmanon", "its API, defaults"),
        DcmodifyPerFile(),
        Gdcmanon(),
        Orthanc(),
    ]


def present(tools):
    """The tools that are here, with their versions; the others are named on standard error."""
    found = []
    for tool in tools:
        version = tool.version()
        if version is None:
            print(f"{tool.name}: not installed, left out", file=sys.stderr)
        else:
            found.append((tool, version))
    return found

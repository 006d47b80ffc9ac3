"""Times Bucky's vision tower against OpenVINO, ONNX Runtime and PyTorch on one checkpoint, in turns.

    compare_encoders.py BUCKY CHECKPOINT [--threads 2] [--rounds 7] [--forms latency throughput] [--work DIR]
                        [--precisions fp32 bf16 int8] [--instructions avx2] [--json FILE]

BUCKY is the built command, CHECKPOINT a directory of make_checkpoint.py. The programs of one precision are loaded together
and take turns, an image each, so that a machine whose speed drifts treats them alike; the order changes from round to round.
Prints a Markdown table of medians and of each program's time over Bucky's, the median of the ratios of each round.
ONNX Runtime and OpenVINO's quantised model need an export and a calibration, which are kept in --work.
With --instructions all do as on a processor that has these and no more; only PyTorch can be told so whole (its own kernels,
MKL and oneDNN), so it is the peer to name then.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = {
    "fp32": ["openvino-fp32", "onnxruntime-fp32", "pytorch-fp32"],
    "bf16": ["openvino-bf16", "pytorch-bf16"],
    "int8": ["openvino-int8", "onnxruntime-int8"],
}


# What holds PyTorch's parts to older instructions: its own kernels, MKL, oneDNN.
LIMITS = {
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    "avx512": {"ATEN_CPU_CAPABILITY": "avx512", "MKL_ENABLE_INSTRUCTIONS": "AVX512", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE"},
    "avx512vnni": {
        "ATEN_CPU_CAPABILITY": "avx512", "MKL_ENABLE_INSTRUCTIONS": "AVX512_E1", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE_VNNI"},
}


class Program:
    """A program that embeds once for every line it reads."""

    def __init__(self, name, command, limits):
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | limits)

    def wait_until_ready(self):
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        raise SystemExit(f"{self.name} ended with {self.process.wait()} before it was ready")

    def seconds(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended with {self.process.wait()}")
        return float(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def programs(options, precision, form):
    bucky = [
        options.bucky, "benchmark", "encoder", "--model", options.checkpoint, "--precision", precision, "--threads",
        str(options.threads), "--in-turns",
    ] + (["--throughput"] if form == "throughput" else [])
    bucky += ["--instructions", options.instructions] if options.instructions else []
    commands = {f"bucky-{precision}": bucky}
    for name in PEERS[precision]:
        if name.split("-")[0] in options.peers:
            commands[name] = [
                sys.executable, os.path.join(HERE, "runtimes.py"), name, options.checkpoint, options.work,
                str(options.threads), form,
            ]
    return commands


def measure(options, precision, form):
    """Seconds an image by program, a list over the rounds."""
    running = []
    for name, command in programs(options, precision, form).items():
        # One after the other: several exports and calibrations at once would not fit into memory.
        program = Program(name, command, LIMITS.get(options.instructions, {}))
        program.wait_until_ready()
        running.append(program)
    seconds = {program.name: [] for program in running}
    for turn in range(options.rounds):
        order = running[turn % len(running):] + running[:turn % len(running)]
        for program in order:
            seconds[program.name].append(program.seconds())
        print(f"{precision} {form} {turn + 1}/{options.rounds}", file=sys.stderr)
    for program in running:
        program.end()
    return seconds


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores" if names else platform.processor()


def table(results, form):
    """A row for each program: median, the lowest, and how many times Bucky's time it takes."""
    lines = ["| precision | program | s an image | lowest | times Bucky's |", "| --- | --- | --- | --- | --- |"]
    for (precision, found), seconds in results.items():
        if found != form:
            continue
        own = seconds[f"bucky-{precision}"]
        for name, values in seconds.items():
            ratio = statistics.median(value / mine for value, mine in zip(values, own))
            lines.append(
                f"| {precision} | {name.rsplit('-', 1)[0]} | {statistics.median(values):.3f} | {min(values):.3f} | "
                f"{ratio:.3f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bucky")
    parser.add_argument("checkpoint")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--forms", nargs="+", default=["latency", "throughput"], choices=["latency", "throughput"])
    parser.add_argument("--precisions", nargs="+", default=["fp32", "bf16", "int8"], choices=list(PEERS))
    parser.add_argument("--peers", nargs="*", default=["openvino", "onnxruntime", "pytorch"])
    parser.add_argument("--instructions", choices=list(LIMITS))
    parser.add_argument("--work")
    parser.add_argument("--json")
    options = parser.parse_args()
    options.bucky = os.path.abspath(options.bucky)
    options.work = os.path.abspath(options.work or options.checkpoint + "-peers")
    os.makedirs(options.work, exist_ok=True)
    results = {
        (precision, form): measure(options, precision, form)
        for precision in options.precisions for form in options.forms
    }
    for form in options.forms:
        title = "One image on all threads" if form == "latency" else "One image a core"
        held = f" with {options.instructions} alone" if options.instructions else ""
        print(f"\n{title}: {options.threads} threads of {processor()}{held}, {options.rounds} rounds\n")
        print(table(results, form))
    if options.json:
        rows = [
            {"precision": precision, "form": form, "program": name, "seconds": values}
            for (precision, form), seconds in results.items() for name, values in seconds.items()
        ]
        with open(options.json, "w") as file:
            json.dump({"processor": processor(), "threads": options.threads, "results": rows}, file, indent=1)


if __name__ == "__main__":
    main()

"""Time and memory of a command and all of its children."""

import os
import pathlib
import resource
import subprocess
import threading
import time


def timed(work, *whose):
    """(seconds by the clock, seconds of processor time, user and system) of calling `work`.

    Counts this process and its children unless `whose` says otherwise.
    """
    whose = whose or (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    before, start = processor_time(whose), time.perf_counter()
    work()
    return time.perf_counter() - start, processor_time(whose) - before


def processor_time(whose):
    usages = [resource.getrusage(who) for who in whose]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def family(pid):
    """`pid` and its descendants."""
    found = [pid]
    for one in found:
        try:
            for task in pathlib.Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def resident(pid):
    """Proportional set size of a process in bytes and the part of it that is anonymous memory."""
    total = anonymous = 0
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total = int(line.split()[1]) * 1024
        elif line.startswith("Pss_Anon:"):
            anonymous = int(line.split()[1]) * 1024
    return total, anonymous


class PeakMemory:
    """Samples a process and its descendants every `interval` seconds and keeps the greatest sums."""

    def __init__(self, command, interval=0.025, **others):
        self.command, self.interval, self.others = command, interval, others
        self.peak = self.peak_anonymous = self.samples = 0
        self.highest = {}

    def sample(self, pid):
        total = anonymous = 0
        for one in family(pid):
            try:
                part, part_anonymous = resident(one)
                status = pathlib.Path(f"/proc/{one}/status").read_text()
            except OSError:  # it has ended
                continue
            total, anonymous = total + part, anonymous + part_anonymous
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    self.highest[one] = int(line.split()[1]) * 1024
        self.peak, self.peak_anonymous = max(self.peak, total), max(self.peak_anonymous, anonymous)
        self.samples += 1

    def run(self):
        """Runs the command and returns its exit code."""
        process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, **self.others)
        ended = threading.Event()

        def watch():
            while not ended.is_set():
                self.sample(process.pid)
                ended.wait(self.interval)

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        ended.set()
        watcher.join()
        return code


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{line.split(':', 1)[1].strip()}, {len(os.sched_getaffinity(0))} threads"
    return f"unknown processor, {len(os.sched_getaffinity(0))} threads"

"""Time ``dossier build`` against the script an analyst would write, as whole processes.

``python tests/benchmarks/run.py [--patients 1610] [--runs 5]`` simulates a cohort, runs both in
turn, and prints the medians, their ratio and how long ``dossier --help`` takes. Not part of the
test run: times differ between machines.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from make_cohort import make_cohort

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Usage:
    """What one process took."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float


def timed(command: Sequence[str | Path]) -> Usage:
    """Run a command to its end; stop with its output when it fails."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
            sys.exit(f"{' '.join(map(str, command))} failed:\n{text}")
    in_a_megabyte = 1024**2 if sys.platform == "darwin" else 1024
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / in_a_megabyte)


def median_usage(usages: Sequence[Usage]) -> Usage:
    return Usage(
        median(usage.wall_seconds for usage in usages),
        median(usage.cpu_seconds for usage in usages),
        median(usage.peak_megabytes for usage in usages),
    )


def report(name: str, usage: Usage) -> str:
    return (
        f"{name:<24}{usage.wall_seconds:8.2f} s wall{usage.cpu_seconds:8.2f} s cpu"
        f"{usage.peak_megabytes:8.0f} MB\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Time dossier build against a plain script.")
    parser.add_argument("--patients", type=int, default=1610)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--dossier",
        type=Path,
        default=Path(sys.executable).with_name("dossier"),
        help="the command to time (default: the one beside this Python)",
    )
    options = parser.parse_args()
    if not options.dossier.is_file():
        sys.exit(f"{options.dossier} does not exist: install the project, or name it by --dossier")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cohort = make_cohort(folder / "cohort", options.patients)
        build: list[str | Path] = [options.dossier, "build", cohort, "-o", folder / "out"]
        script: list[str | Path] = [
            sys.executable,
            HERE / "peer_script.py",
            cohort.parent,
            folder / "peer.docx",
        ]
        builds, scripts = [], []
        for command in (build, script):
            timed(command)  # fills the file caches and compiles; not counted
        for _ in range(options.runs):
            builds.append(timed(build))
            scripts.append(timed(script))
        helps = [timed([options.dossier, "--help"]) for _ in range(options.runs)]
    ours, theirs = median_usage(builds), median_usage(scripts)
    sys.stdout.write(f"{options.patients} patients, medians of {options.runs} runs\n")
    sys.stdout.write(report("dossier build", ours))
    sys.stdout.write(report("plain script", theirs))
    sys.stdout.write(
        f"{'dossier / script':<24}{ours.wall_seconds / theirs.wall_seconds:8.2f}   wall"
        f"{ours.cpu_seconds / theirs.cpu_seconds:8.2f}   cpu\n"
    )
    sys.stdout.write(report("dossier --help", median_usage(helps)))


if __name__ == "__main__":
    main()

"""Time 1,000 what-if scenarios against one ``dossier build``, as whole processes, in one run.

``python tests/benchmarks/scenarios.py [--patients 1610] [--scenarios 1000] [--runs 3]`` simulates a
cohort, writes scenarios over rules, populations, thresholds and patients left out, runs both in
turn and prints the medians and their ratio. The aim is a ratio of at most 2. Not part of the test
run: times differ between machines.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import yaml
from make_cohort import make_cohort
from run import median_usage, report, timed

RULES = ({}, {"confirmation": False}, {"sd_minimum_days": 56}, {"pfs": "treatment-policy"})
THRESHOLDS = ("3 months", "4 months", "5 months", "6 months", "7 months")
POPULATIONS = ("treated", "evaluable", "measurable")


def scenarios_of(number: int) -> dict[str, object]:
    """Four rule settings, three populations, five thresholds crossed; the rest leaves one out."""
    crossed = [
        {
            "id": f"crossed-{rule}-{population}-{place}",
            "reason": "timing",
            "settings": {"derivation": RULES[rule]},
            "population": population,
            "set": f"durable-benefit.pfs={threshold}",
        }
        for rule in range(len(RULES))
        for population in POPULATIONS
        for place, threshold in enumerate(THRESHOLDS)
    ]
    left_out = [
        {
            "id": f"without-{place}",
            "reason": "timing",
            "leave_out": {"patient": f"P{place:04d}"},
        }
        for place in range(1, number - len(crossed) + 1)
    ]
    return {"scenarios": (crossed + left_out)[:number]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time what-if scenarios against one build.")
    parser.add_argument("--patients", type=int, default=1610)
    parser.add_argument("--scenarios", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--dossier", type=Path, default=Path(sys.executable).with_name("dossier"),
        help="the command to time (default: the one beside this Python)",
    )  # fmt: skip
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cohort = make_cohort(folder / "cohort", options.patients)
        file = folder / "scenarios.yaml"
        file.write_text(yaml.safe_dump(scenarios_of(options.scenarios)))
        build: list[str | Path] = [options.dossier, "build", cohort, "-o", folder / "out"]
        what_if: list[str | Path] = [
            options.dossier, "what-if", cohort, file, "-o", folder / "what-if", "--format", "csv",
        ]  # fmt: skip
        for command in (build, what_if):
            timed(command)  # fills the file caches and compiles; not counted
        builds, runs = [], []
        for _ in range(options.runs):
            builds.append(timed(build))
            runs.append(timed(what_if))
    one, many = median_usage(builds), median_usage(runs)
    sys.stdout.write(f"{options.patients} patients, medians of {options.runs} runs\n")
    sys.stdout.write(report("dossier build", one))
    sys.stdout.write(report(f"{options.scenarios} scenarios", many))
    sys.stdout.write(
        f"{'scenarios / build':<24}{many.wall_seconds / one.wall_seconds:8.2f}   wall"
        f"{many.cpu_seconds / one.cpu_seconds:8.2f}   cpu\n"
    )


if __name__ == "__main__":
    main()

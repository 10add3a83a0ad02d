"""One process or several, this order or that: the same matrix."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_cohorts import small_cohort

from dossier.cli import group
from dossier.scenarios import processes as module
from dossier.scenarios.plan import plan_of
from dossier.scenarios.processes import in_order
from dossier.scenarios.running import Runner, run
from dossier.scenarios.scenario_file import scenarios_from
from dossier.scenarios.what_if import what_if

SUMMIT = Path(__file__).resolve().parents[2] / "examples" / "summit-biliary"
FILE = {
    "include": "standard-sensitivity",
    "grid": {"derivation.confirmation": [True, False], "population": ["treated", "evaluable"]},
}


def _square(shared, place):
    if place == 3 and shared == "failing":
        raise RuntimeError("three")
    return place * place, os.getpid()


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_entries_come_in_order(processes):
    counted = []
    found = in_order(30, "shared", _square, processes=processes, count=lambda *c: counted.append(c))
    assert [square for square, _ in found] == [place * place for place in range(30)]
    assert counted[-1] == (30, 30)
    assert sorted(counted) == counted
    used = {process for _, process in found}
    assert (used == {os.getpid()}) == (processes == 1)


def test_a_failure_is_told():
    with pytest.raises(RuntimeError, match="three"):
        in_order(30, "failing", _square, processes=2)


def test_the_matrix_is_the_same():
    one, two, three = (
        what_if(small_cohort(25, 4), FILE, processes=number).to_dict() for number in (1, 2, 3)
    )
    assert json.dumps(one) == json.dumps(two) == json.dumps(three)


def test_processes_that_were_not_forked(monkeypatch):
    monkeypatch.setattr(module.sys, "platform", "elsewhere")
    file = {"include": "standard-sensitivity"}
    one, two = (what_if(small_cohort(12, 4), file, processes=n).to_dict() for n in (1, 2))
    assert json.dumps(one) == json.dumps(two)


def test_the_order_changes_nothing_but_the_order():
    cohort = small_cohort(25, 4)
    file = scenarios_from(FILE)
    there = plan_of(cohort, file)
    back = type(there)((there.base, *reversed(there.scenarios[1:])))
    one, two = (run(Runner(cohort, plan)) for plan in (there, back))
    rows = {row.scenario.id: row for row in two.rows}
    for row in one.rows:
        other = rows[row.scenario.id]
        assert row.figures == other.figures
        assert row.judged == other.judged
        assert one.changes_of(row) == two.changes_of(other)


def test_a_scenario_that_breaks_stops_no_other(monkeypatch):
    real = Runner.case

    def broken(self, scenario):
        if scenario.id == "stable-disease-56-days":
            raise ZeroDivisionError("in the middle")
        return real(self, scenario)

    monkeypatch.setattr(Runner, "case", broken)
    rows = {r.scenario.id: r for r in what_if(small_cohort(15, 4), FILE).matrix.rows}
    assert "ZeroDivisionError: in the middle" in rows["stable-disease-56-days"].reason
    assert rows["stable-disease-35-days"].reason is None


def test_the_command():
    def run_with(number):
        arguments = ["what-if", str(SUMMIT), str(SUMMIT / "scenarios.yaml"), "--format", "json"]
        return CliRunner().invoke(group, [*arguments, "--processes", str(number)])

    assert run_with(1).output == run_with(2).output
    assert run_with(0).exit_code == 2


def _on_a_terminal(*arguments):
    """What the command writes to standard error where that is a terminal."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", "from dossier.cli import main; main()", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=slave) as process:
        os.close(slave)
        seen = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
        process.wait()
    os.close(master)
    return process.returncode, seen.decode("utf-8", "replace")


def test_a_bar_on_a_terminal_only():
    arguments = ["what-if", str(SUMMIT), str(SUMMIT / "scenarios.yaml")]
    status, seen = _on_a_terminal(*arguments)
    assert status == 0
    assert "Running 31 scenarios" in seen
    assert "31/31" in seen
    assert _on_a_terminal(*arguments, "-q") == (0, "")
    piped = partial(subprocess.run, capture_output=True, check=True)
    command = [sys.executable, "-c", "from dossier.cli import main; main()", *arguments]
    assert piped(command).stderr == b""

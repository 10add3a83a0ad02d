"""Cohorts of a pooled data set: each as if it were alone, ranked, and none stops the others."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from small_cohorts import cohort_of, tables, written

from dossier.cli import group
from dossier.errors import InputError
from dossier.evaluation import evaluate
from dossier.scenarios import portfolio as module
from dossier.scenarios.portfolio import portfolio

NUMBER = 40


@pytest.fixture(scope="module")
def frames():
    return tables(NUMBER, 9)


@pytest.fixture(scope="module")
def found(frames):
    return portfolio(cohort_of(frames), ["tumour_type", "site"])


def restricted(frames, **values):
    patients = frames["patients"]
    for column, value in values.items():
        patients = patients[patients[column] == value]
    kept = set(patients["patient_id"])
    return {name: frame[frame["patient_id"].isin(kept)].copy() for name, frame in frames.items()}


def test_every_cohort_is_as_if_alone(frames, found):
    assert len(found.cohorts) == 6
    assert sum(each.enrolled for each in found.cohorts) == NUMBER
    for each in found.cohorts:
        alone = evaluate(cohort_of(restricted(frames, **dict(each.values))))
        for name in ("orr", "dcr", "cbr_16w"):
            rate = alone.results.proportions[name]
            figure = each.figures[name]
            assert (figure.n, figure.events) == (rate.n, rate.events)
            assert (figure.estimate, figure.lower) == (rate.estimate, rate.ci_lower)
        median = alone.results.times["pfs"].median.to_dict()["months"]
        assert each.figures["pfs.median"].estimate == median
        assert [(j.verdict, j.grade) for j in each.judged] == [
            (v.verdict, v.grade) for v in alone.verdicts
        ]


def test_the_order(frames):
    (first, *others) = portfolio(
        cohort_of(frames, criteria=["esmo-mcbs-1.1-form-3"]), ["site"]
    ).cohorts
    assert first.rank == 1
    order = {"met": 0, "not_assessable": 1, "not_met": 2, "not_applicable": 3}
    merits = [
        (order[each.judged[0].verdict.value], -int(each.judged[0].grade or 0))
        for each in (first, *others)
    ]
    assert merits == sorted(merits)
    assert [each.rank for each in (first, *others)] == list(range(1, len(others) + 2))


def test_small_cohorts_have_no_rank(frames):
    changed = {name: frame.copy() for name, frame in frames.items()}
    changed["patients"].loc[:2, "site"] = "Tiny"
    found = portfolio(cohort_of(changed), ["site"])
    tiny = found.cohorts[-1]
    assert (tiny.name, tiny.rank, tiny.unranked) == ("Tiny", None, "fewer than 5 treated patients")
    assert tiny.figures["orr"].n <= 3
    entry = found.to_dict()["cohorts"][-1]
    assert (entry["rank"], entry["reason"]) == (None, "fewer than 5 treated patients")
    lower = portfolio(cohort_of(changed, estimation={"subgroups": {"minimum": 2}}), ["site"])
    assert all(each.rank is not None for each in lower.cohorts)


def test_patients_without_a_value_are_counted(frames):
    changed = {name: frame.copy() for name, frame in frames.items()}
    changed["patients"].loc[[1, 5], "site"] = ""
    found = portfolio(cohort_of(changed), ["site"])
    assert found.without_value == 2
    assert sum(each.enrolled for each in found.cohorts) == NUMBER - 2


def test_one_failure_never_stops_the_rest(frames, monkeypatch):
    changed = {name: frame.copy() for name, frame in frames.items()}
    untreated = changed["patients"]["site"] == "West"
    changed["patients"].loc[untreated, ["treatment_start", "death_date"]] = ""
    found = portfolio(cohort_of(changed), ["site"])
    assert [each.reason is None for each in found.cohorts] == [True, True, False]
    assert "nobody who was treated" in found.cohorts[-1].reason

    real = module.figures_of

    def broken(results, prefix, base):
        if results.populations["enrolled"] == found.cohorts[0].enrolled:
            raise ZeroDivisionError("here")
        return real(results, prefix, base)

    monkeypatch.setattr(module, "figures_of", broken)
    again = portfolio(cohort_of(frames), ["tumour_type", "site"])
    assert len(again.cohorts) == 6
    for each in again.cohorts:
        assert (each.reason is None) == bool(each.figures)


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (["tumor_type"], "did you mean 'tumour_type'"),
        (["best_response"], "no column to split by"),
        (["biomarker"], "has no column biomarker"),
        (["site", "site"], "named twice"),
        ([], "no column"),
    ],
)
def test_wrong_columns(frames, by, message):
    with pytest.raises(InputError, match=message):
        portfolio(cohort_of(frames), by)


def test_wrong_criteria_stop_before_anything_runs(frames):
    with pytest.raises(InputError, match="has a rule named"):
        portfolio(cohort_of(frames), ["site"], overrides=["durable-benefit.wings=3"])
    with pytest.raises(InputError):
        portfolio(cohort_of(frames), ["site"], ["no-such-criterion"])


def test_the_command(frames, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    study = written(tmp_path / "study", frames)

    def run(*arguments):
        return CliRunner().invoke(group, ["portfolio", str(study), *arguments])

    done = run("--by", "tumour_type, rare_cancer", "--no-color")
    assert done.exit_code == 0, done.output
    assert "4 cohorts by tumour_type, rare_cancer" in done.output
    assert "breast, rare_cancer yes" in " ".join(done.output.split())
    done = run("--by", "site", "--format", "json", "-o", str(tmp_path / "out"))
    found = json.loads(done.output)
    assert found["schema"] == "dossier.portfolio/1"
    assert (tmp_path / "out" / "portfolio.json").read_text() == done.output
    lines = list(csv.DictReader(io.StringIO(run("--by", "site", "--format", "csv").output)))
    assert {line["site"] for line in lines} == {"North", "South", "West"}
    assert lines[0]["durable-benefit verdict"] in ("met", "not_met", "not_assessable")
    assert run().exit_code == 2
    assert run("--by", "site", "-c", "nothing-like-it").exit_code == 2


def test_every_null_has_a_reason(found):
    def nulls(value, told=False):
        if isinstance(value, dict):
            told = "reason" in value
            return any(nulls(each, told) for each in value.values())
        if isinstance(value, list):
            return any(nulls(each) for each in value)
        return value is None and not told

    assert not nulls(found.to_dict())

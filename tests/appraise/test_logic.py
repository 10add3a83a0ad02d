"""Three-valued logic: the laws it keeps, and what it must never do."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.appraise.logic import MET, NOT_MET, OPEN, agreed, both, either, opposite, shown

VALUES = (MET, NOT_MET, OPEN)
verdicts = st.sampled_from(VALUES)
several = st.lists(verdicts, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("a", "b", "all_", "any_"),
    [
        (MET, MET, MET, MET),
        (MET, NOT_MET, NOT_MET, MET),
        (MET, OPEN, OPEN, MET),
        (NOT_MET, NOT_MET, NOT_MET, NOT_MET),
        (NOT_MET, OPEN, NOT_MET, OPEN),
        (OPEN, OPEN, OPEN, OPEN),
    ],
)
def test_truth_tables(a, b, all_, any_):
    assert both([a, b]) is both([b, a]) is all_
    assert either([a, b]) is either([b, a]) is any_


@given(several)
def test_de_morgan(parts):
    assert opposite(both(parts)) is either([opposite(part) for part in parts])
    assert opposite(either(parts)) is both([opposite(part) for part in parts])


@given(verdicts)
def test_twice_not_is_nothing(verdict):
    assert opposite(opposite(verdict)) is verdict


def completions(parts):
    choices = [(MET, NOT_MET) if part is OPEN else (part,) for part in parts]
    return itertools.product(*choices)


@given(several)
def test_a_decision_survives_whatever_turns_up(parts):
    for combine in (both, either):
        decided = combine(parts)
        results = {combine(list(full)) for full in completions(parts)}
        assert decided is OPEN or results == {decided}


@given(several)
def test_what_turns_up_decides_where_it_is_open(parts):
    for combine in (both, either):
        if combine(parts) is OPEN:
            assert {combine(list(full)) for full in completions(parts)} == {MET, NOT_MET}


@pytest.mark.parametrize("verdict", VALUES)
def test_an_alternative_that_is_not_shown_does_not_count(verdict):
    assert shown(verdict) is (MET if verdict is MET else NOT_MET)


def test_possibilities_that_differ_leave_it_open():
    assert agreed([MET, MET]) is MET
    assert agreed([MET, NOT_MET]) is OPEN
    assert agreed([NOT_MET, OPEN]) is OPEN

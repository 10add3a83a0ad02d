"""Origins: one line a number, the same as its whole trace says."""

from __future__ import annotations

from collections import Counter

import pytest

from dossier.result_paths import leaves
from dossier.trace import origins, trace

SECTIONS = ("populations", "losses", "disposition", "endpoints", "safety", "criteria", "baseline")


@pytest.mark.parametrize("name", ["simulated", "summit", "everything"])
def test_an_origin_says_what_the_trace_says(name, request):
    evaluation = request.getfixturevalue(name)
    results = evaluation.to_dict()
    paths = [
        path
        for section in SECTIONS
        for path, value in leaves(results.get(section, {}), section)
        if isinstance(value, int | float)
    ][::3]
    with_patients = 0
    for found in origins(evaluation, paths):
        whole = trace(evaluation, found.path)
        if found.patients is None:
            assert not whole.patients, found.path
            continue
        with_patients += bool(found.patients)
        assert found.patients == len(whole.patients), found.path
        assert (found.population, found.members) == (whole.population, whole.members), found.path
        assert Counter(found.rules) == Counter({rule.id for rule in whole.rules}), found.path
        applied = Counter(each.rule for each in whole.patients if each.rule)
        assert {rule.id: rule.patients for rule in whole.rules if rule.patients} == applied
    assert with_patients > 20


def test_a_number_that_compares_others_comes_from_no_patients(simulated):
    (found,) = origins(simulated, ["subgroups.columns.tumour_type.heterogeneity.p_value"])
    assert (found.patients, found.population, found.rules) == (None, "", ())

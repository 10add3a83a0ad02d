"""Quality of life back to the rows of the questionnaires."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dossier.derive.quality_of_life import ScaleScores, VisitScores, expected_at, scale_scores
from dossier.estimate.quality_of_life import changed_by
from dossier.estimate.questionnaires import scale_of
from dossier.trace.chain import Chain, Mask, parts
from dossier.trace.groups import Group
from dossier.trace.model import Contribution, Finding, SourceRow

_POPULATION = "treated patients"
_DIRECTIONS = {"improved": 1, "worsened": -1}
_Values = NDArray[np.float64]


def quality_of_life(chain: Chain, group: Group, keys: Sequence[str]) -> Finding:
    """A number of the quality of life.

    Parameters
    ----------
    chain, group
        What is traced, and whom it is about.
    keys
        Keys below ``quality_of_life``.
    """
    if list(keys) == ["n"]:
        return _finding(chain, group, "treated patients", group.treated)
    if keys[0] != "scales":
        return Finding("about the questionnaires as a whole")
    options = chain.cohort.settings.estimation.quality_of_life
    scores = scale_scores(chain.cohort, options.visits, options.window_days)[int(keys[1])]
    name = f"{scores.instrument}: {scores.scale}"
    match list(keys[2:]):
        case ["outside"]:
            return _outside(chain, group, name, scores)
        case ["baseline", key]:
            return _mean(chain, group, f"{name}, baseline", scores.baseline, key, scores)
        case ["baseline_completion", key]:
            everybody = np.ones(len(scores.baseline))
            own = VisitScores("", 0, scores.baseline, scores.baseline_row)
            return _completion(chain, group, f"{name}, baseline", own, everybody, key)
        case ["visits", place, part, *rest]:
            visit = scores.visits[int(place)]
            words = f"{name}, {visit.label}"
            change = visit.score - scores.baseline
            if part == "completion":
                expected = expected_at(chain.frame, visit.day, options.expected_while)
                return _completion(chain, group, words, visit, expected, rest[0])
            if part in ("score", "change"):
                values = change if part == "change" else visit.score
                return _mean(chain, group, f"{words}, {part}", values, rest[0], scores, visit)
            if part in _DIRECTIONS:
                known = scale_of(scores.instrument, scores.scale, options)
                changed = changed_by(change, known, _DIRECTIONS[part])
                if known.higher_is is None or known.minimal_important_difference is None:
                    changed = np.zeros_like(changed)
                words = f"{words}, {part}"
                return _share(chain, group, words, change, changed, rest[0], scores, visit)
    return Finding("words about the scale, or a setting: estimation.quality_of_life")


def _outside(chain: Chain, group: Group, name: str, scores: ScaleScores) -> Finding:
    places: Mask = group.treated & (scores.outside > 0)
    total = int(scores.outside[group.treated].sum())
    values = scores.outside.astype(float)
    return _finding(chain, group, f"{name}: scores outside every visit", places, values, total)


def _mean(
    chain: Chain,
    group: Group,
    words: str,
    values: _Values,
    key: str,
    scores: ScaleScores,
    visit: VisitScores | None = None,
) -> Finding:
    places: Mask = group.treated & ~np.isnan(values)
    own = values[places]
    recount = {"n": float(len(own)), "mean": float(own.mean()) if len(own) else None}.get(key)
    if key not in ("n", "mean", "sd", "ci_lower", "ci_upper"):
        return Finding("why there is no number")
    rows = _rows(scores, visit, of_change=words.endswith(", change"))
    return _finding(chain, group, words, places, values, recount, rows=rows)


def _share(
    chain: Chain,
    group: Group,
    words: str,
    change: _Values,
    changed: Mask,
    key: str,
    scores: ScaleScores,
    visit: VisitScores,
) -> Finding:
    places: Mask = group.treated & ~np.isnan(change)
    having: Mask = places & changed
    rows = _rows(scores, visit, of_change=True)
    n = int(places.sum())
    if key == "n":
        return _finding(chain, group, words, places, change, n, rows=rows)
    if key == "events":
        return _finding(chain, group, words, having, change, int(having.sum()), rows=rows)
    if key in ("estimate", "ci_lower", "ci_upper"):
        share = int(having.sum()) / n if key == "estimate" and n else None
        return _finding(chain, group, words, places, change, share, rows=rows, counted=having)
    if key in ("too_early", "unknown"):
        return Finding("nobody is left out of this share", recount=0)
    return Finding("the method of the limits: estimation.proportion_ci in cohort.yaml")


def _completion(
    chain: Chain, group: Group, words: str, visit: VisitScores, expected: _Values, key: str
) -> Finding:
    there = ~np.isnan(visit.score)
    wanted = expected == 1
    of = {
        "completed": there,
        "expected": wanted,
        "completed_expected": there & wanted,
        "unknown": np.isnan(expected),
    }
    rows = (("counts", visit.row),)
    if key in of:
        places: Mask = group.treated & of[key]
        number = int(places.sum())
        return _finding(chain, group, f"{words}, {key}", places, visit.score, number, rows=rows)
    both: Mask = group.treated & there & wanted
    if key == "estimate":
        places = group.treated & wanted
        share = int(both.sum()) / int(places.sum()) if places.any() else None
        return _finding(chain, group, words, places, visit.score, share, rows=rows, counted=both)
    if key == "available":
        having: Mask = group.treated & there
        total = int(group.treated.sum())
        share = int(having.sum()) / total if total else None
        return _finding(
            chain, group, words, group.treated, visit.score, share, rows=rows, counted=having
        )
    return Finding("why there is no number")


def _rows(
    scores: ScaleScores, visit: VisitScores | None, *, of_change: bool
) -> tuple[tuple[str, _Values], ...]:
    if visit is None:
        return (("counts", scores.baseline_row),)
    own = (("counts", visit.row),)
    return (("begins", scores.baseline_row), *own) if of_change else own


def _finding(
    chain: Chain,
    group: Group,
    meaning: str,
    places: Mask,
    values: _Values | None = None,
    recount: float | None = None,
    *,
    rows: tuple[tuple[str, _Values], ...] = (),
    counted: Mask | None = None,
) -> Finding:
    def sources(place: int) -> tuple[SourceRow, ...]:
        found = tuple(
            chain.row(role, "quality_of_life", float(row[place]), "score")
            for role, row in rows
            if not np.isnan(row[place])
        )
        return found or (chain.own_row(place),)

    contributions = parts(
        places,
        lambda place: Contribution(
            chain.patient(place),
            None if values is None or np.isnan(values[place]) else float(values[place]),
            counted=counted is None or bool(counted[place]),
            sources=sources(place),
        ),
    )
    return Finding(
        meaning,
        group.called(_POPULATION),
        int(group.treated.sum()),
        contributions,
        ("POP-TREATED",),
        len(contributions) if values is None else recount,
    )

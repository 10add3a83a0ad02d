"""What templates may ask of the scenarios beside the base case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dossier.compose.facts import Count, Fact, Shown
from dossier.compose.figures import why_not_drawn
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.scenario_print import (
    criterion_titles,
    endpoint_words,
    estimate,
    found_in,
    path_of,
    scenario_names,
    verdict_text,
)
from dossier.compose.tables.sensitivity import whose_results
from dossier.estimate.arms import judged_arm

__all__ = ["scenario_facts"]

_TORNADOES = ("orr", "pfs.median")
_RANGES = ("orr", "cbr_16w", "cbr_24w", "dor.median", "pfs.median", "os.median")


@dataclass(frozen=True)
class ChangedVerdict(Fact):
    """A criterion that a scenario judges otherwise than the base case does."""

    criterion: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangingScenario(Fact):
    """A scenario that changes verdicts."""

    scenario: str
    changes: tuple[ChangedVerdict, ...]


@dataclass(frozen=True)
class ScenarioRange(Fact):
    """The lowest and highest estimate of an endpoint over the scenarios and the base case.

    ``moves`` is false where every scenario gives the estimate of the base case; ``without`` counts
    the scenarios that were run and have no estimate.
    """

    endpoint: str
    moves: bool
    base: Shown
    lowest: Shown
    highest: Shown
    without: int


def scenario_facts(material: Material) -> dict[str, Any]:
    """How many scenarios there are, and what can be printed and drawn of them."""
    found = material.what_if
    if found is None:
        return {
            "given": False,
            "tornado": (),
            "flipping": (),
            "whose": "",
            "changing": (),
            "ranges": (),
            **dict.fromkeys(("n", "not_run", "prespecified", "post_hoc", "flips"), 0),
            **dict.fromkeys(("sweeps", "predictions", "stability", "compared"), 0),
        }
    at, matrix = material.what_if_at, found.matrix
    alternatives = matrix.rows[1:]
    whose = judged_arm(material.results, material.settings.cohort)
    planned = sum(row.scenario.prespecified for row in alternatives)
    return {
        "given": True,
        "n": Count(matrix.scenarios_run, f"{at}scenarios_run"),
        "not_run": Count(sum(row.reason is not None for row in alternatives), f"{at}not_estimated"),
        "prespecified": Count(planned, f"{at}prespecified"),
        "post_hoc": Count(matrix.scenarios_run - planned, f"{at}post_hoc"),
        "flips": Count(len(matrix.flipping), f"{at}flipping"),
        "flipping": tuple(
            literal(material.say.lower(name))
            for row, name in zip(matrix.rows, scenario_names(material), strict=True)
            if row in matrix.flipping
        ),
        "tornado": tuple(
            name
            for name in _TORNADOES
            if (whose or not material.arms_apart)
            and name in matrix.base.figures
            and not why_not_drawn(material, "tornado", name)
        ),
        "whose": whose_results(material, matrix),
        "changing": _changing(material),
        "ranges": _ranges(material),
        "sweeps": len(found.sweeps),
        "predictions": len(found.predictions),
        "stability": len(found.stability),
        "compared": len(found.compared),
    }


def _changing(material: Material) -> tuple[ChangingScenario, ...]:
    """Scenarios that change a verdict, in their order."""
    titles, say = criterion_titles(material), material.say
    rows = zip(found_in(material).matrix.rows, scenario_names(material), strict=True)
    found = (
        ChangingScenario(
            name,
            tuple(
                ChangedVerdict(
                    titles[each.criterion],
                    say.lower(verdict_text(material, each.verdict_before, each.grade_before)),
                    say.lower(verdict_text(material, each.verdict, each.grade)),
                )
                for each in row.judged
                if each.changed and each.verdict_before is not None and each.criterion in titles
            ),
        )
        for row, name in rows
    )
    return tuple(each for each in found if each.changes)


def _ranges(material: Material) -> tuple[ScenarioRange, ...]:
    """Main endpoints that the base case has an estimate of, from lowest to highest."""
    rows = found_in(material).matrix.rows
    found: list[ScenarioRange] = []
    for name in _RANGES:
        figures = [(place, row.figures[name]) for place, row in enumerate(rows) if row.figures]
        known = [(place, each) for place, each in figures if each.estimate is not None]
        if not known or known[0][0] != 0:
            continue
        ordered = sorted(known, key=lambda pair: pair[1].estimate or 0.0)
        base, lowest, highest = (
            Shown((estimate(material, each, path_of(material, place, name, "estimate")),))
            for place, each in (known[0], ordered[0], ordered[-1])
        )
        found.append(
            ScenarioRange(
                endpoint=endpoint_words(material, name, short=False),
                moves=ordered[0][1].estimate != ordered[-1][1].estimate,
                base=base,
                lowest=lowest,
                highest=highest,
                without=len(figures) - len(known),
            )
        )
    return tuple(found)

"""How completely the treated patients were observed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import cell, count, dash, number, table
from dossier.estimate.observation import Ratio


def observation(material: Material) -> Table:
    """Follow-up, who is still under it, and the planned assessments done."""
    say, numbers, results = material.say, material.numbers, material.results
    words, found = "tables.observation", results.observation
    columns = (say(f"{words}.columns.measure"), say(f"{words}.columns.value"))
    rows: list[Row] = []
    lacking: dict[str, str] = {}

    def row(name: str, content: Cell, reason: str | None = None) -> None:
        measure = say(f"{words}.rows.{name}")
        if reason is None:
            rows.append((cell(measure), content))
        else:
            why = literal(say.reason(reason))
            lacking[name] = say("format.with_reason", text=say.lower(measure), reason=why)

    follow_up, path = results.times["follow_up"], "endpoints.follow_up"
    median: Inlines = material.median(follow_up, path)
    if follow_up.reason is None and follow_up.median.days is not None:
        limits = material.interval(material.median_limits(follow_up, path), follow_up.confidence)
        median = say.inlines("tables.with_limits", estimate=median, limits=limits)
    row("median", cell(median, "right"), follow_up.reason)
    if found is None:
        notes = _not_given(material, lacking)
        return table(material, "observation", columns, rows, (0.62, 0.38), notes=notes)
    minimum = dash(material)
    if found.minimum_days is not None:
        place = "observation.minimum_potential_follow_up.months"
        minimum = cell(Number(numbers.months(found.minimum_days), place), "right")
    row("minimum", minimum, found.minimum_reason)
    if "ongoing" in results.disposition:
        ongoing = results.disposition["ongoing"]
        row("ongoing", count(material, ongoing, found.n, "disposition.ongoing"))
    few = found.status_unknown <= material.settings.estimation.maximum_unknown * found.n

    def patients(name: str, counted: int) -> Cell:
        path = f"observation.{name}"
        return count(material, counted, found.n, path) if few else number(counted, path)

    if found.status_unknown:
        row("died", patients("died", found.died))
    row("alive", patients("alive", found.alive))
    if found.status_unknown:
        path = "observation.status_unknown"
        row("status_unknown", count(material, found.status_unknown, found.n, path))
    if found.lost is None:
        row("lost", dash(material), found.to_dict()["lost_to_follow_up"]["reason"])
    else:
        place = "observation.lost_to_follow_up.patients"
        row("lost", count(material, found.lost, found.n, place))
    row(
        "completeness",
        _ratio(material, found.completeness, "observation.completeness"),
        found.completeness.reason,
    )
    done = found.assessments
    row("assessments", _ratio(material, done, "observation.assessments"), done.reason)
    if done.reason is None:
        rows.append(
            (
                cell(say(f"{words}.rows.done"), indent=1),
                cell(
                    say.inlines(
                        f"{words}.done",
                        done=Number(f"{done.observed:.0f}", "observation.assessments.done"),
                        due=Number(f"{done.possible:.0f}", "observation.assessments.due"),
                    ),
                    "right",
                ),
            )
        )
    told = [say(f"{words}.notes.cutoff", cutoff=material.cutoff_date())]
    told += [
        say(f"{words}.notes.{name}")
        for name in ("median", "minimum", "completeness", "assessments")
        if name not in lacking
    ]
    notes = [" ".join(told), *_not_given(material, lacking)]
    if material.arms_apart:
        notes.insert(0, say("tables.by_arm.all_arms"))
    for name, ratio in (("completeness", found.completeness), ("assessments", done)):
        if ratio.unknown and ratio.reason is None:
            notes.append(say(f"{words}.unknown.{name}", n=ratio.unknown))
    return table(material, "observation", columns, rows, (0.62, 0.38), notes=notes)


def _not_given(material: Material, lacking: Mapping[str, str]) -> list[str]:
    """What could not be filled, with its reasons."""
    if not lacking:
        return []
    return [material.say("tables.observation.not_given", measures="; ".join(lacking.values()))]


def _ratio(material: Material, ratio: Ratio, path: str) -> Cell:
    if ratio.reason is not None:
        return dash(material)
    share = exact(ratio.observed) / exact(ratio.possible) if ratio.possible else Fraction(0)
    return cell(Number(material.numbers.percent(share), f"{path}.estimate"), "right")

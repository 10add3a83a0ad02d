"""Times to an event of all treated patients side by side: events, medians, landmarks, ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import cell, dash, group, number, spanning, table
from dossier.estimate.model import TimeToEvent

ENDPOINTS = ("pfs", "os", "time_to_next_treatment")

Column = Callable[[TimeToEvent, str], Cell]


def times(material: Material) -> Table:
    """PFS, overall survival and, where it is known, time to next treatment in one table.

    Time on treatment stands among exposure, duration of response in a table of its own.
    """
    say = material.say
    found = material.results.times
    given = [(name, found[name]) for name in ENDPOINTS if name in found]
    columns = (
        say("tables.times.columns.measure"),
        *(say(f"tables.times.columns.{name}") for name, _ in given),
    )
    builder = _Builder(material, given)
    rows = builder.rows(len(columns))
    notes = [say("tables.times.note", limits=_limits_words(material))]
    notes += [note for name, _ in given for note in _not_estimated(material, name)]
    if "time_to_next_treatment" not in found:
        notes.append(say("tables.times.no_next_treatment"))
    landmarks = [mark for _, endpoint in given for mark in endpoint.landmarks]
    if any(mark.estimate is None or mark.ci_lower is None for mark in landmarks):
        notes.append(say("tables.times.landmark_note"))
    widths = (0.4, *[0.6 / len(given)] * len(given))
    return table(material, "times", columns, rows, widths, notes=notes, abbreviated=True)


def _not_estimated(material: Material, name: str) -> Iterator[str]:
    """Why an endpoint has no estimate: of all patients, or of each arm where these stand apart."""
    say, results = material.say, material.results
    of_arms = {f", {literal(arm)}": own for arm, own in results.arms.items()}
    for arm, own in (of_arms if material.arms_apart else {"": results}).items():
        found = own.times.get(name)
        if found is not None and found.reason is not None:
            reason = literal(say.reason(found.reason))
            endpoint = say(f"endpoints.{name}") + arm
            yield say("tables.times.reason", endpoint=endpoint, reason=reason)


def _limits_words(material: Material) -> str:
    return material.say(f"methods.limits.{material.settings.estimation.ci}")


class _Builder:
    """Rows of the table; every row has one cell for each endpoint."""

    def __init__(self, material: Material, given: list[tuple[str, TimeToEvent]]) -> None:
        self._material = material
        self._given = given

    def rows(self, width: int) -> list[Row]:
        material, say = self._material, self._material.say
        rows = [
            self._row("n", self._count("n")),
            self._row("unknown", self._count("unknown")),
            *self._reasons("unknown_reasons"),
            self._row("events", self._count("events")),
            *self._reasons("event_types"),
            self._row("censored", self._count("censored")),
        ]
        if all(endpoint.reason for _, endpoint in self._given):
            return rows
        rows.append(group(material, "tables.times.groups.median", width))
        rows.append(self._row("median", self._median, indent=1))
        level = material.numbers.level(material.settings.estimation.confidence)
        label = say("tables.times.rows.median_limits", level=level)
        rows.append(self._labelled(label, self._median_limits, indent=1))
        rows.append(self._row("range", self._range, indent=1))
        for position, landmark in enumerate(self._given[0][1].landmarks):
            label = say("tables.times.groups.landmark", time=material.landmark_label(landmark))
            rows.append(spanning(label, width, strong=True))
            rows += self._landmark(position, level)
        return rows

    def _landmark(self, position: int, level: str) -> list[Row]:
        material, say = self._material, self._material.say

        def at(endpoint: TimeToEvent, path: str, part: str) -> Cell:
            landmark = endpoint.landmarks[position]
            place = f"{path}.landmarks.{position}"
            if endpoint.reason is not None:
                return dash(material)
            if part == "at_risk":
                return number(landmark.at_risk, f"{place}.at_risk")
            if part == "limits":
                none = landmark.ci_lower is None and landmark.ci_upper is None
                return (
                    dash(material)
                    if none
                    else cell(material.share_limits(landmark, place), "right")
                )
            return cell(material.landmark(landmark, place), "right")

        label = say("tables.times.rows.landmark_limits", level=level)
        return [
            self._row("landmark", lambda e, p: at(e, p, "estimate"), indent=1),
            self._labelled(label, lambda e, p: at(e, p, "limits"), indent=1),
            self._row("at_risk", lambda e, p: at(e, p, "at_risk"), indent=1),
        ]

    def _row(self, name: str, column: Column, *, indent: int = 0) -> Row:
        label = self._material.say(f"tables.times.rows.{name}")
        return self._labelled(label, column, indent=indent)

    def _labelled(self, label: str, column: Column, *, indent: int = 0) -> Row:
        cells = (column(endpoint, f"endpoints.{name}") for name, endpoint in self._given)
        return (cell(label, indent=indent), *cells)

    def _count(self, part: str) -> Column:
        return lambda endpoint, path: number(getattr(endpoint, part), f"{path}.{part}")

    def _reasons(self, part: str) -> list[Row]:
        """A row for each reason that any endpoint has."""
        names = dict.fromkeys(
            reason for _, endpoint in self._given for reason in getattr(endpoint, part)
        )
        return [
            self._labelled(
                literal(self._material.say.reason(reason)), self._reason(part, reason), indent=1
            )
            for reason in names
        ]

    def _reason(self, part: str, reason: str) -> Column:
        def column(endpoint: TimeToEvent, path: str) -> Cell:
            counts: dict[str, int] = getattr(endpoint, part)
            if reason not in counts:
                return dash(self._material) if endpoint.reason else cell("0", "right")
            return cell(Number(str(counts[reason]), f"{path}.{part}.{reason}"), "right")

        return column

    def _median(self, endpoint: TimeToEvent, path: str) -> Cell:
        return cell(self._material.median(endpoint, path, unit=False), "right")

    def _median_limits(self, endpoint: TimeToEvent, path: str) -> Cell:
        if endpoint.reason is not None:
            return dash(self._material)
        return cell(self._material.median_limits(endpoint, path), "right")

    def _range(self, endpoint: TimeToEvent, path: str) -> Cell:
        return cell(self._material.observed_range(endpoint, path), "right")

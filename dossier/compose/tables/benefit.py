"""Benefit after 16 weeks: what was decided on it, and whether it lasted to 24 weeks."""

from __future__ import annotations

from dossier.compose.document import Cell, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import Content, absent, cell, count, dash, number, table
from dossier.estimate.decision import CONTINUED, Decision, DecisionRow
from dossier.estimate.lasting_benefit import STATES, Durability

_DECISIONS = ("benefit", "no_benefit", "too_early", "not_assessable")


def decision_16w(material: Material) -> Table:
    """Treated patients by benefit at 16 weeks, with its basis or why there is none, and who went on
    with treatment."""
    say, decision = material.say, material.results.decision
    key = "tables.decision_16w"
    if decision is None or not decision.all.n:
        columns = [say(f"{key}.columns.{name}") for name in ("state", "n")]
        return absent(material, "decision_16w", columns, say(f"{key}.absent"))
    went_on = [name for name in CONTINUED if decision.all.continued.get(name)]
    if decision.all.continued:
        went_on = [name for name in CONTINUED if name in ("yes", "no") or name in went_on]
    names = ["state", "n", *(["scan"] if decision.window else []), *went_on]
    columns = [say(f"{key}.columns.{name}") for name in names]
    rows: list[Row] = []
    for state in _DECISIONS:
        found, path = decision.states[state], f"decision_16w.{state}"
        rows.append(_line(material, decision, say(f"{key}.rows.{state}"), found, path, went_on))
        rows += [
            _line(
                material,
                decision,
                literal(say.capital(say.reason(reason))),
                part,
                f"{path}.reasons.{reason}",
                went_on,
                indent=1,
            )
            for reason, part in found.reasons.items()
        ]
    whole = say(f"{key}.rows.all")
    rows.append(_line(material, decision, whole, decision.all, "decision_16w", went_on))
    widths = (0.4, *[0.6 / (len(columns) - 1)] * (len(columns) - 1))
    return table(
        material, "decision_16w", columns, rows, widths, notes=_decision_notes(material, decision)
    )


def _line(
    material: Material,
    decision: Decision,
    label: str,
    found: DecisionRow,
    path: str,
    went_on: list[str],
    *,
    indent: int = 0,
) -> Row:
    cells: list[Cell] = [
        cell(label, indent=indent, strong=not indent),
        count(material, found.n, decision.all.n, f"{path}.n"),
    ]
    if found.scan_in_window is not None:
        cells.append(number(found.scan_in_window, f"{path}.scan_in_window"))
    cells += [number(found.continued[name], f"{path}.continued.{name}") for name in went_on]
    return tuple(cells)


def _decision_notes(material: Material, decision: Decision) -> list[Content]:
    say = material.say
    notes: list[Content] = [say("tables.decision_16w.note")]
    if decision.window is not None:
        first, last = decision.window
        notes.append(say("tables.decision_16w.window", first=first, last=last))
    has = "continued" if decision.all.continued else "not_continued"
    notes.append(say(f"tables.decision_16w.{has}"))
    return notes


def durability(material: Material) -> Table:
    """What became at 24 weeks of benefit at 16 weeks, by response and by stable disease."""
    say, found = material.say, material.results.durability
    key = "tables.durability"
    names = ("response", "stable_disease", "all")
    if found is None or not found.groups["all"].n:
        columns = [say(f"{key}.columns.{name}") for name in ("outcome", *names)]
        return absent(material, "durability", columns, say(f"{key}.absent"))
    level = material.numbers.level(material.settings.estimation.confidence)
    columns = [say(f"{key}.columns.{name}") for name in ("outcome", *names)]

    def counts(state: str) -> list[Cell]:
        return [
            number(getattr(found.groups[name], state), f"durability.{name}.{state}")
            for name in names
        ]

    counted = [number(found.groups[name].n, f"durability.{name}.n") for name in names]
    rows: list[Row] = [(cell(say(f"{key}.rows.n"), strong=True), *counted)]
    for state in STATES:
        rows.append((cell(say(f"{key}.rows.{state}")), *counts(state)))
        rows += _lost_reasons(material, found, names) if state == "lost" else []
    rows += _shares(material, found, names, say(f"{key}.rows.limits", level=level))
    notes: list[Content] = [
        say(f"{key}.note", method=say(f"methods.{material.settings.estimation.proportion_ci}"))
    ]
    counted_all = found.groups["all"].counted_although_not_kept
    if counted_all:
        notes.append(say(f"{key}.counted", n=counted_all))
    return table(material, "durability", columns, rows, (0.46, 0.18, 0.18, 0.18), notes=notes)


def _lost_reasons(material: Material, found: Durability, names: tuple[str, ...]) -> list[Row]:
    """A row for each way in which benefit was lost, that of all patients last."""
    rows: list[Row] = []
    for reason in found.groups["all"].lost_reasons:
        cells = []
        for name in names:
            lost = found.groups[name].lost_reasons.get(reason)
            path = f"durability.{name}.lost_reasons.{reason}"
            cells.append(cell("0", "right") if lost is None else number(lost, path))
        words = literal(material.say.capital(material.say.reason(reason)))
        rows.append((cell(words, indent=1), *cells))
    return rows


def _shares(
    material: Material, found: Durability, names: tuple[str, ...], limits: str
) -> list[Row]:
    shares = [(found.groups[name].share, f"durability.{name}.share") for name in names]
    known = [share.estimate is not None for share, _ in shares]
    rates = [
        cell(material.rate(share, path), "right") if there else dash(material)
        for (share, path), there in zip(shares, known, strict=True)
    ]
    intervals = [
        cell(material.share_limits(share, path), "right") if there else dash(material)
        for (share, path), there in zip(shares, known, strict=True)
    ]
    label = material.say("tables.durability.rows.share")
    return [(cell(label, strong=True), *rates), (cell(limits, indent=1), *intervals)]

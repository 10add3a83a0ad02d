"""What changed since the previous dossier: main numbers, verdicts, patients, entries, settings."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.facts import Count, text
from dossier.compose.insertions import literal
from dossier.compose.judging import grade_words
from dossier.compose.material import Material
from dossier.compose.tables.cells import Content, absent, cell, group, number, table

__all__ = [
    "changed_entries",
    "changed_inputs",
    "changed_numbers",
    "changed_patients",
    "previous_facts",
]

_RATES = {"benefit_16w": "cbr_16w", "benefit_24w": "cbr_24w"}
_PLACES = 4
"""Rows of the files named for one patient."""
_MOST = 60
"""Rows of a listing; the rest is counted below it and stands in results.json."""


def previous_facts(material: Material) -> dict[str, Any]:
    """What templates may name of the previous dossier: ``previous``; ``given`` is false without."""
    found = _changes(material)
    if found is None:
        return {"given": False}
    patients, previous = found["patients"], found["previous"]
    cutoff = previous.get("data_cutoff")
    facts: dict[str, Any] = {
        "given": True,
        "software": literal(previous["software"]),
        "cutoff": text(material.say.date(datetime.date.fromisoformat(cutoff)) if cutoff else ""),
        "cutoff_known": cutoff is not None,
        "verdicts": Count(
            sum(each["changed"] for each in found["verdicts"]), "changes.counts.verdict"
        ),
        "patients": patients["compared"],
    }
    for name in ("new", "vanished", "changed"):
        facts[name] = Count(patients.get(name, 0), f"changes.patients.{name}")
    return facts


def _changes(material: Material) -> dict[str, Any] | None:
    found: dict[str, Any] | None = material.evaluation.added.get("changes")
    return found


def changed_numbers(material: Material) -> Table:
    """The main numbers and every verdict, then and now."""
    say, found = material.say, _changes(material)
    key = "changed_numbers"
    columns = [say(f"tables.{key}.columns.{name}") for name in ("what", "old", "new")]
    if found is None:
        return absent(material, key, columns, say("tables.no_previous"))
    rows: list[Row] = []
    for place, each in enumerate(found["main"]):
        path = f"changes.main.{place}"
        rows.append(
            (
                cell(_label(material, each["path"]), strong=True),
                *(_main(material, each, when, f"{path}.{when}") for when in ("old", "new")),
            )
        )
    if found["verdicts"]:
        rows.append(group(material, f"tables.{key}.verdicts", len(columns)))
    for place, each in enumerate(found["verdicts"]):
        title = say.in_language(each["title"], f"criterion {each['id']}, title")
        rows.append(
            (
                cell(literal(title), strong=each["changed"]),
                *(
                    cell(
                        Number(
                            _verdict(material, each[when]),
                            f"changes.verdicts.{place}.{when}.verdict",
                        ),
                        "right",
                        strong=each["changed"],
                    )
                    for when in ("old", "new")
                ),
            )
        )
    notes = (say(f"tables.{key}.note"),)
    return table(material, key, columns, rows, (0.5, 0.25, 0.25), notes=notes)


def _label(material: Material, path: str) -> str:
    say, parts = material.say, path.split(".")
    if parts[0] == "populations":
        return say(f"tables.changed_numbers.populations.{parts[1]}")
    words = say(f"endpoints.{parts[1]}")
    if parts[2] == "median":
        return say("tables.changed_numbers.median", endpoint=words)
    return words


def _main(material: Material, each: Mapping[str, Any], when: str, path: str) -> Cell:
    value, numbers = each[when], material.numbers
    if value is None:
        not_reached = str(each.get("reason", "")).startswith("not reached")
        printed = numbers.not_reached if not_reached else numbers.not_estimable
    elif each["unit"] == "patients":
        printed = str(value)
    else:
        printed = numbers.quantity(value, each["unit"])
    return cell(Number(printed, path), "right")


def _verdict(material: Material, said: Mapping[str, Any]) -> str:
    say = material.say
    if said["verdict"] == "not judged":
        return say("tables.changed_numbers.not_judged")
    words = say(f"verdicts.{said['verdict']}")
    if "grade" in said:
        grade = grade_words(material, said["grade"])
        return say("verdicts.with_grade", verdict=words, grade=grade)
    return words


def changed_patients(material: Material) -> Table:
    """Patients who came, went or have another endpoint, with the rows of the files behind it."""
    say, found = material.say, _changes(material)
    key = "changed_patients"
    names = ("patient", "what", "old", "new", "rows")
    columns = [say(f"tables.{key}.columns.{name}") for name in names]
    if found is None:
        return absent(material, key, columns, say("tables.no_previous"))
    patients = found["patients"]
    if not patients["compared"]:
        return absent(material, key, columns, say(f"tables.{key}.not_compared"))
    rows: list[Row] = []
    for name in ("new", "vanished"):
        rows += [
            (
                cell(literal(each["patient"])),
                cell(say(f"tables.{key}.{name}")),
                cell(""),
                cell(""),
                cell(_place(material, "patients", each.get("row"))),
            )
            for each in patients[f"{name}_patients"]
        ]
    for each in patients["changed_patients"]:
        rows += _patient(material, each)
    if not rows:
        return absent(material, key, columns, say(f"tables.{key}.none"))
    more = len(rows) - _MOST
    notes: list[Content] = [say(f"tables.{key}.note")]
    if more > 0:
        notes.append(say("tables.changed_more", n=more))
    widths = (0.13, 0.2, 0.2, 0.2, 0.27)
    return table(material, key, columns, rows[:_MOST], widths, notes=notes, numeric=())


def _patient(material: Material, each: Mapping[str, Any]) -> list[Row]:
    """One row an endpoint; the rows of the files beside the first."""
    say = material.say
    places = list(
        dict.fromkeys(_place(material, entry["table"], entry["row"]) for entry in each["entries"])
    )
    shown = "; ".join(places[:_PLACES])
    if len(places) > _PLACES:
        more = len(places) - _PLACES
        shown = say("tables.changed_patients.more_rows", rows=shown, n=more)
    rows: list[Row] = []
    for found in each["endpoints"]:
        what = found["endpoint"]
        name = (
            say.capital(say("endpoints_short.best_response"))
            if what == "best_response"
            else say(f"endpoints.{_RATES.get(what, what)}")
        )
        rows.append(
            (
                cell(literal(each["patient"])),
                cell(name),
                cell(_state(material, found["old"])),
                cell(_state(material, found["new"])),
                cell("" if rows else shown),
            )
        )
    return rows


def _state(material: Material, state: Mapping[str, Any]) -> str:
    say = material.say
    if "value" in state:
        return literal(say.of("changed_values", state["value"]))
    words = say(f"changed_values.{state['state']}")
    if "days" not in state:
        return words
    days = say("format.units.days", number=material.numbers.plain(state["days"]))
    return f"{days}, {words}"


def _place(material: Material, name: str, row: int | None) -> str:
    say = material.say
    label = say(f"source_tables.{name}")
    return label if row is None else say("tables.changed_patients.row", table=label, row=row)


def changed_entries(material: Material) -> Table:
    """Records of the files that came, went or hold another value, counted by table."""
    say, found = material.say, _changes(material)
    key = "changed_entries"
    names = ("table", "new", "vanished", "changed")
    columns = [say(f"tables.{key}.columns.{name}") for name in names]
    if found is None:
        return absent(material, key, columns, say("tables.no_previous"))
    if not found["entries"]:
        compared = found["patients"]["compared"]
        why = "none" if compared else "not_compared"
        return absent(material, key, columns, say(f"tables.{key}.{why}"))
    rows: list[Row] = [
        (
            cell(say(f"source_tables.{each['table']}"), strong=True),
            *(number(each[name], f"changes.entries.{place}.{name}") for name in names[1:]),
        )
        for place, each in enumerate(found["entries"])
    ]
    return table(material, key, columns, rows, (0.4, 0.2, 0.2, 0.2))


def changed_inputs(material: Material) -> Table:
    """Files, settings, criteria and software that are otherwise, apart from the data themselves."""
    say, found = material.say, _changes(material)
    key = "changed_inputs"
    names = ("kind", "place", "old", "new")
    columns = [say(f"tables.{key}.columns.{name}") for name in names]
    if found is None:
        return absent(material, key, columns, say("tables.no_previous"))
    if not found["other"]:
        return absent(material, key, columns, say(f"tables.{key}.none"))
    rows: list[Row] = [
        (
            cell(say(f"tables.{key}.kinds.{each['kind']}")),
            cell(literal(each["path"])),
            *(cell(_raw(material, each.get(when))) for when in ("old", "new")),
        )
        for each in found["other"]
    ]
    more = len(rows) - _MOST
    notes = (say("tables.changed_more", n=more),) if more > 0 else ()
    widths = (0.16, 0.4, 0.22, 0.22)
    return table(material, key, columns, rows[:_MOST], widths, notes=notes, numeric=())


def _raw(material: Material, value: Any) -> str:
    """A value as results.json has it; a hash by its beginning."""
    if value is None:
        return material.numbers.dash
    if isinstance(value, bool):
        return material.say("yes" if value else "no")
    if isinstance(value, list):
        return literal(", ".join(str(each) for each in value))
    if isinstance(value, float | int):
        return material.numbers.plain(value)
    words = str(value)
    is_hash = len(words) == 64 and not words.strip("0123456789abcdef")
    return literal(f"{words[:12]}…" if is_hash else words[:80])

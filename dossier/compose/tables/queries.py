"""Data queries: what a site should look at, grouped and one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dossier.cohort.model import DataQuery
from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, table

SEVERITIES = ("error", "warning", "note")

_NAMED = 6  # patients named of those with queries of one kind

Placed = tuple[int, DataQuery]


def query_summary(material: Material) -> Table:
    """Data queries by rule: how many, how serious, what they touch, what was done."""
    say = material.say
    names = ("rule", "severity", "count", "endpoints", "consequence")
    columns = tuple(say(f"tables.query_summary.columns.{name}") for name in names)
    if not material.evaluation.queries:
        return absent(material, "query_summary", columns, say("tables.query_summary.absent"))
    rows: list[Row] = [
        _group(material, [query for _, query in placed])
        for _, placed in _kinds(material.evaluation.queries)
    ]
    total = str(len(material.evaluation.queries))
    blank = cell("")
    all_kinds = cell(say("tables.query_summary.all"), strong=True)
    rows.append((all_kinds, blank, cell(total, "right", strong=True), blank, blank))
    notes = (say("tables.query_summary.note"),)
    return table(
        material,
        "query_summary",
        columns,
        rows,
        (0.24, 0.12, 0.1, 0.18, 0.36),
        notes=notes,
        numeric=(2,),
    )


def _group(material: Material, queries: list[DataQuery]) -> Row:
    say = material.say
    first = queries[0]
    endpoints = dict.fromkeys(name for query in queries for name in query.endpoints)
    words = ", ".join(literal(say.of("endpoints_short", name)) for name in endpoints)
    return (
        cell(say.of("query_rules", first.rule)),
        cell(say(f"severities.{first.severity}")),
        cell(str(len(queries)), "right"),
        cell(words or material.numbers.dash),
        cell(_consequence(material, queries)),
    )


def _consequence(material: Material, queries: list[DataQuery]) -> str:
    """What was done; that of the first, where it differs."""
    say, first = material.say, queries[0]
    consequence = say.query(first.rule, first.consequence)
    if any(query.consequence != first.consequence for query in queries):
        return say("tables.query_summary.differs", consequence=consequence)
    return consequence


def query_listing(material: Material) -> Table:
    """Data queries, the most serious first: those of a rare kind one by one, a frequent kind in one
    row with how many there are, of which patients, and an example."""
    say = material.say
    names = ("id", "patient", "place", "found", "consequence")
    columns = tuple(say(f"tables.query_listing.columns.{name}") for name in names)
    queries = material.evaluation.queries
    if not queries:
        return absent(material, "query_listing", columns, say("tables.query_summary.absent"))
    most = material.limits.query_rows
    grouped = 0
    rows: list[Row] = []
    for _, placed in _kinds(queries):
        if len(placed) > max(most, 1):
            rows.append(_many(material, placed))
            grouped += len(placed)
        else:
            rows += [_query(material, position, query) for position, query in placed]
    notes = []
    if grouped:
        single = len(queries) - grouped
        key = "grouped" if single else "all_grouped"
        notes.append(
            say(f"tables.query_listing.{key}", n=len(queries), single=single, grouped=grouped)
        )
    widths = (0.1, 0.15, 0.2, 0.3, 0.25)
    return table(material, "query_listing", columns, rows, widths, notes=notes, numeric=())


def _kinds(queries: Sequence[DataQuery]) -> list[tuple[tuple[int, str], list[Placed]]]:
    """Queries by severity and rule, each with its place among all."""
    kinds: dict[tuple[int, str], list[Placed]] = defaultdict(list)
    for position, query in enumerate(queries):
        kinds[SEVERITIES.index(query.severity), query.rule].append((position, query))
    return sorted(kinds.items(), key=lambda kind: kind[0])


def _many(material: Material, placed: list[Placed]) -> Row:
    """Queries of one kind in one row."""
    say = material.say
    position, first = placed[0]
    queries = [query for _, query in placed]
    patients = tuple(dict.fromkeys(query.patient for query in queries if query.patient))
    named = ", ".join(patients[:_NAMED])
    more = len(patients) - _NAMED
    if more > 0:
        named = say("tables.query_listing.patients_more", names=named, n=more)
    who = say("tables.query_listing.patients", n=len(patients), names=named) if patients else ""
    places = dict.fromkeys(_place(material, replace(query, row=None)) for query in queries)
    example = say("tables.query_listing.example", found=_found(material, first))
    number = Number(f"Q{position + 1:04d}", f"data_queries.{position}")
    return (
        cell(say.inlines("tables.query_listing.many", n=len(queries), first=number)),
        cell(who or material.numbers.dash),
        cell("; ".join(place for place in places if place) or material.numbers.dash),
        cell(example),
        cell(_consequence(material, queries)),
    )


def _query(material: Material, position: int, query: DataQuery) -> Row:
    return (
        cell(Number(f"Q{position + 1:04d}", f"data_queries.{position}")),
        cell(query.patient or material.numbers.dash),
        cell(_place(material, query) or material.numbers.dash),
        cell(_found(material, query)),
        cell(material.say.query(query.rule, query.consequence)),
    )


def _place(material: Material, query: DataQuery) -> str:
    say, place = material.say, query.file or ""
    if query.row is not None:
        place = say("tables.query_listing.row", file=place, row=query.row).strip()
    if query.column:
        place = say("tables.query_listing.column", place=place, column=query.column).strip()
    return place


def _found(material: Material, query: DataQuery) -> str:
    say = material.say
    found = say.query(query.rule, query.message)
    if query.value and query.value != query.patient and query.value not in query.message:
        return say("tables.query_listing.value", message=found, value=query.value)
    return found

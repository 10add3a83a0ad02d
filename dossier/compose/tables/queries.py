"""Data queries: what a site should look at, grouped and one by one."""

from __future__ import annotations

from collections import defaultdict

from dossier.cohort.model import DataQuery
from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, table

SEVERITIES = ("error", "warning", "note")


def query_summary(material: Material) -> Table:
    """Data queries by rule: how many, how serious, what they touch, what was done."""
    say = material.say
    names = ("rule", "severity", "count", "endpoints", "consequence")
    columns = tuple(say(f"tables.query_summary.columns.{name}") for name in names)
    if not material.evaluation.queries:
        return absent(material, "query_summary", columns, say("tables.query_summary.absent"))
    groups: dict[tuple[int, str], list[DataQuery]] = defaultdict(list)
    for query in material.evaluation.queries:
        groups[SEVERITIES.index(query.severity), query.rule].append(query)
    rows: list[Row] = [
        _group(material, queries)
        for _, queries in sorted(groups.items(), key=lambda group: group[0])
    ]
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
    consequence = say.query(first.rule, first.consequence)
    if any(query.consequence != first.consequence for query in queries):
        consequence = say("tables.query_summary.differs", consequence=consequence)
    return (
        cell(say.of("query_rules", first.rule)),
        cell(say(f"severities.{first.severity}")),
        cell(str(len(queries)), "right"),
        cell(words or material.numbers.dash),
        cell(consequence),
    )


def query_listing(material: Material) -> Table:
    """The first data queries one by one, the most serious first."""
    say = material.say
    names = ("id", "patient", "place", "found", "consequence")
    columns = tuple(say(f"tables.query_listing.columns.{name}") for name in names)
    queries = material.evaluation.queries
    if not queries:
        return absent(material, "query_listing", columns, say("tables.query_summary.absent"))
    ordered = sorted(
        enumerate(queries), key=lambda pair: (SEVERITIES.index(pair[1].severity), pair[0])
    )
    most = material.limits.query_rows
    rows: list[Row] = [_query(material, position, query) for position, query in ordered[:most]]
    more = len(queries) - len(rows)
    note = say("tables.query_listing.more", n=more, shown=len(rows)) if more > 0 else ""
    widths = (0.1, 0.13, 0.22, 0.3, 0.25)
    return table(material, "query_listing", columns, rows, widths, notes=(note,), numeric=())


def _query(material: Material, position: int, query: DataQuery) -> Row:
    say = material.say
    place = query.file or ""
    if query.row is not None:
        place = say("tables.query_listing.row", file=place, row=query.row).strip()
    if query.column:
        place = say("tables.query_listing.column", place=place, column=query.column).strip()
    found = say.query(query.rule, query.message)
    if query.value and query.value != query.patient and query.value not in query.message:
        found = say("tables.query_listing.value", message=found, value=query.value)
    return (
        cell(Number(f"Q{position + 1:04d}", f"data_queries.{position}")),
        cell(query.patient or material.numbers.dash),
        cell(place or material.numbers.dash),
        cell(found),
        cell(say.query(query.rule, query.consequence)),
    )

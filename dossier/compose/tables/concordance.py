"""Agreement of those who read the scans."""

from __future__ import annotations

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Inlines, Material
from dossier.compose.tables.cells import absent, cell, dash, number, spanning, table
from dossier.estimate.concordance import Agreement, Kappa, Pair

_KEY = "tables.concordance"


def assessor_name(material: Material, name: str) -> str:
    """An assessor in the words of the language; others than the usual two as given."""
    return literal(material.say.of("assessors", name))


def concordance(material: Material) -> Table:
    """Every two assessors: patients both have read, agreement and kappa."""
    say, found = material.say, material.results.concordance
    names = ("measure", "best_response", "response")
    columns = [say(f"{_KEY}.columns.{name}") for name in names]
    if found is None:
        return absent(material, "concordance", columns, say(f"{_KEY}.absent"))
    rows: list[Row] = []
    for place, pair in enumerate(found.pairs):
        rows += _pair(material, pair, f"concordance.pairs.{place}")
    method = say(f"methods.{material.settings.estimation.proportion_ci}")
    in_force = assessor_name(material, found.in_force)
    key = "declared" if found.declared else "default"
    notes = [say(f"{_KEY}.{key}", assessor=in_force), say(f"{_KEY}.note", method=method)]
    notes += sorted(
        {
            say(f"{_KEY}.reason", reason=literal(say.reason(agreement.kappa.reason)))
            for pair in found.pairs
            for agreement in (pair.best_response, pair.response)
            if agreement.kappa.reason
        }
    )
    return table(material, "concordance", columns, rows, (0.5, 0.25, 0.25), notes=notes)


def _pair(material: Material, pair: Pair, path: str) -> list[Row]:
    say = material.say
    first, second = (assessor_name(material, x) for x in (pair.first, pair.second))
    level = material.numbers.level(pair.response.share.confidence)
    agreements = [
        (pair.best_response, f"{path}.best_response"),
        (pair.response, f"{path}.response"),
    ]

    def line(name: str, cells: list[Cell], indent: int = 0, **values: str) -> Row:
        return (cell(say(f"{_KEY}.rows.{name}", **values), indent=indent), *cells)

    both = [number(pair.n, f"{path}.n")] * 2
    rows: list[Row] = [
        spanning(say(f"{_KEY}.rows.pair", first=first, second=second), 3, strong=True),
        line("n", both),
        line("agreement", [_share(material, *each) for each in agreements]),
        line("limits", [_limits(material, *each) for each in agreements], 1, level=level),
        line("kappa", [_kappa(material, x.kappa, p) for x, p in agreements]),
        line("limits_kappa", [_kappa_limits(material, x.kappa, p) for x, p in agreements], 1,
             level=level),
    ]  # fmt: skip
    for name, who in (("first", first), ("second", second)):
        responders = number(getattr(pair, f"responders_{name}"), f"{path}.responders_{name}")
        rows.append(line("responders", [cell(""), responders], assessor=who))
    for name, who in (("only_first", first), ("only_second", second)):
        patients = number(getattr(pair, name), f"{path}.{name}")
        rows.append(line("only", [patients, cell("")], assessor=who))
    rows.append(line("neither", [number(pair.neither, f"{path}.neither"), cell("")]))
    return rows


def _share(material: Material, found: Agreement, path: str) -> Cell:
    if found.share.estimate is None:
        return dash(material)
    return cell(material.rate(found.share, path), "right")


def _limits(material: Material, found: Agreement, path: str) -> Cell:
    if found.share.estimate is None:
        return dash(material)
    return cell(material.share_limits(found.share, path), "right")


def _kappa(material: Material, kappa: Kappa, path: str) -> Cell:
    if kappa.estimate is None:
        return dash(material)
    text = material.numbers.decimal(kappa.estimate, 2)
    return cell(Number(text, f"{path}.kappa.estimate"), "right")


def _kappa_limits(material: Material, kappa: Kappa, path: str) -> Cell:
    if kappa.lower is None or kappa.upper is None:
        return dash(material)
    lower, upper = (
        Number(material.numbers.decimal(x, 2), f"{path}.kappa.{name}")
        for name, x in (("ci_lower", kappa.lower), ("ci_upper", kappa.upper))
    )
    limits: Inlines = material.say.inlines("format.limits", lower=lower, upper=upper)
    return cell(limits, "right")

"""Best overall response and the rates that follow from it."""

from __future__ import annotations

from dossier.compose.document import Cell, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.response_kind import response_kind
from dossier.compose.tables.cells import Content, absent, cell, count, dash, number, table
from dossier.estimate.model import Proportion, Response

RATES = ("orr", "orr_unconfirmed", "dcr", "cbr_16w", "cbr_24w")


def best_response(material: Material) -> Table:
    """Best overall response, confirmed beside unconfirmed, with the reasons for NE."""
    say, response = material.say, material.results.best_response
    treated = material.results.best_response_treated
    first = say("tables.best_response.columns.response")
    populations = [(response, "endpoints.best_response", "response_evaluable")]
    if treated is not None:
        populations.append((treated, "endpoints.best_response_treated", "treated"))
    columns: list[Content] = [first]
    for population, _, name in populations:
        values = {"population": say(f"populations_short.{name}"), "n": population.n}
        columns.append(say(f"tables.best_response.columns.{response_kind(material)}", **values))
        if _both(material):
            columns.append(say("tables.best_response.columns.unconfirmed", **values))
    if not any(population.n for population, _, _ in populations):
        return absent(material, "best_response", columns, say("tables.best_response.absent"))
    rows: list[Row] = []
    for code in response.counts:
        line: list[Cell] = [cell(say(f"responses.{code}"))]
        for population, path, _ in populations:
            line.append(
                count(material, population.counts[code], population.n, f"{path}.counts.{code}")
            )
            if _both(material):
                line.append(_unconfirmed(material, population, path, code))
        rows.append(tuple(line))
        if code == "NE":
            rows += _reasons(material, populations)
    notes = [say("tables.best_response.note")]
    reasons = any(population.not_evaluable_reasons for population, _, _ in populations)
    if reasons or not _both(material):
        notes.append(say(f"tables.best_response.notes.{response_kind(material)}"))
    widths = (0.4, *[0.6 / (len(columns) - 1)] * (len(columns) - 1))
    return table(material, "best_response", columns, rows, widths, notes=notes, abbreviated=True)


def _both(material: Material) -> bool:
    """Whether an unconfirmed response stands beside a confirmed one."""
    return response_kind(material) == "confirmed"


def _unconfirmed(material: Material, population: Response, path: str, code: str) -> Cell:
    value = population.unconfirmed_counts[code]
    return count(material, value, population.n, f"{path}.unconfirmed_counts.{code}")


def _reasons(material: Material, populations: list[tuple[Response, str, str]]) -> list[Row]:
    """Why a best response is NE, one row a reason, below the row of NE."""
    reasons = dict.fromkeys(
        reason for population, _, _ in populations for reason in population.not_evaluable_reasons
    )
    rows: list[Row] = []
    for reason in reasons:
        line: list[Cell] = [cell(literal(material.say.reason(reason)), indent=1)]
        for population, path, _ in populations:
            value = population.not_evaluable_reasons.get(reason, 0)
            line.append(number(value, f"{path}.not_evaluable_reasons.{reason}"))
            if _both(material):
                line.append(cell("", "right"))
        rows.append(tuple(line))
    return rows


def response_rates(material: Material) -> Table:
    """ORR, DCR and clinical benefit with limits; both populations where they differ."""
    say = material.say
    names = ["rate", "evaluable", "interval"]
    differ = material.populations_differ()
    if differ:
        names += ["treated", "treated_interval"]
    level = material.numbers.level(material.settings.estimation.confidence)
    columns = [say(f"tables.response_rates.columns.{name}", level=level) for name in names]
    rows: list[Row] = []
    for name in RATES:
        share = material.results.proportions.get(name)
        if share is None or (name == "orr_unconfirmed" and not _both(material)):
            continue
        line = [cell(say(f"tables.response_rates.rows.{_row_name(material, name)}"))]
        line += _pair(material, name, share)
        if differ:
            over_treated = material.results.proportions.get(f"{name}_treated")
            line += (
                [dash(material), dash(material)]
                if over_treated is None
                else _pair(material, f"{name}_treated", over_treated)
            )
        rows.append(tuple(line))
    method = say(f"methods.{material.settings.estimation.proportion_ci}")
    notes = [say("tables.response_rates.note", method=method), *_left_out(material)]
    widths = (0.32, 0.17, 0.17, 0.17, 0.17) if differ else (0.46, 0.27, 0.27)
    return table(material, "response_rates", columns, rows, widths, notes=notes, abbreviated=True)


def _row_name(material: Material, name: str) -> str:
    return f"orr_{response_kind(material)}" if name == "orr" else name


def _pair(material: Material, name: str, share: Proportion) -> list[Cell]:
    path = f"endpoints.{name}"
    limits = cell(material.share_limits(share, path), "right")
    if share.estimate is None:
        limits = dash(material)
    return [cell(material.rate(share, path), "right"), limits]


def _left_out(material: Material) -> list[str]:
    """What the denominators leave out, and why a rate is not estimable."""
    say = material.say
    notes: list[str] = []
    by_reason: dict[str, list[str]] = {}
    for name in RATES:
        share = material.results.proportions.get(name)
        if share is None:
            continue
        words = say(f"tables.response_rates.rows.{_row_name(material, name)}")
        if share.estimate is None and name != "orr_unconfirmed":
            by_reason.setdefault(literal(say.reason(share.reason or "")), []).append(words)
        if share.too_early:
            notes.append(say("tables.response_rates.too_early", rate=words, n=share.too_early))
        if share.unknown and share.estimate is not None:
            notes.append(say("tables.response_rates.unknown", rate=words, n=share.unknown))
    joint = [
        say(
            "tables.response_rates.reason",
            rate=say.listed((rates[0], *(say.lower(each) for each in rates[1:]))),
            reason=reason,
        )
        for reason, rates in by_reason.items()
    ]
    return [*joint, *notes]

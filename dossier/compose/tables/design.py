"""The two-stage design that was declared for the cohort, and what it says of it."""

from __future__ import annotations

from dossier.compose.document import Cell, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.numbers import exact
from dossier.compose.tables.cells import Content, absent, cell, group, number, runs, table
from dossier.compose.tables.p_values import p_value
from dossier.estimate.declared_design import DesignResult, StageCount

_STAGES = ("stage1", "total")


def declared_design(material: Material) -> tuple[str, DesignResult] | None:
    """The endpoint of the declared design and its result; None where none was declared."""
    for name, share in material.results.proportions.items():
        if share.two_stage is not None:
            return name, share.two_stage
    return None


def two_stage(material: Material) -> Table:
    """Planned, counted and needed by stage; the decision, the estimates, and the error rates."""
    say = material.say
    declared = declared_design(material)
    columns = [say(f"tables.two_stage.columns.{name}") for name in ("item", *_STAGES)]
    if declared is None:
        return absent(material, "two_stage", columns, say("tables.two_stage.absent"))
    name, found = declared
    path = f"endpoints.{name}.two_stage"
    rows = [*_stages(material, found, path), group(material, "tables.two_stage.groups.result", 3)]
    rows += _result(material, found, path)
    rows.append(group(material, "tables.two_stage.groups.design", 3))
    rows += _properties(material, found, path)
    endpoint = say.lower(say(f"endpoints.{name}"))
    notes = [say("tables.two_stage.note")]
    if found.inference is not None:
        notes.append(say("tables.two_stage.methods"))
    if found.reason is not None:
        notes.append(say("tables.two_stage.reason", reason=literal(say.reason(found.reason))))
    if found.note is not None:
        notes.append(say.sentence(say.capital(literal(say.reason(found.note)))))
    caption = say("tables.two_stage.caption_of", endpoint=endpoint)
    return table(
        material, "two_stage", columns, rows, (0.5, 0.25, 0.25), notes=notes, caption=caption
    )


def _stages(material: Material, found: DesignResult, path: str) -> list[Row]:
    stages = {"stage1": found.stage1, "total": found.total}
    needed = {"stage1": found.design.r1 + 1, "total": found.design.r + 1}

    def row(label: str, part: str) -> Row:
        counts = (
            number(_count(stage, part), f"{path}.{name}.{part}") for name, stage in stages.items()
        )
        return (cell(material.say(f"tables.two_stage.rows.{label}")), *counts)

    rows = [row("planned", "planned"), row("counted", "n"), row("events", "events")]
    if any(stage.open for stage in stages.values()):
        rows.append(row("open", "open"))
    least = (number(needed[name], f"{path}.design.{name}.minimum") for name in _STAGES)
    rows.append((cell(material.say("tables.two_stage.rows.minimum")), *least))
    return rows


def _count(stage: StageCount, part: str) -> int:
    found: int = getattr(stage, part)
    return found


def _result(material: Material, found: DesignResult, path: str) -> list[Row]:
    say, numbers, inference = material.say, material.numbers, found.inference
    decision = say(f"tables.two_stage.decisions.{found.decision.name.lower()}")
    rows = [_wide(say("tables.two_stage.rows.decision"), Number(decision, f"{path}.decision"))]
    if inference is None:
        words = Number(numbers.not_estimable, f"{path}.umvue")
        return [*rows, _wide(say("tables.two_stage.rows.estimates"), words)]
    level = numbers.level(found.confidence)
    rate = numbers.rate(inference.responses, inference.patients)
    limits = say.inlines(
        "format.limits",
        lower=Number(numbers.decimal(exact(inference.lower) * 100), f"{path}.ci_lower"),
        upper=Number(numbers.decimal(exact(inference.upper) * 100), f"{path}.ci_upper"),
    )
    null = numbers.threshold(found.design.p0, "%")
    upper = Number(numbers.percent(inference.upper_exact), f"{path}.ci_upper_exact")
    rows += [
        _wide(say("tables.two_stage.rows.raw"), Number(rate, f"{path}.estimate")),
        _wide(
            say("tables.two_stage.rows.umvue"),
            Number(numbers.percent(inference.umvue), f"{path}.umvue"),
        ),
        _wide(say("tables.two_stage.rows.limits", level=level), limits),
        _wide(say("tables.two_stage.rows.upper_exact"), upper),
        _wide(
            say("tables.two_stage.rows.p_value", null=null),
            p_value(material, inference.p_value, f"{path}.p_value"),
        ),
    ]
    return rows


def _properties(material: Material, found: DesignResult, path: str) -> list[Row]:
    numbers, rates = material.numbers, found.characteristics
    null = Number(numbers.threshold(found.design.p0, "%"), f"{path}.design.null")
    alternative = Number(numbers.threshold(found.design.p1, "%"), f"{path}.design.alternative")
    shares = {
        "alpha": (rates.alpha, found.design.p0),
        "power": (rates.power, found.design.p1),
        "early_stop_null": (rates.early_stop_p0, found.design.p0),
        "early_stop_alternative": (rates.early_stop_p1, found.design.p1),
    }
    rows = [
        _wide(
            material.say("tables.two_stage.rows.rates"),
            material.say.inlines("tables.two_stage.rates", null=null, alternative=alternative),
        )
    ]
    for name, (share, truth) in shares.items():
        label = material.say(f"tables.two_stage.rows.{name}", rate=numbers.threshold(truth, "%"))
        rows.append(_wide(label, Number(numbers.percent(share), f"{path}.{name}")))
    return rows


def _wide(label: str, content: Content) -> Row:
    """A row whose value belongs to no single stage."""
    return (cell(label), Cell(runs(content), "right", span=2), None)

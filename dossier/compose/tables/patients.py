"""Who was studied: analysis sets, disposition, baseline characteristics."""

from __future__ import annotations

from dossier.compose.document import Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, count, number, table
from dossier.estimate.model import Characteristic

STEPS = ("screened", "enrolled", "treated", "response_evaluable")


def steps_of(material: Material) -> tuple[str, ...]:
    """The steps of the patient flow; who was screened is known only where the files hold them."""
    return tuple(step for step in STEPS if step in material.results.populations)


def analysis_sets(material: Material) -> Table:
    """Patients in each analysis set, and why the others are not."""
    say, results = material.say, material.results
    columns = tuple(
        say(f"tables.analysis_sets.columns.{name}") for name in ("set", "n", "used_for")
    )
    rows: list[Row] = []
    steps = steps_of(material)
    for step in steps:
        lost = results.losses.get(step, {})
        if step != steps[0]:
            rows.append(
                (
                    cell(say(f"tables.analysis_sets.lost.{step}"), indent=1),
                    cell(str(sum(lost.values())), "right"),
                    cell(""),
                )
            )
            rows += [
                (
                    cell(say.reason(reason), indent=2),
                    number(patients, f"losses.{step}.{reason}"),
                    cell(""),
                )
                for reason, patients in lost.items()
            ]
        rows.append(
            (
                cell(say(f"populations.{step}"), strong=True),
                number(results.populations[step], f"populations.{step}"),
                cell(say(f"tables.analysis_sets.used_for.{step}")),
            )
        )
    notes = (say("tables.analysis_sets.note"),)
    return table(
        material, "analysis_sets", columns, rows, (0.5, 0.12, 0.38), notes=notes, numeric=(1,)
    )


def disposition(material: Material) -> Table:
    """Who is still on treatment, and why the others stopped."""
    say, results = material.say, material.results
    n = results.populations["treated"]
    columns = (say("tables.disposition.columns.status"), say("tables.n_of", n=n))
    if not results.disposition:
        return absent(material, "disposition", columns, say("tables.disposition.absent"))
    rows: list[Row] = []
    for status, patients in results.disposition.items():
        words = say.capital(say.recorded("dispositions", status))
        rows.append((cell(words), count(material, patients, n, f"disposition.{status}")))
    notes = (say("tables.disposition.note", cutoff=material.cutoff_date()),)
    return table(material, "disposition", columns, rows, (0.7, 0.3), notes=notes)


def baseline(material: Material) -> Table:
    """Baseline characteristics of the treated patients, missing values always shown."""
    say, results = material.say, material.results
    n = results.populations["treated"]
    columns = (say("tables.baseline.columns.characteristic"), say("tables.n_of", n=n))
    if not results.baseline:
        return absent(material, "baseline", columns, say("tables.baseline.absent"))
    rows: list[Row] = []
    for position, characteristic in enumerate(results.baseline):
        if characteristic.name == "arm" and (material.arms_apart or material.whole):
            continue
        rows += _characteristic(material, characteristic, n, f"baseline.{position}")
    notes = (say("tables.baseline.note"), _not_given(material))
    return table(material, "baseline", columns, rows, (0.66, 0.34), notes=notes)


def prior_treatment(material: Material) -> Table:
    """Earlier lines, and progression-free survival on the last of them."""
    say, results = material.say, material.results
    n = results.populations["treated"]
    columns = (say("tables.baseline.columns.characteristic"), say("tables.n_of", n=n))
    if not results.prior_treatment or not n:
        return absent(material, "prior_treatment", columns, say("tables.prior_treatment.absent"))
    rows: list[Row] = []
    for position, characteristic in enumerate(results.prior_treatment):
        rows += _characteristic(material, characteristic, n, f"prior_treatment.{position}")
    notes = (say("tables.prior_treatment.note"),)
    return table(material, "prior_treatment", columns, rows, (0.66, 0.34), notes=notes)


def _characteristic(material: Material, item: Characteristic, n: int, path: str) -> list[Row]:
    say, numbers = material.say, material.numbers
    rows: list[Row] = [(cell(say.of("characteristics", item.name), strong=True), cell("", "right"))]
    if item.kind == "number" and item.median is not None:
        measured = (item.median, item.q1, item.q3, item.minimum, item.maximum)
        places = 0 if all(float(x or 0).is_integer() for x in measured) else 1
        for label, parts in (("median", ("median", "q1", "q3")), ("range", ("minimum", "maximum"))):
            values = {
                part: Number(numbers.decimal(getattr(item, part), places), f"{path}.{part}")
                for part in parts
            }
            rows.append(
                (
                    cell(say(f"tables.baseline.rows.{label}"), indent=1),
                    cell(say.inlines(f"tables.baseline.values.{label}", **values), "right"),
                )
            )
    if item.kind == "variety":
        rows.append(
            (
                cell(say("tables.baseline.rows.distinct"), indent=1),
                number(item.distinct, f"{path}.distinct"),
            )
        )
    every = _values(material, item)
    most = material.limits.category_rows
    kept, rest = every[:most], every[most:]
    for value in kept:
        words = say.baseline_value(item.name, value)
        counted = (
            count(material, item.counts[value], n, f"{path}.counts.{value}")
            if value in item.counts
            else cell("0", "right")
        )
        rows.append((cell(literal(words), indent=1), counted))
    if rest:
        patients = sum(item.counts.get(value, 0) for value in rest)
        label = say("tables.baseline.rows.other", n=len(rest))
        rows.append((cell(label, indent=1), cell(numbers.count(patients, n), "right")))
    rows.append(
        (
            cell(say("tables.baseline.rows.missing"), indent=1),
            count(material, item.missing, n, f"{path}.missing"),
        )
    )
    return rows


def _values(material: Material, item: Characteristic) -> list[str]:
    """Values of a characteristic, the most frequent of all patients first, in each arm the same."""
    if material.whole is None:
        return list(item.counts)
    of_all = (*material.whole.results.baseline, *(material.whole.results.prior_treatment or ()))
    return next((list(each.counts) for each in of_all if each.name == item.name), list(item.counts))


def _not_given(material: Material) -> str:
    """Characteristics that a reader expects and the input does not have."""
    say = material.say
    given = {item.name for item in material.results.baseline}
    expected = (
        "age",
        "sex",
        "ecog",
        "tumour_type",
        "biomarker",
        "prior_lines",
        "measurable_disease",
        "country",
        "site",
    )
    lacking = tuple(
        say.lower(say.of("characteristics", name)) for name in expected if name not in given
    )
    return say("tables.baseline.not_given", names=say.listed(lacking)) if lacking else ""

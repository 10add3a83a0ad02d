"""The listing of single patients."""

from __future__ import annotations

from dossier.compose.document import Row, Table
from dossier.compose.insertions import literal
from dossier.compose.listing import Band, ListedPatient, ListedTime, listing
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, table

_COLUMNS = ("number", "age", "tumour_type", "best_response", "pfs", "os", "benefit", "reason")


def patient_listing(material: Material) -> Table:
    """One row a treated patient, under the profile of cohort.yaml."""
    say, settings = material.say, material.settings.listing
    columns = tuple(say(f"tables.patient_listing.columns.{name}") for name in _COLUMNS)
    if settings.profile == "none":
        return absent(material, "patient_listing", columns, say("tables.patient_listing.off"))
    found = listing(material.evaluation, settings)
    if not found.patients:
        return absent(material, "patient_listing", columns, say.reason(found.reason))
    rows: list[Row] = [
        _row(material, number, patient) for number, patient in enumerate(found.patients, start=1)
    ]
    notes = (
        say("tables.patient_listing.note"),
        say(f"tables.patient_listing.profiles.{settings.profile}", n=settings.minimum),
        say("tables.patient_listing.not_protected"),
    )
    widths = (0.05, 0.1, 0.19, 0.11, 0.1, 0.1, 0.13, 0.22)
    return table(
        material,
        "patient_listing",
        columns,
        rows,
        widths,
        notes=notes,
        numeric=(4, 5),
        abbreviated=True,
    )


def _row(material: Material, number: int, patient: ListedPatient) -> Row:
    say = material.say
    tumour = patient.tumour_type
    if tumour is None:
        kind = say("tables.patient_listing.other_types")
    else:
        kind = literal(say.baseline_value("tumour_type", tumour)) or material.numbers.dash
    reasons = "; ".join(literal(say.reason(reason)) for reason in patient.reasons)
    return (
        cell(str(number)),
        cell(_age(material, patient)),
        cell(kind),
        cell(patient.best_response),
        cell(_time(material, patient.pfs), "right"),
        cell(_time(material, patient.os), "right"),
        cell(say.of("benefit_states", patient.benefit_16w)),
        cell(reasons or material.numbers.dash),
    )


def _age(material: Material, patient: ListedPatient) -> str:
    say = material.say
    if patient.age_hidden:
        return say("tables.patient_listing.hidden")
    band: Band | None = patient.age
    if band is None:
        return material.numbers.dash
    if band.lower is None and band.upper is None:
        return say("tables.patient_listing.any_age")
    if band.lower is None:
        return say("tables.patient_listing.below", n=band.upper)
    if band.upper is None:
        return say("tables.patient_listing.from", n=band.lower)
    return say("format.limits", lower=band.lower, upper=band.upper - 1)


def _time(material: Material, time: ListedTime | None) -> str:
    if time is None:
        return material.numbers.dash
    say, numbers = material.say, material.numbers
    plus = say("format.censored") if time.censored else ""
    profile = material.settings.listing.profile
    if profile == "internal":
        return numbers.decimal(time.months) + plus
    if profile == "public":
        if time.upper is None:
            return say("tables.patient_listing.from", n=numbers.plain(time.months)) + plus
        lower, upper = numbers.plain(time.months), numbers.plain(time.upper)
        return say("tables.patient_listing.to_below", lower=lower, upper=upper) + plus
    return numbers.plain(time.months) + plus

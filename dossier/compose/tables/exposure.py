"""How long and how much of the treatment the patients had."""

from __future__ import annotations

from dossier.compose.document import Inline, Number, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, count, dash, group, number, table
from dossier.estimate.exposure import COUNTED, DOSES, Exposure
from dossier.estimate.model import Characteristic

_KEY = "tables.exposure"


def exposure(material: Material) -> Table:
    """Duration of treatment, treatment beyond progression, and dose where it is given."""
    say, found = material.say, material.results.exposure
    columns = (say(f"{_KEY}.columns.measure"), say("tables.value"))
    if found is None or (found.reason is not None and not found.doses):
        reason = "the end of treatment is not recorded"
        return absent(material, "exposure", columns, literal(say.reason(reason)))
    rows: list[Row] = []
    if found.reason is None:
        rows.append(group(material, f"{_KEY}.groups.duration", 2))
        rows += _duration(material, found)
    if found.doses:
        rows.append(group(material, f"{_KEY}.groups.dose", 2))
        for item in found.doses:
            rows += _dose(material, found, item)
    notes = [
        say(
            f"{_KEY}.note",
            n=found.n,
            days=material.settings.derivation.beyond_progression_days,
        )
    ]
    if found.beyond_progression.unknown:
        notes.append(say(f"{_KEY}.beyond_unknown", n=found.beyond_progression.unknown))
    given = {item.name for item in found.doses}
    lacking = tuple(say(f"{_KEY}.names.{name}") for name in DOSES if name not in given)
    if lacking:
        notes.append(say(f"{_KEY}.not_given", names=say.listed(lacking)))
    return table(material, "exposure", columns, rows, (0.65, 0.35), notes=notes)


def _duration(material: Material, found: Exposure) -> list[Row]:
    say, numbers = material.say, material.numbers
    rows: list[Row] = []
    time = material.results.times.get("time_on_treatment")
    if time is not None:
        path = "endpoints.time_on_treatment"
        level = numbers.level(time.confidence)
        printed = (
            ("median", say(f"{_KEY}.rows.median"), material.median(time, path, unit=False)),
            ("interval", say(f"{_KEY}.rows.interval", level=level),
             material.median_limits(time, path)),
            ("range", say(f"{_KEY}.rows.range"), material.observed_range(time, path)),
        )  # fmt: skip
        rows += [(cell(words, indent=1), cell(value, "right")) for _, words, value in printed]
    years = dash(material)
    if found.patient_years is not None:
        text = numbers.decimal(found.patient_years)
        years = cell(Number(text, "exposure.patient_years"), "right")
    rows.append((cell(say(f"{_KEY}.rows.patient_years"), indent=1), years))
    if found.ongoing is not None:
        going = count(material, found.ongoing, found.n, "exposure.ongoing")
        rows.append((cell(say(f"{_KEY}.rows.ongoing"), indent=1), going))
    if found.unknown:
        label = cell(say(f"{_KEY}.rows.unknown"), indent=1)
        rows.append((label, number(found.unknown, "exposure.unknown")))
    beyond, path = found.beyond_progression, "exposure.beyond_progression"
    label = cell(say(f"{_KEY}.rows.beyond_progression"), indent=1)
    if beyond.n:
        text = numbers.rate(beyond.events, beyond.n)
        rows.append((label, cell(Number(text, f"{path}.estimate"), "right")))
    else:
        rows.append((label, dash(material)))
    return rows


def _dose(material: Material, found: Exposure, item: Characteristic) -> list[Row]:
    say, path = material.say, f"exposure.doses.{item.name}"
    label = cell(say(f"{_KEY}.rows.{item.name}"), indent=1)
    shares = dict(found.with_any)
    rows: list[Row] = []
    if item.name in COUNTED:
        share, place = shares[item.name], f"exposure.with_any.{item.name}"
        rows.append((label, count(material, share.events, share.n, f"{place}.events")))
    elif item.median is None or item.minimum is None or item.maximum is None:
        rows.append((label, dash(material)))
    else:
        values = (item.median, item.minimum, item.maximum)
        places = 0 if all(value.is_integer() for value in values) else 1
        shown: dict[str, Inline] = {
            name: Number(material.numbers.decimal(getattr(item, name), places), f"{path}.{name}")
            for name in ("median", "minimum", "maximum")
        }
        rows.append((label, cell(say.inlines(f"{_KEY}.span", **shown), "right")))
    if item.missing:
        missing = number(item.missing, f"{path}.missing")
        rows.append((cell(say(f"{_KEY}.rows.missing"), indent=2), missing))
    return rows

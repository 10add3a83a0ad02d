"""Deaths by time since the last dose, and by cause."""

from __future__ import annotations

from dossier.compose.document import Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, count, dash, table


def deaths(material: Material) -> Table:
    """Deaths under treatment or shortly after, and later, each by cause; those related."""
    say, found = material.say, material.results.safety.deaths
    key = "tables.deaths"
    n = material.results.populations["treated"]
    columns = (say(f"{key}.columns.kind"), say("tables.n_of", n=n))
    if found is None or found.deaths is None:
        reason = (found.reason if found is not None else None) or "deaths are not recorded"
        return absent(material, "deaths", columns, literal(say.reason(reason)))
    path = "safety.deaths"
    rows: list[Row] = [
        (
            cell(say(f"{key}.rows.deaths"), strong=True),
            count(material, found.deaths, n, f"{path}.deaths"),
        )
    ]
    for name, causes in found.timing.items():
        if name == "not known" and not causes:
            continue
        number = sum(causes.values())
        label = say(f"{key}.rows.{name}", n=found.window_days)
        place = f"{path}.timing.{name}"
        rows.append((cell(label, indent=1), count(material, number, n, f"{place}.deaths")))
        rows += [
            (
                cell(literal(say.of(f"{key}.causes", cause)), indent=2),
                count(material, patients, n, f"{place}.causes.{cause}"),
            )
            for cause, patients in causes.items()
        ]
    label = say(f"{key}.rows.related")
    notes = [say(f"{key}.note")]
    if found.fatal_without_death:
        notes.append(say(f"{key}.fatal_without_death", n=found.fatal_without_death))
    if found.related is None:
        rows.append((cell(label, strong=True), dash(material)))
        reason = literal(say.reason(found.related_reason or ""))
        notes.append(say(f"{key}.related_absent", reason=reason))
    else:
        place = f"{path}.related_fatal_event.events"
        rows.append((cell(label, strong=True), count(material, found.related, n, place)))
    return table(material, "deaths", columns, rows, (0.75, 0.25), notes=notes)

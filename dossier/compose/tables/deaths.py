"""Deaths by time since the last dose, and by cause."""

from __future__ import annotations

from dossier.compose.document import Cell, Row, Table
from dossier.compose.insertions import literal
from dossier.compose.material import Material
from dossier.compose.tables.cells import absent, cell, count, dash, number, table
from dossier.estimate.deaths import NO_CAUSE, DeathCounts

UNTIMED = "not known"


def deaths(material: Material) -> Table:
    """Deaths under treatment or shortly after, and later, each by cause; those related.

    Where it is not known of some patients whether they died a row says so, and where these are too
    many deaths have no percentage: it would read as if all others lived.
    """
    say, found = material.say, material.results.safety.deaths
    key = "tables.deaths"
    n = material.results.populations["treated"]
    columns = (say(f"{key}.columns.kind"), say("tables.n_of", n=n))
    if found is None or found.deaths is None:
        reason = (found.reason if found is not None else None) or "deaths are not recorded"
        return absent(material, "deaths", columns, literal(say.reason(reason)))
    path = "safety.deaths"
    unknown = found.unknown or 0
    # Arms side by side have the same rows.
    everybody = found if material.whole is None else material.whole.results.safety.deaths or found

    def patients(counted: int, place: str) -> Cell:
        if found.too_many_unknown:
            return number(counted, place)
        return count(material, counted, n, place)

    label = say(f"{key}.rows.{'known_deaths' if everybody.unknown else 'deaths'}")
    rows: list[Row] = [(cell(label, strong=True), patients(found.deaths, f"{path}.deaths"))]
    for name, causes in found.timing.items():
        if (not _untimed(everybody)) if name == UNTIMED else _none_timed(everybody):
            continue
        label = say(f"{key}.rows.{name}", n=found.window_days)
        place = f"{path}.timing.{name}"
        timed = patients(sum(causes.values()), f"{place}.deaths")
        if name != UNTIMED and _none_timed(found):
            timed = dash(material)
        rows.append((cell(label, indent=1), timed))
        rows += [
            (
                cell(literal(say.recorded(f"{key}.causes", cause)), indent=2),
                patients(counted, f"{place}.causes.{cause}"),
            )
            for cause, counted in causes.items()
        ]
    if everybody.unknown:
        label = say(f"{key}.rows.status_unknown")
        place = f"{path}.status_unknown"
        rows.append((cell(label, strong=True), count(material, unknown, n, place)))
    label = say(f"{key}.rows.related")
    told = any(set(causes) - {NO_CAUSE} for causes in found.timing.values())
    notes = [say(f"{key}.note")] if told or found.related is not None else []
    if found.too_many_unknown:
        notes.append(say(f"{key}.too_many_unknown", n=unknown, total=n))
    if found.fatal_without_death:
        notes.append(say(f"{key}.fatal_without_death", n=found.fatal_without_death))
    # Without adverse events their section says so.
    if found.related is None and material.results.safety.given:
        rows.append((cell(label, strong=True), dash(material)))
        reason = literal(say.reason(found.related_reason or ""))
        notes.append(say(f"{key}.related_absent", reason=reason))
    elif found.related is not None:
        place = f"{path}.related_fatal_event.events"
        rows.append((cell(label, strong=True), count(material, found.related, n, place)))
    return table(material, "deaths", columns, rows, (0.75, 0.25), notes=notes)


def _untimed(found: DeathCounts) -> int:
    """Deaths of which it is not known how long after the last dose they came."""
    return sum(found.timing.get(UNTIMED, {}).values())


def _none_timed(found: DeathCounts) -> bool:
    return 0 < _untimed(found) == found.deaths

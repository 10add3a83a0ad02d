"""How p-values are printed."""

from __future__ import annotations

from dossier.compose.document import Number
from dossier.compose.material import Inlines, Material
from dossier.compose.numbers import rounded

_LEAST, _MOST = 0.001, 0.99
_HALF_OF_A_TENTH = 5  # 0.05 in units of the second decimal


def p_value(material: Material, value: float | None, path: str) -> Inlines:
    """``p = 0.15``, ``p = 0.003`` or ``p < 0.001``, never zero or one; a dash where there is none.

    Two decimals, three below 0.01 and where two would print 0.05 for a number beside it.
    """
    numbers, say = material.numbers, material.say
    if value is None:
        return (Number(numbers.dash, path),)
    if value < _LEAST:
        return (Number(say("tables.p_value.below", number=numbers.plain(_LEAST)), path),)
    if value > _MOST:
        return (Number(say("tables.p_value.above", number=numbers.plain(_MOST)), path),)
    in_hundredths = rounded(value, 2)
    places = 3 if in_hundredths < 1 or in_hundredths == _HALF_OF_A_TENTH or value < 0.01 else 2
    return (Number(say("tables.p_value.equal", number=numbers.decimal(value, places)), path),)

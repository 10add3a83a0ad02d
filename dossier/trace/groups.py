"""Whom a part of results.json is about: everybody, an arm, a subgroup, a basket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dossier.estimate.arms import arms_of
from dossier.estimate.levels import levels_of
from dossier.trace.chain import Chain, Mask


@dataclass(frozen=True, eq=False)
class Group:
    """Some of the patients, and the populations among them.

    Parameters
    ----------
    name
        Words to put after the population, ``""`` for everybody.
    members, treated, evaluable
        One entry a patient in each array.
    """

    name: str
    members: Mask
    treated: Mask
    evaluable: Mask

    def called(self, population: str) -> str:
        """Words for a population of this group."""
        return f"{population} {self.name}".strip()


def group_of(chain: Chain, keys: Sequence[str]) -> tuple[Group, tuple[str, ...]]:
    """The group a path is about, and the keys that are left: those of the number in the group.

    Parameters
    ----------
    chain
        What is traced.
    keys
        Keys of the path.
    """
    outer, inner = _group(chain, "", np.ones(len(chain.frame), dtype=np.bool_)), tuple(keys)
    section = chain.results
    if inner[0] == "arms":
        name = inner[1]
        arms = arms_of(chain.cohort, chain.mask("treated"))
        outer, inner = _group(chain, f"of arm {name}", arms[name]), inner[2:]
        section = section["arms"][name]
    match inner:
        case ["subgroups", "columns", column, "groups", place, *rest]:
            return _subgroup(chain, outer, outer.treated, column, int(place)), _endpoint(rest)
        case ["baskets", "baskets", place, "raw", *rest]:
            column, endpoint = section["baskets"]["column"], section["baskets"]["endpoint"]
            group = _subgroup(chain, outer, outer.evaluable, column, int(place))
            return group, ("endpoints", endpoint, *rest)
    return outer, inner


def _endpoint(rest: Sequence[str]) -> tuple[str, ...]:
    """The keys of a number of a subgroup as those of the same number of the cohort."""
    return ("populations", "treated") if rest[0] == "n" else ("endpoints", *rest)


def _subgroup(chain: Chain, outer: Group, population: Mask, column: str, place: int) -> Group:
    bands = chain.cohort.settings.estimation.subgroups.bands
    levels = levels_of(chain.cohort, column, population, bands)
    name = f"{outer.name} with {column.replace('_', ' ')} {levels.labels[place]}".strip()
    return _group(chain, name, levels.codes == place)


def _group(chain: Chain, name: str, members: Mask) -> Group:
    return Group(
        name, members, members & chain.mask("treated"), members & chain.mask("response_evaluable")
    )

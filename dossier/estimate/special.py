"""The special functions of SciPy that the estimates need.

Loading ``scipy.special`` copies every name of numpy and so loads the parts that numpy itself only
loads when they are used. Empty modules stand in meanwhile for two that nobody here needs and that
take longer than all the rest: the tools for Fortran and for tests.
"""

from types import ModuleType

import numpy as np

_NEEDLESS = {"f2py", "testing"} - vars(np).keys()
vars(np).update({name: ModuleType(name) for name in _NEEDLESS})
try:
    from scipy.special import (
        bdtr,
        bdtrc,
        betaincinv,
        betaln,
        binom,
        chdtrc,
        expit,
        gammaincinv,
        gammaln,
        log_expit,
        logit,
        ndtr,
        ndtri,
        stdtrit,
    )
finally:
    for name in _NEEDLESS:
        del vars(np)[name]

__all__ = [
    "bdtr",
    "bdtrc",
    "betaincinv",
    "betaln",
    "binom",
    "chdtrc",
    "expit",
    "gammaincinv",
    "gammaln",
    "log_expit",
    "logit",
    "ndtr",
    "ndtri",
    "stdtrit",
]

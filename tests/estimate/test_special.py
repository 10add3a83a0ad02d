"""SciPy's functions are SciPy's own, and numpy is left as it was."""

import subprocess
import sys

import numpy as np
import scipy.special

from dossier.estimate import special


def test_the_functions_are_those_of_scipy():
    assert special.__all__
    for name in special.__all__:
        assert getattr(special, name) is getattr(scipy.special, name)


def test_numpy_is_left_as_it_was():
    program = (
        "import dossier.estimate.special, numpy\n"
        "assert not {'f2py', 'testing'} & vars(numpy).keys()\n"
        "numpy.testing.assert_equal(numpy.f2py.__name__, 'numpy.f2py')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    np.testing.assert_equal(special.ndtri(0.5), 0.0)

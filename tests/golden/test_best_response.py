"""32 sequences of visits with their best overall response under three readings of RECIST 1.1.

Minimum for stable disease 42 days, confirmation after 28 days, one NE between allowed.
"""

import csv
import re
from pathlib import Path

import pytest

from dossier.derive.response import best_response

READINGS = {
    "progression_after_cr": {},
    "cr_read_as_pr": {"worse_after_cr": "partial-response"},
    "one_sd_between": {"maximum_sd_between": 1},
}
with (Path(__file__).parent / "best_response.csv").open(newline="") as file:
    SEQUENCES = list(csv.DictReader(file))


def test_there_are_32_sequences():
    assert [int(sequence["number"]) for sequence in SEQUENCES] == list(range(1, 33))


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda sequence: sequence["visits"] or "none")
def test_best_response(sequence, reading):
    pairs = re.findall(r"([A-Z/-]+)\((\d+)\)", sequence["visits"])
    response, _, day = sequence[reading].partition("@")

    found = best_response([(int(day), code) for code, day in pairs], **READINGS[reading])

    assert found == (response, int(day) if day else None)

"""The listing of single patients: off unless asked for, and no group in it too small."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.cohort.dossier_settings import ListingSettings
from dossier.cohort.read import read_cohort
from dossier.compose.document import Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.listing import Band, listing
from dossier.compose.reading import document_text
from dossier.evaluation import evaluate
from dossier.locations import shipped

EXAMPLE = shipped("templates").parent / "examples" / "simulated-drup"
QUICK = {"estimation": {"baskets": None}}
PROTECTED = ("hta-confidential", "public")


def cohort_of(ages: list[float | None], tumours: list[str], **columns: list[Any]) -> Any:
    n = len(ages)
    values: dict[str, Any] = {
        "treated": [True] * n, "best_response": ["PR"] * n, "pfs_days": [100.0] * n,
        "pfs_event": [1.0] * n, "pfs_reason": ["progression"] * n, "os_days": [200.0] * n,
        "os_event": [0.0] * n, "benefit_16w": ["benefit"] * n,
        "not_evaluable_response_reason": [""] * n,
    }  # fmt: skip
    patients = pd.DataFrame({"age": ages, "tumour_type": tumours})
    return SimpleNamespace(
        patients=SimpleNamespace(frame=pd.DataFrame(values | columns)),
        cohort=SimpleNamespace(patients=patients),
    )


def listed(made: Any, profile: str, minimum: int = 5) -> Any:
    return listing(made, ListingSettings(profile=profile, minimum=minimum))


ages = st.one_of(st.none(), st.integers(0, 105))
people = st.lists(
    st.tuples(ages, st.sampled_from(["a", "b", "c", "d", ""])), min_size=1, max_size=60
)


@given(people, st.sampled_from(PROTECTED), st.integers(2, 11))
def test_no_patient_shares_tumour_type_and_age_with_too_few(
    who: list[tuple[int | None, str]], profile: str, minimum: int
) -> None:
    made = cohort_of([age for age, _ in who], [kind for _, kind in who])
    found = listed(made, profile, minimum)
    if len(who) < minimum:
        assert found.patients == ()
        assert found.reason == "too few patients to protect them"
        return
    assert len(found.patients) == len(who)
    groups = Counter((p.tumour_type, p.age, p.age_hidden) for p in found.patients)
    assert min(groups.values()) >= minimum
    # What is withheld cannot be found by subtraction: it is never one small group.
    withheld = Counter(p.tumour_type for p in found.patients if p.age_hidden)
    assert all(n >= minimum for n in withheld.values())
    assert all(n >= minimum for n in Counter(p.tumour_type for p in found.patients).values())


@given(people)
def test_the_order_of_the_file_cannot_be_seen(who: list[tuple[int | None, str]]) -> None:
    forward = cohort_of([age for age, _ in who], [kind for _, kind in who])
    back = cohort_of([age for age, _ in who[::-1]], [kind for _, kind in who[::-1]])
    for profile in ("internal", *PROTECTED):
        assert listed(forward, profile).patients == listed(back, profile).patients


def test_nobody_above_89_is_told_apart() -> None:
    found = listed(cohort_of([90, 97, 104, 89], ["a"] * 4), "internal")
    assert Counter(p.age for p in found.patients) == {Band(90, None): 3, Band(80, 90): 1}


def test_times_lose_detail_from_profile_to_profile() -> None:
    made = cohort_of([60] * 5, ["a"] * 5, pfs_days=[200.0] * 5, pfs_event=[0.0] * 5)
    internal, confidential, public = (
        listed(made, profile).patients[0].pfs for profile in ("internal", *PROTECTED)
    )
    assert round(float(internal.months), 2) == 6.57
    assert (confidential.months, confidential.censored) == (6, True)
    assert (public.months, public.upper) == (6, 12)


def test_what_is_not_known_stays_unknown() -> None:
    made = cohort_of([60], ["a"], pfs_days=[np.nan], pfs_event=[np.nan], best_response=["NE"],
                     not_evaluable_response_reason=["no assessment after baseline"])  # fmt: skip
    (patient,) = listed(made, "internal").patients
    assert patient.pfs is None
    assert patient.reasons == ("no assessment after baseline", "progression")


def test_untreated_patients_are_not_listed() -> None:
    made = cohort_of([60, 61], ["a", "a"], treated=[True, False])
    assert len(listed(made, "internal").patients) == 1
    assert listed(cohort_of([60], ["a"], treated=[False]), "public").reason == "no patients"


# --- in the dossier ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example() -> Any:
    return read_cohort(EXAMPLE)


def table_in(example: Any, profile: str, language: str = "en") -> tuple[Table, str]:
    settings = QUICK | {"listing": {"profile": profile}}
    made = evaluate(example, criteria=[], settings=settings)
    document = compose(made, language=language)
    (table,) = (
        block
        for block in document.blocks
        if isinstance(block, Table) and block.anchor == "table_patient_listing"
    )
    cells = [c for row in table.rows for c in row if c is not None]
    return table, "\n".join(plain_text(cell.children) for cell in cells)


def test_nothing_is_listed_unless_asked_for(example: Any) -> None:
    document = compose(evaluate(example, criteria=[], settings=QUICK))
    assert "table_patient_listing" not in {
        b.anchor for b in document.blocks if isinstance(b, Table)
    }
    assert "Listing of patients" not in document_text(document)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("profile", ["internal", *PROTECTED])
def test_no_identifier_date_or_site_is_printed(example: Any, profile: str, language: str) -> None:
    table, text = table_in(example, profile, language)
    assert len(table.rows) == 59
    assert "SIM-" not in text
    assert "Hospital" not in text
    assert "20" not in {word[:2] for word in text.split() if len(word) == 10 and "-" in word}
    notes = " ".join(plain_text(note) for note in table.notes)
    assert {"en": "Not protected", "nl": "Niet beschermd"}[language] in notes

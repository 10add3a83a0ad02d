"""Best overall response: options, borders, errors, and agreement with a naive implementation."""

import doctest
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_response import naive_best_response
from patient_stories import visits

from dossier.cohort.columns import RESPONSES
from dossier.cohort.settings import Derivation
from dossier.derive import response
from dossier.derive.response import best_response, best_responses
from dossier.derive.visits import arrange
from dossier.errors import InputError

RE_READ = {"worse_after_cr": "partial-response"}

# What the patient's scans showed, options, best response and the day that carries it.
CASES = {
    "confirmation exactly 28 days later": ("PR(57) PR(85)", {}, ("PR", 57)),
    "confirmation one day short": ("PR(57) PR(84)", {}, ("SD", 57)),
    "a shorter interval in the protocol": ("PR(57) PR(84)", {"confirmation_days": 27}, ("PR", 57)),
    "no confirmation required": ("PR(57) PD(113)", {"confirmation": False}, ("PR", 57)),
    "unconfirmed CR goes before earlier PR": (
        "PR(57) CR(113) PD(169)",
        {"confirmation": False},
        ("CR", 113),
    ),
    "first PR not confirmed, a later one is": (
        "PR(57) SD(113) PR(169) PR(225)",
        {},
        ("PR", 169),
    ),
    "two NE between are one too many": ("PR(57) NE(64) NE(71) PR(113)", {}, ("SD", 57)),
    "two NE between allowed": (
        "PR(57) NE(64) NE(71) PR(113)",
        {"maximum_ne_between": 2},
        ("PR", 57),
    ),
    "no NE between allowed": ("PR(57) NE(85) PR(113)", {"maximum_ne_between": 0}, ("SD", 57)),
    "one SD between allowed for PR": (
        "PR(57) SD(85) PR(113)",
        {"maximum_sd_between": 1},
        ("PR", 57),
    ),
    "two SD between are one too many": (
        "PR(57) SD(71) SD(85) PR(113)",
        {"maximum_sd_between": 1},
        ("SD", 57),
    ),
    "one SD and one NE between": (
        "PR(57) SD(71) NE(85) PR(113)",
        {"maximum_sd_between": 1},
        ("PR", 57),
    ),
    "one SD between never confirms CR": (
        "CR(57) SD(85) CR(113)",
        {"maximum_sd_between": 1},
        ("SD", 57),
    ),
    "NON-CR/NON-PD between blocks PR": (
        "PR(57) NON-CR/NON-PD(85) PR(113)",
        {"maximum_sd_between": 1},
        ("SD", 57),
    ),
    "SD on the minimum day": ("SD(42)", {}, ("SD", 42)),
    "SD a day before the minimum": ("SD(41)", {}, ("NE", 41)),
    "SD a day before the minimum, within tolerance": (
        "SD(41)",
        {"sd_tolerance_days": 3},
        ("SD", 41),
    ),
    "the first day within the tolerance": ("SD(39)", {"sd_tolerance_days": 3}, ("SD", 39)),
    "a day before the tolerance": ("SD(38)", {"sd_tolerance_days": 3}, ("NE", 38)),
    "the tolerance holds for an unconfirmed response": (
        "PR(39) PD(57)",
        {"sd_tolerance_days": 3},
        ("SD", 39),
    ),
    "the tolerance holds without measurable lesions": (
        "NON-CR/NON-PD(39)",
        {"sd_tolerance_days": 3},
        ("NON-CR/NON-PD", 39),
    ),
    "another minimum with its tolerance": (
        "SD(49) PD(99)",
        {"sd_minimum_days": 56, "sd_tolerance_days": 7},
        ("SD", 49),
    ),
    "another minimum, a day before its tolerance": (
        "SD(48) PD(99)",
        {"sd_minimum_days": 56, "sd_tolerance_days": 7},
        ("PD", 99),
    ),
    "sequence 15 with a window of a day": ("PR(57) PR(84)", {"confirmation_days": 27}, ("PR", 57)),
    "sequence 32 with a window of a day": ("SD(41) PD(99)", {"sd_tolerance_days": 1}, ("SD", 41)),
    "a longer interval": ("PR(57) PR(98)", {"confirmation_days": 42}, ("SD", 57)),
    "a longer interval, to the day": ("PR(57) PR(99)", {"confirmation_days": 42}, ("PR", 57)),
    "the interval for CR too": ("CR(57) CR(84) PD(169)", {"confirmation_days": 28}, ("SD", 57)),
    "NE between allowed for CR as for PR": (
        "CR(57) NE(85) NE(99) CR(113)",
        {"maximum_ne_between": 2},
        ("CR", 57),
    ),
    "NE allowance is of the pair, not of the patient": (
        "PR(57) NE(85) PR(113) NE(141) PR(169)",
        {},
        ("PR", 57),
    ),
    "NON-CR/NON-PD a day before the minimum": ("NON-CR/NON-PD(41)", {}, ("NE", 41)),
    "SD goes before NON-CR/NON-PD": ("NON-CR/NON-PD(57) SD(113)", {}, ("SD", 113)),
    "early PR without confirmation": ("PR(36)", {}, ("NE", 36)),
    "early PR, then PD": ("PR(36) PD(57)", {}, ("PD", 57)),
    "early but confirmed PR": ("PR(20) PR(48)", {}, ("PR", 20)),
    "PR after PD does not count": ("SD(57) PD(85) PR(113) PR(169)", {}, ("SD", 57)),
    "CR after new therapy is not counted": ("CR(57) CR(113)", {"new_therapy_day": 112}, ("SD", 57)),
    "scan on the day new therapy starts": ("CR(57) CR(113)", {"new_therapy_day": 113}, ("CR", 57)),
    "scan after the cut-off": ("PR(57) PR(113)", {"data_cutoff_day": 112}, ("SD", 57)),
    "scan on the cut-off": ("PR(57) PR(113)", {"data_cutoff_day": 113}, ("PR", 57)),
    "baseline scan is no response": ("PR(0) PR(57)", {}, ("SD", 57)),
    "screening scan is no response": ("PR(-14) PR(57)", {}, ("SD", 57)),
    "confirmed CR stays CR when disease returns": ("CR(57) CR(113) PR(169)", {}, ("CR", 57)),
    "the same, CR re-read": ("CR(57) CR(113) PR(169)", RE_READ, ("PR", 57)),
    "CR re-read only where something follows": (
        "CR(57) PR(85) CR(113) CR(169)",
        RE_READ,
        ("CR", 113),
    ),
    "CR then PD is not re-read": ("CR(57) PD(113)", RE_READ, ("SD", 57)),
    "CR then NON-CR/NON-PD is relapse": ("CR(36) NON-CR/NON-PD(57)", {}, ("PD", 57)),
    "relapse ends what counts": ("CR(36) SD(40) SD(113)", {}, ("PD", 40)),
    "two responses on one day: the worse": ("PR(57) PD(57) PR(113)", {}, ("PD", 57)),
    "NE beside a response on one day": ("NE(57) PR(57) PR(113)", {}, ("PR", 57)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_patient(case):
    scans, options, expected = case
    assert best_response(visits(scans), **options) == expected
    assert naive_best_response(visits(scans), **options) == expected


sequences = st.lists(
    st.tuples(
        st.one_of(st.integers(-10, 200), st.integers(1, 8).map(lambda cycle: 28 * cycle)),
        st.sampled_from(RESPONSES),
    ),
    max_size=10,
)
limits = st.none() | st.integers(0, 220)
options = st.fixed_dictionaries(
    {
        "confirmation": st.booleans(),
        "confirmation_days": st.sampled_from([0, 27, 28, 42]),
        "maximum_ne_between": st.integers(0, 2),
        "maximum_sd_between": st.integers(0, 1),
        "sd_minimum_days": st.sampled_from([0, 35, 42, 56]),
        "sd_tolerance_days": st.sampled_from([0, 3, 7]),
        "worse_after_cr": st.sampled_from(["progression", "partial-response"]),
        "new_therapy_day": limits,
        "data_cutoff_day": limits,
    }
)


@settings(max_examples=1500)
@given(sequences, options)
def test_agrees_with_the_naive_implementation(scans, chosen):
    assert best_response(scans, **chosen) == naive_best_response(scans, **chosen)


@settings(max_examples=1000)
@given(
    st.lists(st.sampled_from(("CR", "PR", "SD", "NE", "PD")), min_size=2, max_size=9),
    options,
)
def test_agrees_with_the_naive_implementation_on_regular_scans(responses, chosen):
    scans = [(28 * (place + 1), response) for place, response in enumerate(responses)]
    chosen |= {"new_therapy_day": None, "data_cutoff_day": None}
    assert best_response(scans, **chosen) == naive_best_response(scans, **chosen)


OPTION_SETS = [
    {
        "confirmation": confirmation,
        "maximum_ne_between": ne,
        "maximum_sd_between": sd,
        "worse_after_cr": worse_after_cr,
    }
    for confirmation, ne, sd, worse_after_cr in itertools.product(
        (True, False), (0, 1, 2), (0, 1), ("progression", "partial-response")
    )
]


@pytest.mark.parametrize("chosen", OPTION_SETS, ids=str)
def test_many_patients_at_once_agree_with_the_naive_implementation(chosen):
    """A thousand patients in one pass: no patient's visits leak into another's result."""
    random = np.random.default_rng(20240531)
    count = 1000
    patient = np.sort(random.integers(0, count, 6 * count))
    day = 28.0 * random.integers(-1, 12, 6 * count) + random.integers(-2, 3, 6 * count)
    code = random.choice(len(RESPONSES), 6 * count, p=(0.2, 0.3, 0.2, 0.05, 0.05, 0.2)).astype(
        np.int8
    )
    last_day = np.where(random.random(count) < 0.3, random.integers(0, 300, count), np.inf)

    arranged = arrange(patient, day, code, np.arange(6 * count), patients=count)
    best = best_responses(arranged, last_day, Derivation(**chosen))
    days = arranged.day_at(best.place)

    for each in range(count):
        scans = [
            (int(day[row]), RESPONSES[code[row]])
            for row in range(*np.searchsorted(patient, [each, each + 1]))
        ]
        expected = naive_best_response(scans, new_therapy_day=last_day[each], **chosen)
        found = None if best.place[each] < 0 else int(days[each])
        assert (RESPONSES[best.response[each]], found) == expected


@given(sequences.flatmap(lambda scans: st.tuples(st.just(scans), st.permutations(scans))), options)
def test_the_order_of_the_rows_does_not_matter(pair, chosen):
    scans, shuffled = pair
    assert best_response(scans, **chosen) == best_response(shuffled, **chosen)


RANK = {response: place for place, response in enumerate(RESPONSES)}


@settings(max_examples=1000)
@given(sequences, options, st.data())
def test_a_lost_scan_never_helps_a_patient_without_cr(scans, chosen, data):
    """A PR that becomes NE never improves the best response; only true where nothing is CR."""
    scans = list({day: (day, response) for day, response in scans if response != "CR"}.values())
    partial = [place for place, (_, response) in enumerate(scans) if response == "PR"]
    if not partial:
        return
    lost = data.draw(st.sampled_from(partial))
    fewer = [(day, "NE") if place == lost else (day, r) for place, (day, r) in enumerate(scans)]
    assert RANK[best_response(fewer, **chosen)[0]] >= RANK[best_response(scans, **chosen)[0]]


@pytest.mark.parametrize(
    ("scans", "lost", "reason"),
    [
        ("CR(57) PR(113) PR(169)", 57, "hides that a complete response was lost"),
        ("SD(36) PD(57) PR(85) PR(113)", 57, "hides progression"),
        ("PR(57) SD(85) PR(113)", 85, "hides the stable disease between two responses"),
    ],
)
def test_a_lost_scan_can_help(scans, lost, reason):
    """Strict RECIST is not monotone: one scan made NE turns these patients into responders."""
    fewer = [(day, "NE" if day == lost else response) for day, response in visits(scans)]
    assert best_response(visits(scans))[0] not in ("CR", "PR")
    assert best_response(fewer)[0] == "PR", reason


@settings(max_examples=1000)
@given(sequences, options)
def test_confirmation_never_improves_a_response(scans, chosen):
    single = best_response(scans, **chosen | {"confirmation": False})
    confirmed = best_response(scans, **chosen | {"confirmation": True})
    assert RANK[single[0]] <= RANK[confirmed[0]]


def test_synonyms_and_lower_case_are_understood():
    assert best_response([(57, "partial response"), (113, "pr ")]) == ("PR", 57)


def test_no_visits():
    assert best_response([]) == ("NE", None)


def test_every_problem_is_reported_with_the_nearest_known_name():
    with pytest.raises(InputError) as caught:
        best_response([(57, "PRR"), ("x", "SD"), (1.5, "SD"), 7], confirmation_day=28)
    problems = caught.value.problems
    assert [problem.row for problem in problems] == [None, 1, 2, 3, 4]
    assert problems[0].column == "confirmation_day"
    assert "did you mean 'confirmation_days'?" in problems[0].message
    assert problems[1].value == "PRR"
    assert "did you mean 'PR'?" in problems[1].message


def test_the_examples_in_the_documentation_run():
    assert doctest.testmod(response).failed == 0


def test_an_impossible_option_is_an_input_error():
    with pytest.raises(InputError, match="worse_after_cr"):
        best_response([], worse_after_cr="nothing")
    with pytest.raises(InputError, match="new_therapy_day"):
        best_response([], new_therapy_day="tomorrow")

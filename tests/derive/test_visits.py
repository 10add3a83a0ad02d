"""Which assessments count: assessor, dates, days, duplicates."""

import numpy as np
import pandas as pd
from patient_stories import cohort_of, date

from dossier.derive.patients import derive
from dossier.derive.timeline import timeline_of
from dossier.derive.visits import NO_VISIT, PR, SD, visits_of


def read(cohort):
    return visits_of(cohort, timeline_of(cohort))


def with_assessors(cohort, *names):
    cohort.assessments["assessor"] = pd.Series(names, dtype=object)
    return cohort


def test_visits_are_sorted_and_padded():
    visits = read(cohort_of({"visits": "PR(113) SD(57)"}, {"visits": ""}, {"visits": "SD(50)"}))
    assert visits.response.tolist() == [[SD, PR], [NO_VISIT, NO_VISIT], [SD, NO_VISIT]]
    assert visits.row.tolist() == [[3, 2], [-1, -1], [4, -1]]


def test_a_cohort_without_any_visit_has_one_empty_place():
    assert read(cohort_of({"visits": ""})).response.tolist() == [[NO_VISIT]]


def test_exact_duplicates_count_once():
    twice = derive(cohort_of({"visits": "PR(57) PR(57) NE(85) NE(85) PR(113)"})).frame
    assert twice["best_response"].tolist() == ["PR"]
    assert twice["best_response_row"].tolist() == [2]


def test_days_and_dates_give_the_same():
    stories = [{"visits": "PR(57) PR(113) PD(169)", "died": 300}, {"visits": "SD(57)", "alive": 99}]
    by_date, by_day = (derive(cohort_of(*stories, by_day=by_day)).frame for by_day in (False, True))
    pd.testing.assert_frame_equal(
        by_date.drop(columns="os_column"), by_day.drop(columns="os_column")
    )


def test_the_date_goes_before_the_day():
    cohort = cohort_of({"visits": "SD(57)"})
    cohort.assessments["day"] = 999.0
    assert derive(cohort).frame["pfs_days"].tolist() == [57]


def test_assessments_without_date_or_response_are_left_out():
    cohort = cohort_of({"visits": "SD(57) PD(85) SD(113)"})
    cohort.assessments.loc[1, "date"] = pd.NaT
    cohort.assessments.loc[2, "response"] = ""
    assert derive(cohort).frame["pfs_days"].tolist() == [57]


def test_the_investigator_reads_where_there_are_two():
    cohort = cohort_of({"visits": "SD(57) PD(57)"})
    cohort = with_assessors(cohort, "Investigator", "central")
    assert derive(cohort).frame["best_response"].tolist() == ["SD"]


def test_the_only_assessor_reads_whoever_that_is():
    cohort = with_assessors(cohort_of({"visits": "SD(57) PD(113)"}), "central", "central")
    assert derive(cohort).frame["pfs_days"].tolist() == [113]


def test_the_assessor_is_an_option():
    cohort = with_assessors(
        cohort_of({"visits": "SD(57) PD(57)"}, assessor="Central"), "investigator", "central"
    )
    frame = derive(cohort).frame
    assert frame["best_response"].tolist() == ["PD"]
    assert frame["best_response_row"].tolist() == [3]


def test_start_of_treatment_differs_between_patients():
    cohort = cohort_of({"visits": "SD(57)"}, {"visits": "SD(57)"})
    cohort.patients.loc[1, "treatment_start"] = date(10)
    np.testing.assert_array_equal(derive(cohort).frame["pfs_days"], [57, 47])

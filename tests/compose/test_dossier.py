"""The finished dossier: what must hold for every evaluation, and what it says in special cases."""

import datetime
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import durable_benefit, evaluation, pack_copy, query, time_to_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.appraise.verdict import Explanation, RuleVerdict, Verdict
from dossier.cohort.settings import Derivation, Estimation
from dossier.compose.document import (
    Contents,
    CrossReference,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Paragraph,
    Strong,
    Table,
    TitlePage,
    plain_text,
)
from dossier.compose.dossier import compose
from dossier.compose.figures import FIGURES
from dossier.compose.judging import conditions, conditions_of_kind
from dossier.compose.pack import open_pack
from dossier.compose.reading import document_text, numbers_in
from dossier.compose.scene import Label
from dossier.compose.tables import TABLES
from dossier.compose.tables.methods import _leaves
from dossier.fonts import missing_glyphs
from dossier.locations import shipped

FORBIDDEN = re.compile(
    r"\b(nan|None|inf|NaN|NaT|True|False|Undefined|dataclass)\b|[\ue000-\uf8ff]|[{}]"
)


def text_of(**changes: Any) -> str:
    return document_text(compose(evaluation(**changes))).replace("\u00a0", " ")


def found_at(results: Any, path: str) -> tuple[bool, Any]:
    """The value at a path whose elements may themselves hold dots."""
    if path == "":
        return True, results
    if isinstance(results, list):
        first, _, rest = path.partition(".")
        return found_at(results[int(first)], rest) if first.isdecimal() else (False, None)
    if isinstance(results, dict):
        for key in sorted(map(str, results), key=len, reverse=True):
            if path == key or path.startswith(f"{key}."):
                found = found_at(results[key], path[len(key) + 1 :])
                if found[0]:
                    return found
    return False, None


def references(children: tuple[Inline, ...]) -> Iterator[CrossReference]:
    for child in children:
        if isinstance(child, CrossReference):
            yield child
        elif isinstance(child, Strong | Emphasis | Footnote):
            yield from references(child.children)


def all_runs(document: Document) -> Iterator[tuple[Inline, ...]]:
    for block in document.blocks:
        match block:
            case Table():
                for row in (*block.header, *block.rows):
                    yield from (cell.children for cell in row if cell)
                yield from (block.caption, *block.notes)
            case Figure():
                yield from (block.caption, *block.notes)
            case Heading() | Paragraph():
                yield block.children
            case _:
                yield from getattr(block, "items", getattr(block, "paragraphs", ()))


def check(document: Document, results: dict[str, Any]) -> None:
    """What must hold for every dossier."""
    text = document_text(document)
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    assert not missing_glyphs(text)
    anchors = [b.anchor for b in document.blocks if hasattr(b, "anchor")]
    assert len(anchors) == len(set(anchors))
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9_]{0,39}", anchor) for anchor in anchors)
    for runs in all_runs(document):
        for reference in references(runs):
            assert reference.target in anchors
            assert reference.text
    for block in document.blocks:
        if isinstance(block, Table):
            widths = {sum(c.span for c in row if c) for row in (*block.header, *block.rows)}
            lengths = {len(row) for row in (*block.header, *block.rows)}
            assert widths == lengths == {len(block.widths)}
            assert block.rows
            assert block.description
            assert all(row[0] is not None and row[0].children for row in block.rows)
        if isinstance(block, Figure):
            assert block.scene.alt
            assert block.scene.width <= 470.01
    for number in numbers_in(document):
        assert found_at(results, number.path)[0], number


shares = st.integers(0, 40)


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    patients = draw(st.integers(0, 30))
    treated = draw(st.integers(0, patients))
    evaluable = draw(st.integers(0, treated))

    def endpoint(most: int, nobody: str = "no patients") -> Any:
        n = draw(st.integers(0, most))
        days = draw(st.lists(st.integers(0, 900), min_size=n, max_size=n))
        event = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
        return time_to_event(
            [float(d) for d in days], event, unknown=draw(st.integers(0, 3)), nobody=nobody
        )

    responders = draw(st.integers(0, evaluable))
    return {
        "patients": patients,
        "treated": treated,
        "evaluable": evaluable,
        "responders": responders,
        "not_evaluable": draw(st.integers(0, 5)),
        "pfs": endpoint(treated),
        "os": endpoint(treated),
        "dor": endpoint(responders, "no responders"),
        "safety": draw(st.booleans()),
        "given": draw(st.booleans()),
        "cutoff": draw(st.none() | st.just(datetime.date(2024, 5, 31))),
        "too_early": draw(st.integers(0, 3)),
        "queries": tuple(query(i) for i in range(draw(st.integers(0, 3)))),
        "baseline": draw(st.sampled_from([None, ()])),
        "verdicts": draw(st.sampled_from([None, ()])),
        "settings": {"derivation": {"confirmation": draw(st.booleans())}},
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_every_evaluation_gives_a_sound_dossier(scenario: dict[str, Any]) -> None:
    made = evaluation(**scenario)
    results = made.to_dict()
    check(compose(made), results)


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ({}, "The chance of response was 16.0% (95% CI 4.5–36.1; 4 of 25 patients), with a median"),
        ({"responders": 0}, "was 0.0% (95% CI 0.0–13.7): none of 25 patients had a response"),
        ({"patients": 0}, "No patient was treated, so nothing can be said"),
        ({"evaluable": 0}, "The chance of response cannot be stated: no patients."),
        (
            {"dor": time_to_event([], [], unknown=4)},
            "How long responses lasted is not known for any patient.",
        ),
        (
            {"dor": time_to_event([100.0, 200.0, 300.0, 400.0], [0, 0, 0, 0])},
            "The median duration of response was not reached: 0 of 4 responses had ended, and "
            "observed durations ranged from 3.3+–13.1+ months.",
        ),
        ({}, "The evidence comes from one single-arm study of 25 treated patients"),
        ({"patients": 1, "responders": 0}, "study of 1 treated patient:"),
    ],
)
def test_the_first_sentence(scenario: dict[str, Any], sentence: str) -> None:
    assert sentence in text_of(**scenario)


def test_limits_that_are_partly_reached() -> None:
    days = [float(d) for d in range(30, 330, 30)]
    dor = time_to_event(days, [1, 1, 0, 1, 0, 1, 0, 0, 1, 0])
    assert dor.median.days is not None
    assert dor.median.ci_upper_days is None
    text = text_of(patients=40, responders=10, dor=dor)
    assert re.search(
        r"median duration of response of \d+\.\d months \(95% CI \d+\.\d–not reached\)", text
    )


def test_every_table_and_figure_is_in_the_standard_dossier() -> None:
    scenario = {"responders": 12, "queries": (query(1),)}
    document = compose(evaluation(**scenario))
    anchors = {b.anchor for b in document.blocks if isinstance(b, Table | Figure)}
    missing = {f"table_{name}" for name in TABLES} - anchors
    # For packs that say less, or ask more, than the standard one; then those of other cohorts.
    assert missing <= {
        "table_patient_listing", "table_disposition", "table_protocol_deviations",
        "table_partial_dates", "table_efficacy", "table_pico", "table_analyses",
        "table_exposure", "table_deaths", "table_durability",
        "table_two_stage", "table_subgroups", "table_arms", "table_comparisons",
            "table_restricted_mean", "table_progression_incidence", "table_baskets",
            "table_basket_priors", "table_adverse_events_by_arm", "table_quality_of_life",
            "table_pfs_ratio", "table_prior_treatment", "table_exceptional_responders",
            "table_stability", "table_bootstrap",
            "table_sensitivity", "table_sensitivity_verdicts", "table_sensitivity_changes",
            "table_concordance",
            "table_scenario_list", "table_sweeps", "table_tipping_points",
            "table_minimum_responders", "table_predictions", "table_verdict_stability",
            "table_compared_criteria",
            "table_changed_numbers", "table_changed_entries", "table_changed_inputs",
            "table_changed_patients",
    }  # fmt: skip
    assert {f"figure_{name}" for name in ("flow", "pfs", "os", "dor")} <= anchors
    assert "figure_margins_durable_benefit" in anchors
    assert "table_criterion_durable_benefit" in anchors


def test_tables_and_figures_are_numbered_in_order() -> None:
    blocks = compose(evaluation(responders=12)).blocks
    for kind, word in ((Table, "Table"), (Figure, "Figure")):
        labels = [b.label for b in blocks if isinstance(b, kind)]
        assert labels == [f"{word}\u00a0{i + 1}" for i in range(len(labels))]
    numbers = [b.number for b in blocks if isinstance(b, Heading) and b.level == 1 and b.number]
    assert numbers == [str(i + 1) for i in range(len(numbers))]


def test_the_document_starts_with_title_and_contents() -> None:
    document = compose(evaluation())
    assert isinstance(document.blocks[0], TitlePage)
    assert [b.kind for b in document.blocks if isinstance(b, Contents)] == [
        "headings", "tables", "figures",
    ]  # fmt: skip
    assert document.language == "en-GB"
    assert document.header == "Examplinib in rare tumours"
    assert "31\u00a0May\u00a02024" in document.footer
    assert document.properties["sha256 patients.csv"] == "c" * 64
    assert document.properties["sha256 durable-benefit"] == "a" * 64
    assert document.words.page_of == "Page {page} of {pages}"


def test_what_cannot_be_filled_says_what_is_missing() -> None:
    text = text_of(
        safety=False,
        baseline=(),
        cutoff=None,
        os=time_to_event([], [], unknown=25),
        given=True,
    )
    assert "Safety cannot be described: the input has no table of adverse events." in text
    assert "Characteristics of the patients (age, sex and others)" in text
    assert "This table cannot be filled" not in text
    assert "no cut-off was declared" in text
    assert (
        "Overall survival cannot be estimated: unknown for 25 of 25 patients (status not known: 25)"
        in text
    )
    assert "Overall survival (unknown for 25 of 25 patients)" in text
    assert "Figure not drawn – Overall survival" not in text
    assert "every enrolled patient is assumed to have been treated" in text
    assert "Whether responses were confirmed is not known" in text
    assert "[to be completed by the applicant]" in text
    assert "Who is still on treatment, and why others stopped; exposure to treatment" in text


def test_both_populations_are_printed_where_they_differ() -> None:
    text = text_of(patients=30, treated=28, evaluable=25)
    assert "Among all treated patients it was 14.3% (4/28)" in text
    assert "All treated, % (n/N)" in text
    assert "withdrew: 3" in text
    assert "Not treated (n = 2)" in text
    assert "All treated, % (n/N)" not in text_of()


def test_patients_who_are_too_early_are_counted() -> None:
    text = text_of(too_early=2)
    assert "Clinical benefit at 16 weeks: 2 patients are too early" in text
    assert "Follow-up is still too short to tell in 2 patients, who are not counted." in text


def test_a_rule_shows_its_arithmetic() -> None:
    text = text_of()
    assert (
        "At least one patient in five responds [response] | 16.0% (4/25), 95% CI 4.5–36.1 | "
        "≥ 20% | −4.0 points | Not met | Not met" in text
    )
    # 6.0041 months must not read '6.0 months' beside a threshold of 6 months.
    assert "6.004 months, 95% CI 3.9–not reached n = 25 | ≥ 6 months | +0.004 months | Met" in text
    assert "Whether quality of life improved [qol] | not declared | declared" in text
    assert "Threshold replaced by the user" in text
    assert "response and (pfs or qol)" in text
    assert "Source of pfs: A paper; read at the source; read on 21 November 2026." in text
    assert (
        "One up: not applied, because this is not known: whether quality of life improved." in text
    )
    assert "thresholds were replaced by the user (pfs=6 months)" in text


def test_grades_still_possible_are_named() -> None:
    rule = RuleVerdict(
        "pfs_6", "pfs.median >= 6 months", Verdict.NOT_ASSESSABLE, n=0, comparison=">=",
        threshold=6.0, unit="months", quantity="pfs.median", missing=("pfs.median",),
        reason="median progression-free survival: not known for 25 of 25 patients",
    )  # fmt: skip
    leaf = Explanation("rule", Verdict.NOT_ASSESSABLE, "pfs_6")
    grade = Explanation("grade", Verdict.NOT_ASSESSABLE, label="3", parts=(leaf,))
    verdict = durable_benefit(
        verdict=Verdict.NOT_ASSESSABLE,
        rules=(rule,),
        explanation=Explanation("grades", Verdict.NOT_ASSESSABLE, parts=(grade,)),
        possible_grades=("3", "no grade"),
        missing=("pfs.median",),
    )
    text = text_of(verdicts=(verdict,))
    assert (
        "Missing: median progression-free survival; grades still possible: 3 and no grade" in text
    )
    assert "Median progression-free survival | Not assessable | not known | ≥ 6 months | –" in text


def test_a_lower_grade_at_the_confidence_limit_is_printed_beside_the_grade() -> None:
    graded = durable_benefit(
        verdict=Verdict.MET,
        grade="3",
        verdict_at_lower_limit=Verdict.MET,
        grade_at_lower_limit="2",
    )
    text = text_of(verdicts=(graded,))
    assert "t the least favourable confidence limit: met, grade 2" in text
    assert "the verdict would be: Met, grade 2." in text
    same = text_of(verdicts=(replace(graded, grade_at_lower_limit="3"),))
    assert "least favourable confidence limit: met" not in same


def test_what_only_tells_kinds_of_studies_apart_is_no_requirement() -> None:
    plain = durable_benefit()
    kind, *asked = (Explanation("rule", rule.verdict, rule.id) for rule in plain.rules)
    group = Explanation(
        "group",
        Verdict.NOT_MET,
        label="Short survival",
        parts=(kind, Explanation("all", Verdict.NOT_MET, parts=tuple(asked))),
    )
    grouped = replace(plain, explanation=Explanation("groups", Verdict.NOT_MET, parts=(group,)))
    rule = plain.rules[0].id
    assert conditions(grouped) == conditions_of_kind(grouped) == {rule}
    assert conditions_of_kind(plain) == frozenset()
    row = next(line for line in text_of(verdicts=(grouped,)).splitlines() if f"[{rule}]" in line)
    assert ("Holds" in row) or ("Does not hold" in row)


def test_a_grade_below_the_one_that_counts_as_met_says_so() -> None:
    below = durable_benefit(grade="3", met_from_grade="4")
    words = "‘met’ asks for grade 4 or better; adjustments not applied"
    assert words in text_of(verdicts=(below,))
    above = durable_benefit(verdict=Verdict.MET, grade="4", met_from_grade="4")
    assert "asks for grade" not in text_of(verdicts=(above,))


def test_no_verdict_is_claimed_at_limits_that_a_rule_does_not_have() -> None:
    count = RuleVerdict(
        "stage1", "patients with cbr_16w >= 1 of at least 8", Verdict.MET, 6.0, n=8,
        comparison=">=", threshold=1.0, quantity="patients with cbr_16w", margin=5.0,
        verdict_at_lower_limit=Verdict.NOT_ASSESSABLE,
    )  # fmt: skip
    text = text_of(
        verdicts=(
            durable_benefit(
                verdict=Verdict.MET,
                verdict_at_lower_limit=Verdict.NOT_ASSESSABLE,
                rules=(count,),
                explanation=Explanation("rule", Verdict.MET, "stage1"),
            ),
        )
    )
    assert "Not judged at the confidence limits, which not every rule has" in text
    assert "the verdict would be:" not in text
    row = next(line for line in text.splitlines() if "[stage1]" in line)
    assert row.endswith("| Met | –")
    assert "| 6 of 8 |" in row


def test_a_table_explains_the_abbreviations_that_it_uses_and_no_others() -> None:
    tables = {b.anchor: b for b in compose(evaluation()).blocks if isinstance(b, Table)}
    times = plain_text(tables["table_times"].notes[-1])
    assert times == (
        "CI: confidence interval; OS: overall survival; PFS: progression-free survival."
    )
    rates = plain_text(tables["table_response_rates"].notes[-1])
    assert "PFS" not in rates


def test_long_lists_say_what_they_leave_out(tmp_path: Path) -> None:
    text = text_of(patients=60, terms=80, queries=tuple(query(i) for i in range(130)))
    assert "80 terms with fewer than 5% of the patients" in text
    assert "One row a kind. All 130 queries stand in results.json" in text
    assert (
        "130 queries, the first Q0001 | 130 patients: P-0, P-1, P-2, P-3, P-4, P-5 and 124 more"
        in text
    )
    assert "All kinds |  | 130 |" in text
    assert "Date without day or month | May matter | 130 | OS | read as 15 March 2024, the" in text
    assert "Q0002" not in text


def test_data_queries_of_rare_kinds_stand_one_by_one_beside_the_frequent_ones() -> None:
    rare = (query(200, rule="duplicate-patient"), query(201, rule="duplicate-patient"))
    text = text_of(patients=60, queries=(*rare, *(query(i) for i in range(40))))
    assert "Of 42 queries 2 are listed one by one; 40 are of kinds" in text
    assert "Q0001 | P-200 |" in text
    assert "Q0002 | P-201 |" in text
    assert "40 queries, the first Q0003" in text


def test_a_pack_can_leave_tables_out(tmp_path: Path) -> None:
    pack = pack_copy(tmp_path)
    file = pack / "pack.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "leave_out: []", "leave_out: [identifiers, flow]"
    )
    file.write_text(text, encoding="utf-8")
    document = compose(evaluation(), template=str(pack))
    anchors = {b.anchor for b in document.blocks if isinstance(b, Table | Figure)}
    assert not anchors & {"table_identifiers", "figure_flow"}
    assert "(not included)" in document_text(document)


def test_a_setting_that_differs_from_its_default_is_marked() -> None:
    text = text_of(settings={"derivation": {"sd_minimum_days": 35, "sd_tolerance_days": 3}})
    assert "Stable disease counts from day | 35 | changed | derivation.sd_minimum_days" in text
    assert (
        "Stable disease counts from day 35. Stable disease up to 3 days earlier still counts."
        in text
    )
    assert "Confidence level | 95% | default" in text
    assert "At least 28 days apart." in text


def test_every_setting_has_words() -> None:
    say = open_pack("standard", "en").say
    for section, options in (("derivation", Derivation()), ("estimation", Estimation())):
        for name, *_ in _leaves(options, options):
            assert say.of(f"settings.{section}", name) != name, f"settings.{section}: {name}"


def test_every_word_key_in_the_program_exists() -> None:
    """Keys written out in the program; those put together from parts are covered by the runs."""
    say = open_pack("standard", "en").say
    folder = shipped("templates").parent / "dossier" / "compose"
    keys = {
        key
        for file in folder.rglob("*.py")
        for key in re.findall(r'(?:say|_say)(?:\.inlines)?\(\s*"([\w.]+)"', file.read_text("utf-8"))
    }
    assert len(keys) > 80
    say_of_scenarios = open_pack("what-if", "en").say
    assert not {key for key in keys if not say.has(key) and not say_of_scenarios.has(key)}


def test_every_group_of_words_is_used(tmp_path: Path) -> None:
    """A table or figure named in words.yaml exists."""
    words = open_pack("standard", "en").say._words
    named = {k for k, v in words["tables"].items() if isinstance(v, dict) and "caption" in v}
    assert named == {*TABLES, "criterion", "by_arm"}
    assert {
        k for k, v in words["figures"].items() if isinstance(v, dict) and "caption" in v
    } == set(FIGURES)


def test_the_same_evaluation_gives_the_same_document() -> None:
    assert compose(evaluation()) == compose(evaluation())


def test_numbers_of_figures_are_those_of_the_tables() -> None:
    document = compose(evaluation(patients=30, treated=28, evaluable=25))
    flow = next(b for b in document.blocks if isinstance(b, Figure) and b.anchor == "figure_flow")
    labels = " ".join(s.text for s in flow.scene.shapes if isinstance(s, Label))
    for words in ("Enrolled patients (n = 30)", "Treated patients (n = 28)", "response (n = 25)"):
        assert words in labels.replace("\u00a0", " ")
    table = next(
        b for b in document.blocks if isinstance(b, Table) and b.anchor == "table_analysis_sets"
    )
    numbers = [c.children[0].text for row in table.rows for c in row[1:2] if c]  # type: ignore[union-attr]
    assert numbers == ["30", "2", "2", "28", "3", "3", "25"]


def test_a_large_cohort_is_composed_quickly() -> None:
    made = evaluation(
        patients=1610, responders=300, terms=300, queries=tuple(query(i) for i in range(500))
    )
    compose(made)
    best = min(_seconds(made) for _ in range(5))
    assert best < 0.6  # four times what it takes on a quiet machine


def _seconds(made: Any) -> float:
    start = time.process_time()  # what other processes do meanwhile does not count
    compose(made)
    return time.process_time() - start

"""A cohort of best responses without dates: what is not known is said, and never reads as known."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from dossier.cohort.read import read_cohort
from dossier.compose.document import Document, Figure, Heading, Table, plain_text
from dossier.compose.dossier import compose
from dossier.compose.reading import document_text
from dossier.compose.scene import Label
from dossier.evaluation import Evaluation, evaluate
from dossier.scenarios.what_if import sensitivity
from dossier.trace import trace

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "summit-biliary"


@cache
def summit() -> Evaluation:
    return evaluate(read_cohort(EXAMPLE))


@cache
def printed(language: str = "en", pack: str = "standard") -> Document:
    return compose(summit(), language=language, template=pack)


def table(document: Document, name: str) -> Table:
    (found,) = [
        block
        for block in document.blocks
        if isinstance(block, Table) and block.anchor.endswith(name)
    ]
    return found


def rows(document: Document, name: str) -> dict[str, tuple[str, ...]]:
    texts = [
        tuple(plain_text(cell.children).replace("\u00a0", " ") for cell in row if cell)
        for row in table(document, name).rows
    ]
    return {first: rest for first, *rest in texts for rest in [tuple(rest)]}


def figure(document: Document, name: str) -> Figure:
    (found,) = [
        block
        for block in document.blocks
        if isinstance(block, Figure) and block.anchor.endswith(name)
    ]
    return found


# --- vital status and follow-up ------------------------------------------------------------------


def test_vital_status_tells_the_dead_the_living_and_the_unknown_apart() -> None:
    section = summit().to_dict()["observation"]
    assert (section["died"], section["alive"], section["status_unknown"]) == (3, 1, 21)
    assert section["n"] == 25


def test_follow_up_is_not_called_complete_from_the_few_deaths_that_are_known() -> None:
    section = summit().to_dict()["observation"]["completeness"]
    assert section["estimate"] is None
    assert section["reason"] == "not known for 22 of 25 patients"


@pytest.mark.parametrize(
    ("unknown", "estimated"), [(2, True), (3, False)], ids=["a fifth", "more than a fifth"]
)
def test_completeness_obeys_the_rule_on_unknown_values(tmp_path, unknown, estimated) -> None:
    lines = ["patient_id,treatment_start,death_date,death_cause"]
    lines += [f"D{i},2024-01-01,2024-03-01,disease" for i in range(10 - unknown)]
    lines += [f"U{i},2024-01-01,,disease" for i in range(unknown)]
    (tmp_path / "patients.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "cohort.yaml").write_text(
        "cohort: {title: A study, data_cutoff: 2024-12-31}\ndata: {patients: patients.csv}\n",
        encoding="utf-8",
    )
    section = evaluate(read_cohort(tmp_path), criteria=[]).to_dict()["observation"]
    assert (section["completeness"]["estimate"] == 1.0) is estimated
    # A death without its day is a death.
    assert (section["died"], section["alive"], section["status_unknown"]) == (10, 0, 0)


def test_follow_up_table_says_of_how_many_nothing_is_known() -> None:
    found = rows(printed(), "observation")
    assert (found["Known to have died"], found["Alive when last seen"]) == (("3",), ("1",))
    assert found["Vital status not known"] == ("21 (84.0%)",)
    assert "100.0%" not in str(found)
    assert "unknown for 22 of 25 patients" in str(table(printed(), "observation").notes)


def test_deaths_have_no_share_where_most_statuses_are_unknown() -> None:
    found = rows(printed(), "deaths")
    assert found["Known to have died"] == ("3",)
    assert found["Vital status not known"] == ("21 (84.0%)",)
    # No end of treatment: nothing says that none died under treatment.
    assert not any("30 days" in label for label in found)


@pytest.mark.parametrize("name", ["died", "alive", "status_unknown"])
def test_vital_status_leads_to_its_patients(name) -> None:
    section = summit().to_dict()["observation"]
    found = trace(summit(), f"observation.{name}")
    assert found.agrees
    assert len(found.patients) == section[name]


def test_deaths_of_unknown_status_lead_to_their_patients() -> None:
    found = trace(summit(), "safety.deaths.status_unknown")
    assert found.agrees
    assert len(found.patients) == 21


# --- the course of each patient ------------------------------------------------------------------


def test_the_course_of_patients_counts_what_its_bars_say() -> None:
    drawn = figure(printed(), "swimmer")
    assert (
        "4 of 25 treated patients shown: 1 with a response, 1 known to have progressed, 3 died."
        in drawn.scene.alt
    )
    assert "on treatment" not in drawn.scene.alt
    notes = str(drawn.notes)
    assert "off treatment" not in notes
    assert "The day of one response is not known; it is not marked." in notes
    assert "Of 4 patients shown it is not known whether, or when" in notes


def test_the_course_of_patients_in_dutch() -> None:
    alt = figure(printed("nl"), "swimmer").scene.alt
    assert "1 met een respons, van 1 is progressie bekend, 3 overleden." in alt


# --- a missing part is named once ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "never"),
    [
        ("en", ["Figure not drawn", "This table cannot be filled", "Every date", "Scan dates",
                "reverse Kaplan-Meier", "Median progression-free survival was"]),
        ("nl", ["Figuur niet getekend", "is niet te vullen", "Alle datums", "Datums van scans",
                "omgekeerde Kaplan-Meier"]),
    ],
)  # fmt: skip
def test_nothing_is_said_about_data_that_the_cohort_lacks(language, never) -> None:
    text = document_text(printed(language))
    assert [words for words in never if words in text] == []


def test_one_table_names_what_is_missing_and_what_would_fill_it() -> None:
    found = rows(printed(), "missing_data")
    (progression,) = found[
        "Tumour assessments with their dates, or times to progression and of response"
    ]
    assert "Progression-free survival (unknown for 25 of 25 patients)" in progression
    assert "duration of response (unknown for 4 of 4 patients)" in progression
    assert found["Adverse events"] == ("Harms of the treatment",)
    assert "Best response of every patient" not in found


@pytest.mark.parametrize(
    "name", ["times", "response_duration", "censoring", "durability", "exposure"]
)
def test_a_table_of_zeros_is_not_printed(name) -> None:
    assert f"table_{name}" not in {
        block.anchor for block in printed().blocks if isinstance(block, Table)
    }


def test_only_estimated_endpoints_are_defined_and_named_the_others() -> None:
    defined = rows(printed(), "endpoint_definitions")
    assert "Objective response rate (ORR)" in defined
    assert "Progression-free survival (PFS)" not in defined
    notes = str(table(printed(), "endpoint_definitions").notes)
    assert "Left out, as the data lack them: " in notes
    assert "progression-free survival (PFS)" in notes
    assert "PFS ratio" not in notes
    assert len(rows(printed(), "estimands")) == 2  # the treatment, and the response rate


def test_sensitivity_has_no_column_without_an_estimate() -> None:
    found = table(compose(summit(), what_if=sensitivity(summit())), "sensitivity")
    heads = [plain_text(cell.children) for cell in found.header[0] if cell]
    assert not [head for head in heads if "PFS" in head or "OS" in head]
    assert "without a column: " in str(found.notes)


def test_the_summary_for_the_pharmacist_has_no_count_of_nothing() -> None:
    found = rows(printed(pack="pharmacist"), "efficacy")
    assert found["Objective response rate"][0] == "4/25"
    assert found["Clinical benefit at 16 weeks"] == ("unknown for 8 of 25", "not estimable", "–")
    assert found["Median progression-free survival"][0] == "unknown for 25 of 25"
    assert found["Median overall survival"][0] == "unknown for 21 of 25"
    assert "unknown for" not in str(table(printed(pack="pharmacist"), "efficacy").notes)


def test_only_rules_and_settings_that_touch_the_data_are_listed() -> None:
    rules = rows(printed(), "derivation_rules")
    assert "BOR-GIVEN" in rules
    assert "DURABILITY-UNKNOWN" in rules
    assert not {"DURABILITY-KEPT", "EXCEPTIONAL-CR", "DEATH-WITHIN"} & set(rules)
    keys = {row[-1] for row in rows(printed(), "settings").values() if row}
    assert "estimation.maximum_unknown" in keys
    assert "derivation.confirmation_days" not in keys


def test_a_setting_that_was_changed_is_listed_even_without_effect() -> None:
    changed = evaluate(read_cohort(EXAMPLE), settings={"derivation": {"confirmation_days": 21}})
    keys = {row[-1] for row in rows(compose(changed), "settings").values() if row}
    assert "derivation.confirmation_days" in keys


def test_a_characteristic_known_for_some_is_not_called_absent() -> None:
    found = rows(printed(), "risk_of_bias")
    assert found["Are the demographics of the patients reported?"][0] == (
        "age, years: missing for 21 of 25"
    )


def test_a_number_that_was_not_estimated_compares_nothing() -> None:
    found = rows(printed(), "identifiers")
    (patients,) = {row[-1] for name, row in found.items() if name.startswith("not estimable")}
    assert patients == "nothing was estimated; its place says why"


def test_the_flow_has_no_box_for_losses_of_nobody() -> None:
    labels = [s.text for s in figure(printed(), "flow").scene.shapes if isinstance(s, Label)]
    assert "Enrolled patients (n = 25)" in labels
    assert not [text for text in labels if "n = 0" in text]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_summary_names_what_cannot_be_estimated_in_one_line(language) -> None:
    text = document_text(printed(language))
    words = "cannot be estimated (Table" if language == "en" else "zijn niet te schatten (Tabel"
    assert text.replace("\u00a0", " ").count(words) == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Not in the input, and so not in this dossier: protocol deviations."),
        ("nl", "Niet aangeleverd, en daarom niet in dit dossier: protocolafwijkingen."),
    ],
)
def test_where_little_is_lacking_a_sentence_says_so(language, sentence) -> None:
    nearly_complete = evaluate(read_cohort(EXAMPLE.parent / "simulated-drup"), criteria=[])
    document = compose(nearly_complete, language=language)
    assert sentence in document_text(document)
    assert not [b for b in document.blocks if isinstance(b, Table) and "missing" in b.anchor]


def test_a_rule_without_an_estimate_does_not_name_its_subject_twice() -> None:
    (label,) = [name for name in rows(printed(), "criterion_durable_benefit") if "[pfs]" in name]
    assert " ".join(label.split()).endswith("[pfs] Not known for 25 of 25 patients")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("pack", ["jca", "ciebom", "pharmacist", "standard"])
def test_no_pack_prints_an_empty_section_or_a_figure_that_is_not_there(pack, language) -> None:
    document = printed(language, pack)
    text = document_text(document)
    assert "not drawn" not in text
    assert "niet getekend" not in text
    for block, below in pairwise(document.blocks):
        if isinstance(block, Heading) and isinstance(below, Heading):
            assert below.level > block.level, block


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "4 responders."), ("nl", "4 patiënten met een respons.")],
)
def test_responses_that_were_given_are_nowhere_called_confirmed(language, words) -> None:
    assert figure(printed(language), "flow").scene.alt.endswith(words)


LEAST = "patient_id,best_response\n" + "".join(f"P{n},SD\n" for n in range(6))


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("pack", ["jca", "ciebom", "pharmacist", "standard"])
def test_best_responses_alone_make_a_dossier(tmp_path, pack, language) -> None:
    (tmp_path / "patients.csv").write_text(LEAST, encoding="utf-8")
    (tmp_path / "cohort.yaml").write_text(
        "cohort: {title: A study}\ndata: {patients: patients.csv}\n", encoding="utf-8"
    )
    document = compose(evaluate(read_cohort(tmp_path)), template=pack, language=language)
    text = document_text(document)
    for words in ("cannot be filled", "niet te vullen", "not drawn", "niet getekend"):
        assert words not in text
    for block, below in pairwise(document.blocks):
        if isinstance(block, Heading) and isinstance(below, Heading):
            assert below.level > block.level, block
    if pack == "standard":
        found = " ".join(" ".join([k, *v]) for k, v in rows(document, "missing_data").items())
        assert ("Deaths" if language == "en" else "overlijden").lower() in found.lower()

"""Criteria files: the shipped catalogue, a user's own, and what is said about mistakes."""

from __future__ import annotations

import json

import pytest

from dossier.appraise.catalogue import criterion_text, differences, starter
from dossier.appraise.criteria_file import criteria_schema
from dossier.appraise.criterion import used_facts
from dossier.appraise.facts import unknown_facts
from dossier.appraise.loading import check_criteria_file, list_criteria, load_criterion
from dossier.errors import InputError
from dossier.locations import shipped

CONTRACT = {
    "esmo-mcbs-1.1-form-1", "esmo-mcbs-1.1-form-2a", "esmo-mcbs-1.1-form-2b",
    "esmo-mcbs-1.1-form-2c", "esmo-mcbs-1.1-form-3", "esmo-mcbs-2.0-form-1a",
    "esmo-mcbs-2.0-form-1b", "esmo-mcbs-2.0-form-2a", "esmo-mcbs-2.0-form-2b",
    "esmo-mcbs-2.0-form-2c", "esmo-mcbs-2.0-form-3", "paskwil-palliative-2024",
    "paskwil-palliative-2023", "paskwil-palliative-2016", "paskwil-nonrandomised-2021",
    "paskwil-adjuvant-before-2018", "paskwil-adjuvant-2018", "paskwil-adjuvant-2023",
    "drup-clinical-benefit", "durable-benefit", "pfs-ratio", "tapur", "escat", "iqwig-extent",
    "asco-nhb", "zin-sluis-2023", "zin-conditional-admission", "nice-severity",
}  # fmt: skip


def test_the_catalogue_has_what_was_promised():
    assert {entry.id for entry in list_criteria()} >= CONTRACT


@pytest.mark.parametrize("entry", list_criteria(), ids=lambda entry: entry.id)
def test_every_shipped_file_speaks_both_languages_and_names_its_sources(entry):
    criterion = load_criterion(entry.id)
    file = criterion.file
    assert check_criteria_file(entry.path) == ()
    assert entry.path.stem == file.id
    assert entry.path.parent.name == file.family
    texts = [file.title, file.summary, *file.warnings, *file.notes]
    texts += [fact.question for fact in file.facts.values()]
    texts += [group.title for group in file.groups]
    texts += [step.title for step in file.adjustments.values()]
    texts += [t for rule in file.rules.values() for t in (rule.title, rule.explanation) if t]
    for text in texts:
        assert text.en
        assert text.nl
    for rule in criterion.rules.values():
        assert rule.source in file.sources, rule.id
        assert rule.status, rule.id
        threshold = rule.condition.threshold
        if rule.status == "unverified" and threshold is not None:
            assert threshold.amount is None, "a number that is not verified does not ship"


@pytest.mark.parametrize("entry", list_criteria(), ids=lambda entry: entry.id)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_criterion_reads_as_text(entry, language):
    text = criterion_text(load_criterion(entry.id), language)
    assert entry.id in text
    assert "None" not in text
    assert all(len(line) <= 96 or " " not in line.strip() for line in text.splitlines())


def test_version_2_never_borrows_a_number_of_version_1():
    for entry in list_criteria():
        if entry.id.startswith("esmo-mcbs-2.0"):
            assert len(entry.open_rules) == len(load_criterion(entry.id).rules)


def write(tmp_path, text):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


OWN = """\
id: own
version: 1
title: Own
summary: Own
rules:
  response: orr >= 20%
met_when: response
"""


def test_a_users_own_file_stands_for_an_identifier(tmp_path):
    criterion = load_criterion(write(tmp_path, OWN))
    assert criterion.id == "own"
    assert load_criterion(str(write(tmp_path, OWN))).sha256 == criterion.sha256
    assert criterion.file.title.words() == {"en": "Own", "nl": "Own"}


def test_line_endings_do_not_change_the_hash(tmp_path):
    first = load_criterion(write(tmp_path, OWN)).sha256
    path = tmp_path / "windows.yaml"
    path.write_bytes(OWN.replace("\n", "\r\n").encode())
    assert load_criterion(path).sha256 == first


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("response: orr", "response: orrr"), 6, "did you mean orr"),
        (("met_when: response", "met_when: respons"), 7, "did you mean response"),
        (("title: Own", "titel: Own"), 3, "titel"),
        (("orr >= 20%", "declared qol"), 6, "no fact named 'qol'"),
        (("met_when: response", "grades: []"), None, "met_when or grades"),
        (("met_when: response", "met_when: {all: [response, oops]}"), 7, "'oops'"),
        (("met_when: response", "met_when: {all: [response], any: [response]}"), 7, "exactly one"),
        (("met_when: response", "met_when: {every: [response]}"), 7, "every"),
        (("response: orr >= 20%", "not: orr >= 20%"), 6, "cannot have this name"),
        (("orr >= 20%", "{rule: orr >= 20%, source: paper}"), 6, "no source named 'paper'"),
        (
            ("orr >= 20%", "{rule: orr >= unknown, status: verified}"),
            6,
            "unknown cannot have this status",
        ),
        (("id: own", "id: Own file"), 1, "id"),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path, change, line, words):
    path = write(tmp_path, OWN.replace(*change))
    problems = check_criteria_file(path)
    text = "\n".join(str(problem) for problem in problems)
    assert words in text
    assert line is None or line in {problem.row for problem in problems}
    with pytest.raises(InputError):
        load_criterion(path)


GRADED = """\
id: own
version: 1
title: Own
summary: Own
rules:
  response: orr >= 20%
grades:
  - {grade: B, when: response}
  - {grade: A, when: response}
scale: [A, B]
met_from_grade: C
adjustments:
  up: {change: 1, when: response, title: Up}
groups: []
"""


def test_grades_stand_in_the_order_of_the_scale(tmp_path):
    text = "\n".join(map(str, check_criteria_file(write(tmp_path, GRADED))))
    assert "from the best to the lowest" in text
    assert "no grade named 'C'" in text


def test_the_last_group_takes_all_other_studies(tmp_path):
    groups = """\
groups:
  - {title: Short, met_when: response}
  - {title: Long, when: control os.median > 12 months, met_when: response}
"""
    text = OWN.replace("met_when: response\n", groups)
    problems = "\n".join(map(str, check_criteria_file(write(tmp_path, text))))
    assert "does not say which studies" in problems
    assert "takes all other studies" in problems


def test_a_missing_file_and_a_name_that_is_nearly_right(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_criterion(tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="did you mean paskwil-palliative-2024"):
        load_criterion("paskwil-paliative-2024")


def test_the_starter_is_valid_and_judges(tmp_path):
    path = write(tmp_path, starter("own"))
    assert check_criteria_file(path) == ()
    assert used_facts(load_criterion(path)) == {
        "alternative_exists": {
            "en": "there is another effective treatment",
            "nl": "er is een andere effectieve behandeling",
        }
    }


def test_a_fact_that_nobody_asks_for_is_probably_misspelt():
    (problem,) = unknown_facts(
        {"qol_imroved": True, "qol_improved": True},
        [load_criterion("esmo-mcbs-1.1-form-3")],
        "cohort.yaml",
    )
    assert "did you mean 'qol_improved'" in problem.message
    assert (problem.file, problem.column) == ("cohort.yaml", "declared.qol_imroved")


def test_facts_of_shipped_and_of_own_criteria_are_known(tmp_path):
    own = load_criterion(write(tmp_path, starter("own")))
    assert "alternative_exists" in own.file.facts
    facts = {"ema_approved": True, "alternative_exists": False}
    assert unknown_facts(facts, [own]) == ()
    (problem,) = unknown_facts(facts, [])  # without the file nobody asks for it
    assert problem.column == "declared.alternative_exists"


def test_differences_name_what_changed():
    old, new = load_criterion("paskwil-palliative-2023"), load_criterion("paskwil-palliative-2024")
    lines = differences(old, new)
    assert (
        "~ rule pfs_gain_16w: gain in median pfs > unknown weeks -> gain in median pfs > 16 weeks"
        in lines
    )
    assert any(line.startswith("+ rule os_hr: os.hr < 0.70") for line in lines)
    assert differences(new, new) == ()


def test_the_schema_describes_every_shipped_file():
    schema = criteria_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert set(schema["properties"]) >= {"id", "rules", "met_when", "grades", "groups"}
    assert schema["additionalProperties"] is False
    json.dumps(schema)


def test_the_shipped_schema_is_the_one_of_the_models():
    shipped_schema = shipped("criteria") / "criteria.schema.json"
    assert json.loads(shipped_schema.read_text(encoding="utf-8")) == criteria_schema()

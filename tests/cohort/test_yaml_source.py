from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dossier.errors import InputError
from dossier.yaml_source import document, nearest, parse_yaml, read_yaml, validate, validate_value


@pytest.fixture(params=["libyaml", "python"])
def _either_loader(request, monkeypatch):
    if request.param == "python":
        monkeypatch.setattr(document, "_Loader", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


pytestmark = pytest.mark.usefixtures("_either_loader")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("2024-05-31", "2024-05-31"),
        ("12:30", "12:30"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("007", "007"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12345678901234567890", "12345678901234567890"),
        ("0.10", 0.1),
        (".5", 0.5),
        ("1.0e-3", 0.001),
        ("1e3", "1e3"),
        ("1.0e999", "1.0e999"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("00.5", "00.5"),
        ("'42'", "42"),
        ('"null"', "null"),
        ("NON-CR/NON-PD", "NON-CR/NON-PD"),
        ("=SUM(A1)", "=SUM(A1)"),
    ],
)
def test_what_a_plain_word_means(written, value):
    read = parse_yaml(f"key: {written}\n").value["key"]
    assert read == value
    assert type(read) is type(value)


def test_keys_are_text_whatever_they_look_like():
    assert parse_yaml("{1: a, true: b, null: c, 2024-01-01: d, 1.50: e}").value == {
        "1": "a",
        "true": "b",
        "null": "c",
        "2024-01-01": "d",
        "1.50": "e",
    }


def test_every_key_and_item_has_its_place():
    read = parse_yaml("a:\n  b: [x,\n      y]\n  c:\n  - d: 1\n")
    assert read.positions == {
        (): (1, 1),
        ("a",): (1, 1),
        ("a", "b"): (2, 3),
        ("a", "b", 0): (2, 7),
        ("a", "b", 1): (3, 7),
        ("a", "c"): (4, 3),
        ("a", "c", 0): (5, 5),
        ("a", "c", 0, "d"): (5, 5),
    }
    assert read.line(("a", "c", 0, "missing")) == 5
    assert read.line(("missing",)) is None


def test_an_alias_gives_the_same_value_again():
    assert parse_yaml("a: &x [1, 2]\nb: *x\nc: &y text\nd: *y").value == {
        "a": [1, 2],
        "b": [1, 2],
        "c": "text",
        "d": "text",
    }


_BOMB = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\nb: 2\na: 3", 3, "the key is written twice, first on line 1"),
        ("a: !!python/object:os.system x", 1, "a YAML tag is not allowed"),
        ("a: !mine {b: 1}", 1, "a YAML tag is not allowed"),
        ("a: 1\n---\nb: 2", 2, "a second document starts here"),
        ("? [a, b]\n: 1", 1, "a list or a group cannot be the name of a key"),
        ("a: &x [1]\n*x : 2", 2, "a list or a group cannot be the name of a key"),
        ("a: *nothing", 1, "nothing named so stands before this line"),
        ("a: &x [*x]", 1, "nothing named so stands before this line"),
        ("- " * 100 + "x", 1, "groups are nested too deeply"),
        ("[" * 100 + "]" * 100, 1, "groups are nested too deeply"),
        (_BOMB, 6, "the file grows too large when its aliases"),
        ("a: b: c", 1, "a colon stands where none can"),
        ("a:\n  b: 1\n c: 2", 3, "the line is indented differently"),
        ("a: b\n\x00", 2, "the file holds a control character"),
        ("a: \ud800", 1, "the file holds a control character"),
    ],
)
def test_what_is_refused(text, line, part):
    with pytest.raises(InputError) as raised:
        parse_yaml(text, "cohort.yaml")
    (problem,) = raised.value.problems
    assert problem.file == "cohort.yaml"
    assert problem.row == line
    assert part in problem.message


@pytest.mark.parametrize("text", ["a: [1, 2", "a: 'x", "a: {b: 1", "a:\n\t- b", "a: @x", "a: - b"])
def test_broken_yaml_is_a_problem_with_a_line_and_advice(text):
    with pytest.raises(InputError) as raised:
        parse_yaml(text, "cohort.yaml")
    (problem,) = raised.value.problems
    assert problem.row in (1, 2)
    assert problem.expected


def test_every_duplicate_key_is_reported():
    with pytest.raises(InputError) as raised:
        parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}", "f.yaml")
    assert [(each.row, each.column) for each in raised.value.problems] == [(2, "a"), (3, "b.c")]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (None, "the file does not exist"),
        (b"a: 1\nb: \xff\xfe", "not UTF-8"),
        (b"a: " + b"x" * 2_000_000, "larger than 2 MB"),
    ],
)
def test_unreadable_files(tmp_path: Path, content, part):
    path = tmp_path / "cohort.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=part) as raised:
        read_yaml(path)
    assert raised.value.problems[0].file == "cohort.yaml"


def test_a_folder_is_not_a_file(tmp_path: Path):
    with pytest.raises(InputError, match="folder"):
        read_yaml(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding):
    path = tmp_path / "cohort.yaml"
    path.write_text("naam: Ünïcode – ≥", encoding=encoding)
    assert read_yaml(path).value == {"naam": "Ünïcode – ≥"}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Threshold(_Model):
    value: float = Field(ge=0)
    unit: Literal["days", "weeks"] = "days"


class _Rule(_Model):
    name: str = Field(min_length=1)
    threshold: Annotated[
        _Threshold | None,
        BeforeValidator(lambda value: {"value": value} if isinstance(value, int) else value),
    ] = None
    either: _Threshold | str = ""


class _Criteria(_Model):
    version: int
    rules: tuple[_Rule, ...] = ()
    by_table: dict[Literal["patients", "visits"], dict[str, _Rule]] = {}
    facts: dict[str, bool | float] = {}
    flag: bool = False


_DOCUMENT = """\
versoin: 1
rules:
- name: ""
  treshold: 3
- name: b
  threshold: {value: -1, unit: day}
- name: c
  either: {value: many}
- threshold: -4
by_table:
  patient:
    x: {name: d}
  visits:
    y: {nam: e}
facts: {a: maybe}
flag: perhaps
"""


def test_problems_of_a_model_in_plain_words():
    model, problems = validate(parse_yaml(_DOCUMENT, "criteria.yaml"), _Criteria)
    assert model is None
    found = {
        (each.row, each.column): (each.message, each.value, each.expected) for each in problems
    }
    assert found == {
        (None, "version"): ("the key 'version' is missing", None, None),
        (1, "versoin"): (
            "unknown key 'versoin', did you mean 'version'?",
            None,
            "one of version, rules, by_table, facts, flag",
        ),
        (3, "rules item 1.name"): ("the value cannot be used", "", "text that is not empty"),
        (4, "rules item 1.treshold"): (
            "unknown key 'treshold', did you mean 'threshold'?",
            None,
            "one of name, threshold, either",
        ),
        (6, "rules item 2.threshold.value"): (
            "the value cannot be used",
            "-1",
            "a number of at least 0",
        ),
        (6, "rules item 2.threshold.unit"): (
            "the value cannot be used, did you mean 'days'?",
            "day",
            "days or weeks",
        ),
        (8, "rules item 3.either.value"): ("the value cannot be used", "many", "a number"),
        (9, "rules item 4.name"): ("the key 'name' is missing", None, None),
        (9, "rules item 4.threshold"): ("the value cannot be used", "-4", "a number of at least 0"),
        (11, "by_table.patient"): (
            "unknown key 'patient', did you mean 'patients'?",
            None,
            "one of patients, visits",
        ),
        (14, "by_table.visits.y.name"): ("the key 'name' is missing", None, None),
        (14, "by_table.visits.y.nam"): (
            "unknown key 'nam', did you mean 'name'?",
            None,
            "one of name, threshold, either",
        ),
        (15, "facts.a"): ("the value cannot be used", "maybe", "true or false or a number"),
        (16, "flag"): ("the value cannot be used", "perhaps", "true or false"),
    }


def test_problems_come_in_the_order_of_the_lines():
    _, problems = validate(parse_yaml(_DOCUMENT), _Criteria)
    lines = [each.row or 0 for each in problems]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "part"), [("", "the file is empty"), ("[a]", "there are no keys"), ("x", "no keys")]
)
def test_a_document_that_is_no_group(text, part):
    _, problems = validate(parse_yaml(text, "f.yaml"), _Criteria)
    assert part in problems[0].message


def test_a_valid_document_gives_the_model():
    model, problems = validate_value(
        {"version": 1, "rules": [{"name": "a", "threshold": 3}]}, _Criteria
    )
    assert not problems
    assert model.rules[0].threshold == _Threshold(value=3)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("PROGRESION", "progression"), ("zzz", None), ("", None), ("x" * 10**6, None)],
)
def test_nearest(word, meant):
    assert nearest(word, ["progression", "response"]) == meant


class _Dated(_Model):
    day: date | None = None
    code: str = Field(default="A", pattern="^[A-Z]$", max_length=1)
    items: list[int] = Field(default=[], min_length=2)
    pair: tuple[int, Literal["x", "y"]] = (1, "x")


@pytest.mark.parametrize(
    ("key", "value", "found", "expected"),
    [
        ("day", "soon", "soon", "a date such as 2024-05-31"),
        ("code", "a", "a", "text of the form ^[A-Z]$"),
        ("code", "ABC", "ABC", "at most 1 characters"),
        ("code", ["A"], "a list", "text"),
        ("items", [1], "a list", "a list of at least 2"),
        ("items", {"a": 1}, "a group of keys", "a list such as [a, b]"),
        ("pair", [1, "z"], "z", "x or y"),
        ("pair", [1.5, "x"], "1.5", "a whole number"),
        ("day", True, "true", "a date such as 2024-05-31"),
        ("code", None, "nothing", "text"),
        ("code", "x" * 500, "x" * 79 + "…", "at most 1 characters"),
    ],
)
def test_what_was_found_and_expected(key, value, found, expected):
    _, problems = validate_value({key: value}, _Dated)
    assert (problems[0].value, problems[0].expected) == (found, expected)

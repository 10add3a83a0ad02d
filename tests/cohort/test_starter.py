import re

import pytest

from dossier.cohort.columns import TABLES
from dossier.cohort.read import read_cohort
from dossier.cohort.settings import Settings, TableSource
from dossier.cohort.starter import FILES, write_starter
from dossier.errors import InputError
from dossier.yaml_source import parse_yaml, validate


def test_the_starter_study_is_read_without_a_problem(tmp_path):
    written = write_starter(tmp_path / "new" / "study")
    assert [path.name for path in written] == list(FILES)
    read = read_cohort(tmp_path / "new" / "study")
    assert len(read.patients) == 12
    assert set(read.assessments["response"]) == {"", "CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD"}
    assert not [query for query in read.queries if query.severity == "error"]


def test_every_key_stands_in_it_with_its_default(tmp_path):
    write_starter(tmp_path)
    text = (tmp_path / "cohort.yaml").read_text()
    settings = read_cohort(tmp_path).settings
    everything, problems = validate(parse_yaml(re.sub(r"(?m)^(\s*)#(?=\S)", r"\1", text)), Settings)
    assert not problems
    for section in ("derivation", "estimation", "criteria", "dossier"):
        assert getattr(everything, section) == Settings.model_fields[section].default
    for section, field in Settings.model_fields.items():
        assert re.search(rf"(?m)^#?{section}:", text), section
        for key in getattr(field.annotation, "model_fields", {}):
            assert re.search(rf"(?m)^  #? ?{key}:", text), f"{section}.{key}"
    for key in TableSource.model_fields:
        assert f"#   {key}:" in text
    assert settings.derivation == everything.derivation


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "cohort.yaml").write_text("mine")
    (tmp_path / "patients.csv").write_text("mine")
    with pytest.raises(InputError) as raised:
        write_starter(tmp_path)
    assert [each.file for each in raised.value.problems] == ["cohort.yaml", "patients.csv"]
    assert (tmp_path / "cohort.yaml").read_text() == "mine"
    assert not (tmp_path / "assessments.csv").exists()


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_starter(tmp_path / "file" / "study")


def test_the_example_tables_use_our_names(tmp_path):
    write_starter(tmp_path)
    for table in ("patients", "assessments", "adverse_events"):
        headings = (tmp_path / f"{table}.csv").read_text().partition("\n")[0].split(",")
        assert set(headings) <= {column.name for column in TABLES[table]}

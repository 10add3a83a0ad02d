"""From every kind of file to the same dossier: results.json of SAS, Parquet, Excel and CSV."""

import gzip
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dossier.building import build
from dossier.cohort.read import read_cohort
from dossier.trace import trace

EXAMPLES = Path(__file__).parents[2] / "examples"
SAS = Path(__file__).parent / "data" / "dates.sas7bdat.gz"


def built(study, folder, formats=("json",)):
    build(read_cohort(study), folder, formats=formats, criteria=["durable-benefit"])
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_patients_of_a_sas_data_set(tmp_path):
    (tmp_path / "demog.sas7bdat").write_bytes(gzip.decompress(SAS.read_bytes()))
    (tmp_path / "visits.csv").write_text(
        "patno,day,response\n1001,57,PR\n1001,113,CR\n1002,57,SD\n1002,120,PD\n"
    )
    (tmp_path / "cohort.yaml").write_text(
        "cohort: {title: SAS, data_cutoff: 2042-01-01}\n"
        "data: {patients: demog.sas7bdat, assessments: visits.csv}\n"
        "columns:\n"
        "  patients: {patient_id: patno, treatment_start: dtc1}\n"
        "  assessments: {patient_id: patno}\n"
    )
    results = built(tmp_path, tmp_path / "out", ("docx", "pdf", "json"))
    assert results["populations"]["treated"] == 20
    assert (results["endpoints"]["orr"]["events"], results["endpoints"]["orr"]["n"]) == (1, 20)
    assert (tmp_path / "out" / "dossier.pdf").read_bytes().startswith(b"%PDF")
    (source,) = [each for each in results["provenance"]["data"] if each["table"] == "patients"]
    assert (source["file"], source["rows"]) == ("demog.sas7bdat", 20)


@pytest.fixture(scope="module")
def three_arms(tmp_path_factory):
    return built(EXAMPLES / "adam-three-arms", tmp_path_factory.mktemp("adam"))


def compared(results):
    left_out = ("data_queries", "provenance", "cohort", "notes", "partial_dates", "observation")
    return {key: value for key, value in results.items() if key not in left_out}


def test_a_folder_of_adam_in_parquet(three_arms, tmp_path):
    import pyreadstat

    folder = tmp_path / "adam"
    folder.mkdir()
    for file in sorted((EXAMPLES / "adam-three-arms").glob("*.xpt.gz")):
        plain = tmp_path / file.stem
        plain.write_bytes(gzip.decompress(file.read_bytes()))
        frame, _ = pyreadstat.read_xport(plain)
        frame.to_parquet(folder / f"{plain.stem}.parquet")
    settings = EXAMPLES / "adam-three-arms" / "cohort.yaml"
    if settings.exists():
        (folder / "cohort.yaml").write_text(settings.read_text().replace(".xpt.gz", ".parquet"))
    results = built(folder, tmp_path / "out")
    assert sorted(results["arms"]) == ["A: Drug X", "B: Placebo", "C: Combination"]
    assert compared(results) == compared(three_arms)
    carried = trace(read_and_evaluate(folder), "endpoints.orr").patients[0].sources[0]
    assert carried.file.endswith("adrs.parquet")


def read_and_evaluate(folder):
    from dossier.evaluation import evaluate

    return evaluate(read_cohort(folder), criteria=[])


def test_a_workbook_with_a_sheet_for_each_table(tmp_path):
    """Dates as Excel keeps them, one table a sheet; the same numbers as the CSV files."""
    source = EXAMPLES / "simulated-drup"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("patients", "assessments", "adverse_events", "quality_of_life"):
        sheet = book.create_sheet(name)
        table = pd.read_csv(source / f"{name}.csv", dtype=str, keep_default_na=False, sep=None,
                            engine="python", encoding="utf-8-sig")  # fmt: skip
        sheet.append(list(table.columns))
        for row in table.itertuples(index=False):
            sheet.append([each or None for each in row])
    book.save(tmp_path / "study.xlsx")
    text = (source / "cohort.yaml").read_text(encoding="utf-8")
    for name in ("patients", "assessments", "adverse_events", "quality_of_life"):
        text = text.replace(f"{name}.csv", "study.xlsx")
    (tmp_path / "cohort.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "scenarios.yaml").write_bytes((source / "scenarios.yaml").read_bytes())
    ours, theirs = built(tmp_path, tmp_path / "out"), built(source, tmp_path / "csv")
    for section in ("populations", "endpoints", "safety", "durability", "criteria"):
        assert ours[section] == theirs[section], section

"""Simulate a cohort the size of a national drug rediscovery trial, to time the dossier with.

``python make_cohort.py FOLDER [--patients 1610] [--seed 1]`` writes cohort.yaml, patients.csv,
assessments.csv and adverse_events.csv. Every patient is invented. The same seed gives the same
files. Tumour size follows two rates, one of shrinkage and one of growth; the response at each scan
follows from the sizes by RECIST 1.1, so that the files contradict neither themselves nor each
other.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CUTOFF = dt.date(2024, 5, 31)
FIRST_START = dt.date(2016, 7, 1)
DAYS_OF_ACCRUAL = (dt.date(2024, 3, 31) - FIRST_START).days
SCAN_INTERVAL_DAYS = 56

TARGETS = (
    ("BRAF V600E", "dabrafenib + trametinib"),
    ("ERBB2 amplification", "trastuzumab + pertuzumab"),
    ("MSI-high", "nivolumab"),
    ("TMB-high", "nivolumab"),
    ("BRCA2 loss", "olaparib"),
    ("CDKN2A loss", "palbociclib"),
    ("KRAS G12C", "sotorasib"),
    ("MET exon 14", "capmatinib"),
    ("FGFR2 fusion", "erdafitinib"),
    ("RET fusion", "selpercatinib"),
    ("PIK3CA mutation", "alpelisib"),
    ("EGFR exon 20", "amivantamab"),
)
TUMOUR_TYPES = (
    "Colorectal cancer",
    "Breast cancer",
    "Prostate cancer",
    "Pancreatic cancer",
    "Cholangiocarcinoma",
    "Non-small cell lung cancer",
    "Ovarian cancer",
    "Urothelial cancer",
    "Glioblastoma",
    "Soft tissue sarcoma",
    "Oesophageal cancer",
    "Gastric cancer",
    "Cancer of unknown primary",
    "Melanoma",
    "Endometrial cancer",
    "Neuroendocrine carcinoma",
    "Salivary gland cancer",
    "Adrenocortical carcinoma",
    "Mesothelioma",
    "Thymic cancer",
)
RARE_FROM = 13
"""Tumour types from this position on count as rare."""

EVENT_TERMS = {
    "Gastrointestinal disorders": [
        "Nausea",
        "Diarrhoea",
        "Vomiting",
        "Constipation",
        "Stomatitis",
        "Dyspepsia",
        "Ascites",
        "Colitis",
        "Flatulence",
        "Dysphagia",
        "Abdominal pain",
        "Dry mouth",
    ],
    "General disorders": ["Fatigue", "Pyrexia", "Oedema peripheral", "Chills", "Malaise", "Pain"],
    "Blood and lymphatic system disorders": ["Anaemia", "Neutropenia", "Thrombocytopenia"],
    "Investigations": [
        "Alanine aminotransferase increased",
        "Aspartate aminotransferase increased",
        "Blood alkaline phosphatase increased",
        "Blood bilirubin increased",
        "Blood creatinine increased",
        "Lipase increased",
        "Weight decreased",
        "Ejection fraction decreased",
    ],
    "Metabolism and nutrition disorders": [
        "Decreased appetite",
        "Hyponatraemia",
        "Hypokalaemia",
        "Hyperglycaemia",
        "Hypoalbuminaemia",
        "Dehydration",
    ],
    "Skin and subcutaneous tissue disorders": [
        "Rash maculo-papular",
        "Pruritus",
        "Dry skin",
        "Alopecia",
        "Palmar-plantar erythrodysaesthesia",
        "Dermatitis acneiform",
    ],
    "Respiratory, thoracic and mediastinal disorders": [
        "Dyspnoea",
        "Cough",
        "Pleural effusion",
        "Pneumonitis",
        "Epistaxis",
    ],
    "Nervous system disorders": [
        "Headache",
        "Dizziness",
        "Dysgeusia",
        "Peripheral sensory neuropathy",
        "Paraesthesia",
    ],
    "Infections and infestations": [
        "Urinary tract infection",
        "Pneumonia",
        "Upper respiratory tract infection",
        "Sepsis",
    ],
    "Musculoskeletal and connective tissue disorders": ["Arthralgia", "Myalgia", "Back pain"],
    "Vascular disorders": ["Hypertension", "Thromboembolic event"],
}
GRADE_SHARES = (0.50, 0.30, 0.165, 0.035)

COHORT_YAML = f"""\
cohort:
  title: Simulated cohort for timing
  drug: several targeted and immune therapies
  indication: advanced solid tumours, no standard treatment left
  biomarker: several
  design: single-arm
  setting: non-curative
  data_cutoff: {CUTOFF.isoformat()}
data:
  patients: patients.csv
  assessments: assessments.csv
  adverse_events: adverse_events.csv
dossier: {{template: standard, language: en, formats: [docx, pdf]}}
"""

Row = dict[str, object]


@dataclass(frozen=True)
class Scan:
    """One assessment: its day after the start of treatment, and what it showed."""

    day: int
    response: str
    target_sum_mm: float | None
    new_lesion: bool


@dataclass(frozen=True)
class Course:
    """What happened to one patient; days after the start of treatment, None where it did not."""

    scans: tuple[Scan, ...]
    treatment_end: int | None
    reason: str
    new_therapy: int | None
    death: int | None
    last_known_alive: int


def simulate_course(rng: np.random.Generator, follow_up: int, measurable: bool) -> Course:
    """Follow one patient from the start of treatment to death or the cut-off.

    Parameters
    ----------
    rng
        Source of randomness.
    follow_up
        Days from the start of treatment to the data cut-off.
    measurable
        Whether target lesions are measured; without, responses are NON-CR/NON-PD or PD.
    """
    sensitive = rng.random() < 0.33
    baseline = float(np.clip(rng.lognormal(math.log(62), 0.5), 10, 250))
    shrinkage = rng.lognormal(math.log(0.009 if sensitive else 0.0005), 0.7)
    growth = rng.lognormal(math.log(0.0006 if sensitive else 0.0026), 0.9)
    death_hazard = 0.0007 if sensitive else 0.0024
    death = int(rng.exponential(1 / death_hazard)) + 5
    withdrawal = int(rng.exponential(900)) + 14

    stop = min(death, withdrawal, follow_up)
    scans = [Scan(-int(rng.integers(1, 28)), "", _rounded(baseline, measurable), False)]
    nadir, best = baseline, "SD"
    progression: int | None = None
    due = SCAN_INTERVAL_DAYS
    while (day := due + int(rng.integers(-5, 8))) < stop and progression is None:
        due += SCAN_INTERVAL_DAYS
        if rng.random() < 0.02:
            continue  # visit missed
        size = baseline * (math.exp(-shrinkage * day) + math.exp(growth * day) - 1)
        size = max(0.0, size * rng.normal(1, 0.03))
        new_lesion = bool(rng.random() < (0.03 if sensitive else 0.22))
        if rng.random() < 0.03:
            scans.append(Scan(day, "NE", None, False))
            continue
        response, size = _response(size, baseline, nadir, best, new_lesion)
        if not measurable:
            response = "PD" if response == "PD" else "NON-CR/NON-PD"
        scans.append(Scan(day, response, _rounded(size, measurable), new_lesion))
        nadir = min(nadir, size)
        if response in {"CR", "PR"}:
            best = response
        if response == "PD":
            progression = day

    if progression is not None:
        death = progression + int(rng.exponential(230)) + 3
        end, reason = progression + int(rng.integers(0, 14)), "progression"
    elif withdrawal <= min(death, follow_up):
        end = withdrawal
        reason = "adverse event" if rng.random() < 0.6 else "patient decision"
    else:
        end, reason = death, "death"
    known_until = min(death, follow_up)
    treatment_end = end if end <= known_until else None
    new_therapy = None
    if treatment_end is not None and reason != "death" and rng.random() < 0.45:
        candidate = treatment_end + int(rng.integers(14, 75))
        new_therapy = candidate if candidate < known_until else None
    died = death <= follow_up
    seen = max(scans[-1].day, treatment_end or 0, new_therapy or 0)
    alive = death if died else max(seen, follow_up - int(rng.exponential(30)))
    return Course(
        tuple(scans),
        treatment_end,
        reason if treatment_end is not None else "",
        new_therapy,
        death if died else None,
        alive,
    )


def _response(
    size: float, baseline: float, nadir: float, best: str, new_lesion: bool
) -> tuple[str, float]:
    """Return the response by RECIST 1.1 and the sum as it is recorded."""
    if new_lesion or (size >= 1.2 * nadir and size - nadir >= 5):
        return "PD", size
    if size < 5 or best == "CR":
        return "CR", 0.0
    if size <= 0.7 * baseline or best == "PR":
        return "PR", size
    return "SD", size


def _rounded(size: float, measurable: bool) -> float | None:
    return round(size, 1) if measurable else None


def make_cohort(folder: Path, patients: int = 1610, seed: int = 1) -> Path:
    """Write a simulated cohort into a folder and return the path of its cohort.yaml."""
    rng = np.random.default_rng(seed)
    patient_rows: list[Row] = []
    assessment_rows: list[Row] = []
    event_rows: list[Row] = []
    for number in range(1, patients + 1):
        patient_id = f"P{number:04d}"
        start = FIRST_START + dt.timedelta(days=int(rng.integers(0, DAYS_OF_ACCRUAL)))
        measurable = bool(rng.random() < 0.88)
        course = simulate_course(rng, (CUTOFF - start).days, measurable)
        patient_rows.append(_patient_row(rng, patient_id, start, measurable, course))
        assessment_rows += [
            {
                "patient_id": patient_id,
                "date": _date(start, scan.day),
                "response": scan.response,
                "target_sum_mm": "" if scan.target_sum_mm is None else scan.target_sum_mm,
                "new_lesion": "yes" if scan.new_lesion else "no",
                "assessor": "investigator",
            }
            for scan in course.scans
        ]
        event_rows += _event_rows(rng, patient_id, start, course)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "patients.csv", patient_rows)
    _write(folder / "assessments.csv", assessment_rows)
    _write(folder / "adverse_events.csv", event_rows)
    cohort = folder / "cohort.yaml"
    cohort.write_text(COHORT_YAML, encoding="utf-8")
    return cohort


def _patient_row(
    rng: np.random.Generator, patient_id: str, start: dt.date, measurable: bool, course: Course
) -> Row:
    tumour = min(int(rng.exponential(6)), len(TUMOUR_TYPES) - 1)
    biomarker, drug = TARGETS[int(rng.integers(len(TARGETS)))]
    died = course.death is not None
    return {
        "patient_id": patient_id,
        "treatment_start": start.isoformat(),
        "age": int(np.clip(rng.normal(62, 11), 18, 88)),
        "sex": "female" if rng.random() < 0.52 else "male",
        "ecog": int(rng.choice([0, 1, 2], p=[0.36, 0.53, 0.11])),
        "tumour_type": TUMOUR_TYPES[tumour],
        "biomarker": biomarker,
        "drug": drug,
        "prior_lines": int(np.clip(rng.poisson(2.4), 0, 9)),
        "rare_cancer": "yes" if tumour >= RARE_FROM else "no",
        "country": "NL",
        "site": f"Hospital {int(rng.integers(1, 38)):02d}",
        "measurable_disease": "yes" if measurable else "no",
        "treatment_end": _date(start, course.treatment_end),
        "end_of_treatment_reason": course.reason,
        "new_therapy_start": _date(start, course.new_therapy),
        "death_date": _date(start, course.death),
        "death_cause": ("disease" if rng.random() < 0.93 else "other") if died else "",
        "last_known_alive": _date(start, course.last_known_alive),
    }


def _event_rows(
    rng: np.random.Generator, patient_id: str, start: dt.date, course: Course
) -> list[Row]:
    terms = [(soc, term) for soc, terms in EVENT_TERMS.items() for term in terms]
    shares = 1 / np.arange(2, len(terms) + 2)
    last = max(course.last_known_alive, 2)
    exposure = max(course.treatment_end or last, 2)
    rows: list[Row] = []
    for index in rng.choice(
        len(terms), size=int(rng.integers(3, 7)), p=shares / shares.sum(), replace=False
    ):
        soc, term = terms[int(index)]
        grade = int(rng.choice([1, 2, 3, 4], p=GRADE_SHARES))
        begin = int(rng.integers(1, exposure))
        end = begin + int(rng.exponential(25))
        serious = grade == 4 or (grade == 3 and rng.random() < 0.4)
        action = "dose not changed"
        if grade >= 3:
            action = str(rng.choice(["dose interrupted", "dose reduced", "drug withdrawn"]))
        rows.append(
            {
                "patient_id": patient_id,
                "term": term,
                "grade": grade,
                "soc": soc,
                "related": "yes" if rng.random() < 0.6 else "no",
                "serious": "yes" if serious else "no",
                "start": _date(start, begin),
                "end": _date(start, end if end <= last else None),
                "action_taken": action,
            }
        )
    return rows


def _date(start: dt.date, day: int | None) -> str:
    return "" if day is None else (start + dt.timedelta(days=day)).isoformat()


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulate a cohort to time the dossier with.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, default=1610)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    make_cohort(options.folder, options.patients, options.seed)


if __name__ == "__main__":
    main()

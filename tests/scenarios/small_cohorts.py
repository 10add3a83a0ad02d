"""Small invented cohorts with a bit of everything, written as files or made of frames."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from dossier.cohort.model import Cohort

START = dt.date(2022, 1, 3)
CUTOFF = dt.date(2024, 6, 30)
RESPONSES = ("CR", "PR", "SD", "PD", "NE")


def tables(number: int, seed: int) -> dict[str, pd.DataFrame]:
    """Patients, assessments and adverse events; the dates do not contradict each other."""
    rng = np.random.default_rng(seed)
    patients, visits, events = [], [], []
    for place in range(number):
        patient = f"P{place + 1:03d}"
        start = START + dt.timedelta(days=int(rng.integers(0, 700)))
        days = int(rng.integers(20, max(25, (CUTOFF - start).days)))
        died = rng.random() < 0.4
        last = start + dt.timedelta(days=days)
        patients.append({
            "patient_id": patient,
            "treatment_start": start.isoformat(),
            "sex": rng.choice(["female", "male"]),
            "site": rng.choice(["North", "South", "West"]),
            "tumour_type": rng.choice(["colon", "breast"]),
            "rare_cancer": rng.choice(["yes", "no"]),
            "measurable_disease": rng.choice(["yes", "yes", "no"]),
            "evaluable": rng.choice(["yes", "yes", "yes", "no"]),
            "death_date": last.isoformat() if died else "",
            "last_known_alive": last.isoformat(),
        })  # fmt: skip
        response = rng.choice(RESPONSES, p=[0.1, 0.3, 0.35, 0.15, 0.1])
        for number_of_visit, day in enumerate(range(50, days, 50)):
            if number_of_visit > 6 or rng.random() < 0.05:
                break
            if number_of_visit and rng.random() < 0.3:
                response = rng.choice(RESPONSES, p=[0.05, 0.2, 0.25, 0.4, 0.1])
            date = start + dt.timedelta(days=day)
            visits.append({"patient_id": patient, "date": date.isoformat(), "response": response})
            if response == "PD":
                break
        events += [
            {
                "patient_id": patient,
                "term": rng.choice(["Nausea", "Fatigue"]),
                "grade": rng.choice(["1", "2", "3", ""]),
                "start": (start + dt.timedelta(days=int(rng.integers(0, days)))).isoformat(),
            }
            for _ in range(int(rng.integers(0, 3)))
        ]
    return {
        "patients": pd.DataFrame(patients),
        "assessments": pd.DataFrame(visits),
        "adverse_events": pd.DataFrame(events, columns=["patient_id", "term", "grade", "start"]),
    }


SETTINGS = {
    "criteria": ["durable-benefit", "esmo-mcbs-1.1-form-3", "drup-clinical-benefit"],
    "declared": {"toxicity_affects_wellbeing": "no"},
    "two_stage": {
        "endpoint": "cbr_16w",
        "stage1": {"n": 4, "minimum": 1},
        "total": {"n": 10, "minimum": 4},
        "null": 0.1,
        "alternative": 0.3,
    },
}


def small_cohort(number: int = 20, seed: int = 1, **sections) -> Cohort:
    return cohort_of(tables(number, seed), **sections)


def cohort_of(frames: dict[str, pd.DataFrame], **sections) -> Cohort:
    return Cohort.from_frames(
        **frames, title="Small", data_cutoff=CUTOFF.isoformat(), **(SETTINGS | sections)
    )


def written(folder: Path, frames: dict[str, pd.DataFrame]) -> Path:
    """The same cohort as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    settings = {
        "cohort": {"title": "Small", "data_cutoff": CUTOFF.isoformat()},
        "data": {name: f"{name}.csv" for name in frames},
        **SETTINGS,
    }
    (folder / "cohort.yaml").write_text(yaml.safe_dump(settings))
    return folder

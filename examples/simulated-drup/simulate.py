"""Simulate the example cohort; the same seed always gives the same files.

Run `python simulate.py` in this folder. Nobody in these files exists and the drug is invented. The
flaws that trial offices meet are put in on purpose: partial dates, a visit entered twice, two
responses for one day, an assessment after death, values missing. A radiologist of the trial has
read the scans of nine patients in ten again.
"""

from __future__ import annotations

import csv
import datetime
import math
import random
from pathlib import Path

SEED = 20260131
PATIENTS = 60
CUTOFF = datetime.date(2025, 6, 30)
FIRST_START = datetime.date(2021, 9, 1)
LAST_START = datetime.date(2025, 4, 15)
VISIT_INTERVAL = 56
FOLDER = Path(__file__).resolve().parent

TUMOURS = [
    ("colorectal cancer", False, 9),
    ("breast cancer", False, 8),
    ("prostate cancer", False, 5),
    ("cholangiocarcinoma", True, 9),
    ("salivary gland cancer", True, 8),
    ("sarcoma", True, 7),
    ("adrenocortical carcinoma", True, 4),
    ("cancer of unknown primary", True, 6),
]
SITES = ["Hospital A", "Hospital B", "Hospital C", "Hospital D"]
EVENTS = [
    ("Gastrointestinal disorders", "Nausea", 0.42, 0.03),
    ("Gastrointestinal disorders", "Diarrhoea", 0.35, 0.08),
    ("Gastrointestinal disorders", "Vomiting", 0.18, 0.04),
    ("Gastrointestinal disorders", "Stomatitis", 0.14, 0.05),
    ("General disorders", "Fatigue", 0.48, 0.07),
    ("General disorders", "Pyrexia", 0.12, 0.02),
    ("General disorders", "Oedema peripheral", 0.13, 0.0),
    ("Skin disorders", "Rash maculo-papular", 0.27, 0.06),
    ("Skin disorders", "Dry skin", 0.16, 0.0),
    ("Skin disorders", "Pruritus", 0.12, 0.0),
    ("Investigations", "Alanine aminotransferase increased", 0.22, 0.25),
    ("Investigations", "Aspartate aminotransferase increased", 0.18, 0.2),
    ("Investigations", "Neutrophil count decreased", 0.12, 0.35),
    ("Blood disorders", "Anaemia", 0.25, 0.2),
    ("Metabolism disorders", "Decreased appetite", 0.24, 0.03),
    ("Metabolism disorders", "Hypokalaemia", 0.08, 0.2),
    ("Nervous system disorders", "Headache", 0.13, 0.0),
    ("Vascular disorders", "Hypertension", 0.11, 0.4),
    ("Infections", "Urinary tract infection", 0.09, 0.2),
    ("Infections", "Pneumonia", 0.05, 0.7),
]
ENDED_BY_PROGRESSION = "progressive disease"
ENDED_BY_TOXICITY = "adverse event"


def dutch(date: datetime.date | None) -> str:
    """The way the trial's data capture system writes a date."""
    return date.strftime("%d-%m-%Y") if date else ""


def after(start: datetime.date, days: float) -> datetime.date:
    return start + datetime.timedelta(days=round(days))


def simulate() -> tuple[list[dict], list[dict], list[dict]]:
    rng = random.Random(SEED)
    patients, assessments, events = [], [], []
    span = (LAST_START - FIRST_START).days
    for number in range(1, PATIENTS + 1):
        identifier = f"SIM-{number:03d}"
        start = after(FIRST_START, span * (number - 1) / PATIENTS + rng.uniform(0, 12))
        patient, visits = course(rng, identifier, start)
        patients.append(patient)
        assessments.extend(visits)
        events.extend(toxicity(rng, identifier, start, patient["_stop"], patient["_last"]))
    treatment_given(patients, events)
    add_flaws(patients, assessments, events)
    add_earlier_treatment(patients)
    return patients, assessments, events


def add_earlier_treatment(patients: list[dict]) -> None:
    """Progression-free survival on the last earlier line, where the site found it out."""
    rng = random.Random(SEED + 1)
    for patient in patients:
        days = round(rng.lognormvariate(math.log(120), 0.6))
        patient["PFS on last earlier line"] = "" if rng.random() < 0.12 else str(days)


def central_readings(assessments: list[dict]) -> list[dict]:
    """A second reading of the scans of nine patients in ten, by a radiologist of the trial."""
    rng = random.Random(SEED + 2)
    nearby = {"CR": "PR", "PR": "SD", "SD": "PR", "PD": "SD", "NE": "SD"}
    read, days = [], set()
    for row in assessments:
        scanned = row["New lesion"] or row["Overall response"] == "NE"
        chosen = int(row["Subject"][-3:]) % 10 and row["Overall response"] and scanned
        if not chosen or (row["Subject"], row["Scan date"]) in days:
            continue
        days.add((row["Subject"], row["Scan date"]))
        response = row["Overall response"]
        seen = nearby[response] if rng.random() < 0.14 else response
        second = visit(row["Subject"], row["Scan date"], seen, None, None)
        read.append(second | {"Assessor": "central"})
    return read


def course(rng: random.Random, identifier: str, start: datetime.date) -> tuple[dict, list[dict]]:
    """One patient from the first day of treatment to death or the data cut-off."""
    name, rare, _ = rng.choices(TUMOURS, weights=[weight for *_, weight in TUMOURS])[0]
    sensitive = rng.random() < (0.62 if rare else 0.5)
    shrinkage = (
        rng.uniform(0.32, 1.0) if sensitive and rng.random() < 0.75 else rng.uniform(-0.1, 0.28)
    )
    progression = rng.expovariate(1 / (430 if sensitive else 120)) + 25
    death = progression + rng.expovariate(1 / (330 if sensitive else 190)) + 20
    early_death = rng.random() < 0.05
    if early_death:
        death = rng.uniform(20, 50)
        progression = death + 100
    toxic_stop = rng.uniform(40, 300) if rng.random() < 0.07 else None
    lost = rng.uniform(200, 500) if rng.random() < 0.04 else None
    end = (CUTOFF - start).days
    baseline = round(rng.uniform(22, 118))
    visits = [visit(identifier, after(start, -rng.randint(3, 24)), "", baseline, False)]
    nadir, day, progressed = float(baseline), 0.0, None
    while progressed is None:
        day += VISIT_INTERVAL + rng.randint(-4, 5)
        if day > min(end, death, lost or end):
            break
        if rng.random() < 0.035:
            visits.append(visit(identifier, after(start, day), "NE", None, None))
            continue
        if toxic_stop and day > toxic_stop + 60:
            break
        grown = day >= progression
        depth = shrinkage * min(1.0, day / 110)
        size = baseline * max(0.0, 1 - depth) * rng.uniform(0.98, 1.02)
        new_lesion = grown and rng.random() < 0.45
        if grown and not new_lesion:
            size = max(nadir * rng.uniform(1.22, 1.6), nadir + 5.5)
        size = round(size) if shrinkage < 0.86 or day < 110 or grown else 0
        response = overall(size, baseline, nadir, new_lesion=new_lesion)
        visits.append(visit(identifier, after(start, day), response, size, new_lesion))
        nadir = min(nadir, size)
        if response == "PD":
            progressed = day
    died = death if death <= min(end, lost or end) else None
    stop, reason = treatment_end(rng, progressed, died, toxic_stop, lost, end)
    therapy = None
    if progressed is not None and rng.random() < 0.4:
        wanted = progressed + rng.uniform(14, 60)
        therapy = wanted if wanted < min(end, died or end) else None
    elif stop is not None and reason == ENDED_BY_TOXICITY and rng.random() < 0.5:
        wanted = stop + rng.uniform(60, 90)
        therapy = wanted if wanted < min(end, died or end) else None
    last_alive = None if died else after(start, min(end, lost or end) - rng.uniform(0, 20))
    patient = {
        "Subject": identifier,
        "Start of treatment": start,
        "Age": rng.randint(29, 81),
        "Sex": rng.choice(["F", "M"]),
        "ECOG": rng.choices(["0", "1", "2"], weights=[35, 50, 15])[0],
        "Tumour type": name,
        "Rare cancer": "yes" if rare else "no",
        "Biomarker": "EXMP fusion" if rng.random() < 0.7 else "EXMP mutation",
        "Prior lines": rng.choices([1, 2, 3, 4, 5], weights=[18, 34, 26, 14, 8])[0],
        "Hospital": rng.choice(SITES),
        "Measurable": "yes",
        "End of treatment": after(start, stop) if stop is not None else None,
        "Reason end of treatment": reason,
        "New therapy": after(start, therapy) if therapy is not None else None,
        "Death": after(start, died) if died is not None else None,
        "Cause of death": "disease" if died is not None and rng.random() < 0.9 else "",
        "Last contact": last_alive,
        "Evaluable": "yes",
        "Reason not evaluable": "",
        "_stop": stop if stop is not None else end,
        "_last": died if died is not None else min(end, lost or end),
    }
    if patient["Death"] and not patient["Cause of death"]:
        patient["Cause of death"] = "other"
    return patient, visits


def treatment_end(
    rng: random.Random,
    progressed: float | None,
    died: float | None,
    toxic_stop: float | None,
    lost: float | None,
    end: int,
) -> tuple[float | None, str]:
    """Day treatment ended and why; None where it goes on at the cut-off."""
    ends = []
    if progressed is not None:
        ends.append((progressed + rng.uniform(1, 9), ENDED_BY_PROGRESSION))
    if died is not None:
        ends.append((died - rng.uniform(1, 12), "death"))
    if toxic_stop is not None:
        ends.append((toxic_stop, ENDED_BY_TOXICITY))
    if lost is not None:
        ends.append((lost - 5, "withdrew consent"))
    ends = [(max(day, 1), why) for day, why in ends if day <= end]
    return min(ends) if ends else (None, "")


def overall(size: float, baseline: float, nadir: float, *, new_lesion: bool) -> str:
    """Overall response from the target lesions (RECIST 1.1), no lesion elsewhere but new ones."""
    if new_lesion or (size >= 1.2 * nadir and size - nadir >= 5):
        return "PD"
    if size == 0:
        return "CR"
    return "PR" if size <= 0.7 * baseline else "SD"


def visit(
    identifier: str,
    date: datetime.date,
    response: str,
    size: float | None,
    new_lesion: bool | None,
) -> dict:
    return {
        "Subject": identifier,
        "Scan date": date,
        "Overall response": response,
        "Sum of diameters (mm)": "" if size is None else str(size),
        "New lesion": "" if new_lesion is None else ("yes" if new_lesion else "no"),
    }


def toxicity(
    rng: random.Random, identifier: str, start: datetime.date, stop: float, last: float
) -> list[dict]:
    rows = []
    for soc, term, chance, severe in EVENTS:
        if rng.random() >= chance:
            continue
        grade = (
            rng.choices([3, 4], weights=[85, 15])[0]
            if rng.random() < severe
            else rng.choice([1, 1, 2])
        )
        day = rng.uniform(2, max(10, min(stop, last, 240)))
        length = rng.uniform(3, 60)
        rows.append(
            {
                "Subject": identifier,
                "Class": soc,
                "Preferred term": term,
                "CTCAE grade": str(grade),
                "Related": "yes" if rng.random() < 0.75 else "no",
                "Serious": "yes" if grade >= 3 and rng.random() < 0.4 else "no",
                "Start": after(start, day),
                "End": after(start, min(day + length, last)),
                "Action": "drug withdrawn" if grade >= 3 and rng.random() < 0.1 else "none",
            }
        )
    return rows


def treatment_given(patients: list[dict], events: list[dict]) -> None:
    """Actions taken for adverse events, and the dose given; of a generator of its own, so that
    nothing else changes."""
    rng = random.Random(f"{SEED} dose")
    by_id = {patient["Subject"]: patient for patient in patients}
    own: dict[str, list[dict]] = {}
    for event in events:
        own.setdefault(event["Subject"], []).append(event)
        if event["Action"] == "none" and event["CTCAE grade"] not in ("", "1"):
            draw = rng.random()
            if draw < 0.2:
                event["Action"] = "dose reduced"
            elif draw < 0.4:
                event["Action"] = "drug interrupted"
    for identifier, patient in by_id.items():
        mine = own.get(identifier, [])
        if patient["Reason end of treatment"] == ENDED_BY_TOXICITY and mine:
            max(mine, key=lambda event: event["Start"])["Action"] = "drug withdrawn"
        started = patient["Start of treatment"] is not None
        reductions = sum(event["Action"] == "dose reduced" for event in mine)
        interruptions = sum(event["Action"] == "drug interrupted" for event in mine)
        intensity = max(55, round(100 - 14 * reductions - 6 * interruptions - rng.uniform(0, 6)))
        patient |= {
            "Cycles": int(patient["_stop"] // 28) + 1 if started else "",
            "Relative dose intensity (%)": intensity if started else "",
            "Dose reductions": reductions if started else "",
            "Dose interruptions": interruptions if started else "",
        }


SCALES = [
    ("EORTC QLQ-C30", "Global health status", 62, 18, 1, 100 / 12),
    ("EORTC QLQ-C30", "Physical functioning", 74, 16, 1, 100 / 15),
    ("EORTC QLQ-C30", "Fatigue", 38, 20, -1, 100 / 9),
    ("EQ-5D-5L", "Index value", 0.76, 0.14, 1, 0.001),
]


def quality_of_life(patients: list[dict]) -> list[dict]:
    """Questionnaires before treatment and at weeks 8, 16 and 24 while it goes on; of a generator
    of its own."""
    rng = random.Random(f"{SEED} quality of life")
    rows = []
    for patient in patients:
        start = patient["Start of treatment"]
        if start is None:
            continue
        last = patient["_stop"]
        if patient["Last contact"]:
            last = min(last, (patient["Last contact"] - start).days)
        health = rng.gauss(0, 1)
        trend = rng.gauss(0.15, 0.5)
        for week in (0, 8, 16, 24):
            day = -rng.randint(0, 6) if week == 0 else week * 7 + rng.randint(-5, 5)
            answered = rng.random() < (0.95 if week == 0 else 0.86)
            noise = [rng.gauss(0, 0.45) for _ in SCALES]
            if day > last or not answered:
                continue
            for (instrument, scale, middle, spread, sign, step), error in zip(
                SCALES, noise, strict=True
            ):
                value = middle + sign * spread * (health + trend * week / 24 + error)
                top = 1.0 if middle <= 1 else 100.0
                value = min(top, max(0.0, round(value / step) * step))
                rows.append(
                    {
                        "Subject": patient["Subject"],
                        "Completed on": after(start, day),
                        "Questionnaire": instrument,
                        "Scale": scale,
                        "Score": f"{value:.3f}" if top == 1 else f"{value:.1f}",
                    }
                )
    return rows


def add_flaws(patients: list[dict], assessments: list[dict], events: list[dict]) -> None:
    """What real data look like: each flaw becomes a data query."""
    by_id = {patient["Subject"]: patient for patient in patients}
    by_id["SIM-004"]["ECOG"] = ""
    by_id["SIM-019"]["ECOG"] = ""
    by_id["SIM-023"]["Age"] = ""
    never = by_id["SIM-031"]
    for column in ("Start of treatment", "End of treatment", "New therapy", "Death"):
        never[column] = None
    never |= {"Reason end of treatment": "", "Cause of death": "", "Evaluable": "no"}
    never |= dict.fromkeys(
        ("Cycles", "Relative dose intensity (%)", "Dose reductions", "Dose interruptions"), ""
    )
    never |= {"Reason not evaluable": "withdrew before treatment", "Last contact": None}
    assessments[:] = [row for row in assessments if row["Subject"] != "SIM-031"]
    events[:] = [row for row in events if row["Subject"] != "SIM-031"]
    by_id["SIM-012"] |= {"Evaluable": "no", "Reason not evaluable": "less than one cycle given"}
    dead = [p for p in patients if p["Death"] and p["Subject"] not in ("SIM-012", "SIM-031")]
    dead[3]["Death"] = dead[3]["Death"].strftime("%Y-%m")  # only the month was known
    late = dead[5]
    assessments.append(visit(late["Subject"], after(late["Death"], 9), "PD", None, None))
    scans = [row for row in assessments if row["Overall response"] == "SD"]
    assessments.append(dict(scans[4]))  # entered twice
    assessments.append(dict(scans[9]) | {"Overall response": "PR"})  # two readings of one day
    progressed = next(row for row in assessments if row["Overall response"] == "PD")
    assessments.append(
        visit(progressed["Subject"], after(progressed["Scan date"], 50), "SD", None, False)
    )
    events[7]["CTCAE grade"] = ""
    events[11]["Start"] = by_id[events[11]["Subject"]]["Start of treatment"] - datetime.timedelta(9)


def write(name: str, rows: list[dict], separator: str, encoding: str) -> None:
    columns = [key for key in rows[0] if not key.startswith("_")]
    with (FOLDER / name).open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            cells = (row[column] for column in columns)
            writer.writerow(
                dutch(cell) if isinstance(cell, datetime.date) else ("" if cell is None else cell)
                for cell in cells
            )


if __name__ == "__main__":
    patients, assessments, events = simulate()
    order = sorted(
        assessments, key=lambda row: (row["Subject"], row["Scan date"], row["Overall response"])
    )
    order = [row | {"Assessor": "investigator"} for row in order] + central_readings(order)
    write("patients.csv", patients, ";", "windows-1252")
    write("assessments.csv", order, ";", "windows-1252")
    write("adverse_events.csv", events, ";", "windows-1252")
    write("quality_of_life.csv", quality_of_life(patients), ";", "windows-1252")

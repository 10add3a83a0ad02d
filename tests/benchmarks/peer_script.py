"""The script an analyst would write instead: pandas, lifelines, matplotlib and python-docx.

``python peer_script.py FOLDER OUT.docx`` reads the three tables and writes one Word report with
four tables and two Kaplan-Meier figures. It checks no input, confirms no response, judges no
criterion, makes no PDF and traces no number; it is what the time of ``dossier build`` is compared
with.
"""

import sys
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from docx import Document
from docx.shared import Cm
from lifelines import KaplanMeierFitter
from lifelines.plotting import add_at_risk_counts
from lifelines.utils import median_survival_times
from scipy.stats import binomtest

mpl.use("Agg")
import matplotlib.pyplot as plt

DAYS_PER_MONTH = 365.25 / 12
CUTOFF = pd.Timestamp("2024-05-31")
ORDER = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"]


def read(folder):
    patients = pd.read_csv(
        folder / "patients.csv",
        parse_dates=[
            "treatment_start",
            "treatment_end",
            "new_therapy_start",
            "death_date",
            "last_known_alive",
        ],
    )
    visits = pd.read_csv(folder / "assessments.csv", parse_dates=["date"])
    events = pd.read_csv(folder / "adverse_events.csv")
    return patients, visits, events


def best_responses(patients, visits):
    after_start = visits.merge(patients[["patient_id", "treatment_start"]], on="patient_id")
    after_start = after_start[after_start["date"] > after_start["treatment_start"]]
    rank = after_start["response"].map({name: i for i, name in enumerate(ORDER)})
    best = rank.groupby(after_start["patient_id"]).min().map(dict(enumerate(ORDER)))
    return patients["patient_id"].map(best).fillna("NE")


def survival_times(patients, visits):
    data = patients.set_index("patient_id")
    after_start = visits.merge(patients[["patient_id", "treatment_start"]], on="patient_id")
    after_start = after_start[after_start["date"] > after_start["treatment_start"]]
    progression = after_start[after_start["response"] == "PD"].groupby("patient_id")["date"].min()
    last_visit = (
        after_start[after_start["response"] != "NE"].groupby("patient_id")["date"].max()
    ).reindex(data.index)

    first_event = pd.concat([progression, data["death_date"]], axis=1).min(axis=1)
    first_event = first_event.reindex(data.index)
    new_therapy_first = data["new_therapy_start"].notna() & ~(
        first_event <= data["new_therapy_start"]
    )
    pfs_event = first_event.notna() & ~new_therapy_first
    pfs_end = first_event.where(pfs_event, last_visit).fillna(data["treatment_start"])

    os_event = data["death_date"].notna()
    os_end = data["death_date"].where(os_event, data["last_known_alive"].clip(upper=CUTOFF))
    return pd.DataFrame(
        {
            "pfs": (pfs_end - data["treatment_start"]).dt.days / DAYS_PER_MONTH,
            "pfs_event": pfs_event,
            "os": (os_end - data["treatment_start"]).dt.days / DAYS_PER_MONTH,
            "os_event": os_event,
        }
    )


def add_table(document, header, rows):
    table = document.add_table(rows=1, cols=len(header))
    table.style = "Light Grid Accent 1"
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
    for row in rows:
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=True):
            cell.text = str(value)


def baseline_rows(patients):
    n = len(patients)
    rows = [
        ["Patients", n],
        [
            "Age, median (range)",
            "{:.0f} ({:.0f}-{:.0f})".format(*patients["age"].agg(["median", "min", "max"])),
        ],
        ["Prior lines, median", f"{patients['prior_lines'].median():.0f}"],
    ]
    for column in ["sex", "ecog", "tumour_type", "measurable_disease"]:
        for value, count in patients[column].value_counts().items():
            rows.append([f"{column}: {value}", f"{count} ({100 * count / n:.1f}%)"])
    return rows


def response_rows(best):
    n = len(best)
    counts = best.value_counts().reindex(ORDER, fill_value=0)
    rows = [[name, f"{count} ({100 * count / n:.1f}%)", ""] for name, count in counts.items()]
    for label, names in [
        ("Objective response rate", ["CR", "PR"]),
        ("Disease control rate", ["CR", "PR", "SD", "NON-CR/NON-PD"]),
    ]:
        k = int(counts[names].sum())
        interval = binomtest(k, n).proportion_ci(method="exact")
        rows.append(
            [
                label,
                f"{k} ({100 * k / n:.1f}%)",
                f"{100 * interval.low:.1f}-{100 * interval.high:.1f}%",
            ]
        )
    return rows


def survival_rows(label, fitter):
    interval = median_survival_times(fitter.confidence_interval_).iloc[0]
    rows = [
        [
            f"{label}: median, months",
            f"{fitter.median_survival_time_:.1f}",
            f"{interval.iloc[0]:.1f}-{interval.iloc[1]:.1f}",
        ]
    ]
    band = fitter.confidence_interval_
    for month in (6, 12):
        low, high = band[band.index <= month].iloc[-1]
        rows.append(
            [
                f"{label}: at {month} months",
                f"{100 * fitter.predict(month):.1f}%",
                f"{100 * low:.1f}-{100 * high:.1f}%",
            ]
        )
    return rows


def adverse_event_rows(events, n):
    worst = events.groupby(["term", "patient_id"])["grade"].max().reset_index()
    table = pd.crosstab(worst["term"], worst["grade"])
    table["any"] = table.sum(axis=1)
    table = table.sort_values("any", ascending=False)
    rows = []
    for term, row in table.iterrows():
        grades = [row.get(grade, 0) for grade in (1, 2, 3, 4, 5)]
        rows.append([term, *grades, f"{row['any']} ({100 * row['any'] / n:.1f}%)"])
    return rows


def plot(fitter, title, path):
    figure, axes = plt.subplots(figsize=(7, 4.5))
    fitter.plot_survival_function(ax=axes, ci_show=True, show_censors=True)
    axes.set_title(title)
    axes.set_xlabel("Months since start of treatment")
    axes.set_ylabel("Probability")
    axes.set_ylim(0, 1)
    add_at_risk_counts(fitter, ax=axes)
    figure.tight_layout()
    figure.savefig(path, dpi=200)
    plt.close(figure)


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    patients, visits, events = read(folder)
    best = best_responses(patients, visits)
    times = survival_times(patients, visits)
    pfs = KaplanMeierFitter(label="PFS").fit(times["pfs"], times["pfs_event"])
    os = KaplanMeierFitter(label="OS").fit(times["os"], times["os_event"])
    plot(pfs, "Progression-free survival", out.with_name("pfs.png"))
    plot(os, "Overall survival", out.with_name("os.png"))

    document = Document()
    document.add_heading("Cohort report", 0)
    document.add_heading("Baseline", 1)
    add_table(document, ["Characteristic", "Value"], baseline_rows(patients))
    document.add_heading("Response", 1)
    add_table(document, ["Best response", "n (%)", "95% CI"], response_rows(best))
    document.add_heading("Survival", 1)
    add_table(
        document,
        ["Endpoint", "Estimate", "95% CI"],
        survival_rows("PFS", pfs) + survival_rows("OS", os),
    )
    document.add_picture(str(out.with_name("pfs.png")), width=Cm(16))
    document.add_picture(str(out.with_name("os.png")), width=Cm(16))
    document.add_heading("Adverse events, worst grade per patient", 1)
    add_table(
        document,
        ["Term", "1", "2", "3", "4", "5", "Any (%)"],
        adverse_event_rows(events, len(patients)),
    )
    document.save(out)


if __name__ == "__main__":
    main()

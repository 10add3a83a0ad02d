"""A document with every block and every inline, and the characters that trip renderers up."""

from __future__ import annotations

import datetime
import math

from dossier.compose.document import (
    Block,
    BulletList,
    Callout,
    Cell,
    Contents,
    CrossReference,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    LineBreak,
    Link,
    Number,
    PageBreak,
    Paragraph,
    Row,
    Strong,
    Table,
    Text,
    TitlePage,
    Tone,
    Words,
)
from dossier.compose.scene import Label, Line, Scene, Shape, rectangle

HOSTILE = '<b>&"x"</b> &amp; ]]> {page} \\(parentheses\\) %PDF'
LONG_WORD = "Immunglobulinschwerkettengenumlagerungsnachweis"
NARROW_SPACE = "1\u202f250\u00a0mg"
NON_BREAKING_HYPHEN = "anti\u2011PD\u20111"

WORDS = Words(
    page_of="Page {page} of {pages}",
    table_word="Table",
    figure_word="Figure",
    continued="continued",
    go_to="Go to",
    web_link="Web link",
    footnote="Footnote",
    origin_of="Where {number} comes from",
    attached="Source of this dossier",
)


def text(words: str) -> tuple[Inline, ...]:
    return (Text(words),)


def cell(words: str, **look: object) -> Cell:
    return Cell(text(words), **look)  # type: ignore[arg-type]


def number(words: str, path: str = "endpoints.orr.estimate", **look: object) -> Cell:
    return Cell((Number(words, path),), align="right", **look)  # type: ignore[arg-type]


def sample_document() -> Document:
    """Title page, contents, three heading levels, and each other block at least once."""
    return Document(
        title="Nebulumab in advanced sarcoma – evidence dossier",
        author="Trial Office Example",
        subject="Reimbursement dossier; data cut-off 31 March 2026",
        language="en-GB",
        date=datetime.datetime(2026, 3, 31, tzinfo=datetime.UTC),
        header="Nebulumab in advanced sarcoma – evidence dossier",
        footer="Version 1.2 · data cut-off 2026-03-31 · 3f9a1c77",
        banner="DRAFT",
        blocks=(*front(), *effectiveness(), *safety(), *methods()),
        words=WORDS,
        properties={"version": "1.2", "results_sha256": "3f9a1c77" * 8},
    )


def front() -> tuple[Block, ...]:
    return (
        TitlePage(
            title="Nebulumab in previously treated advanced soft-tissue sarcoma",
            subtitle="Evidence dossier for the reimbursement authority",
            lines=("Single-arm cohort NEB-SARC-01, 25 patients", "Data cut-off 31 March 2026"),
            details=(
                ("Applicant", "Trial Office Example, Amsterdam"),
                ("Version", "1.2, draft for review"),
                ("Criteria", "PASKWIL 2023 – non-randomised palliative treatment"),
                ("Results hash", "3f9a1c77" * 8),
            ),
        ),
        Contents("headings", "Contents", "contents"),
        Contents("tables", "Tables", "list-of-tables"),
        Contents("figures", "Figures", "list-of-figures"),
        PageBreak(),
    )


def effectiveness() -> tuple[Block, ...]:
    return (
        Heading(1, text("Clinical effectiveness"), "effectiveness", "1"),
        Paragraph(
            (
                Text("Four of 25 patients had a confirmed response, "),
                Number("16.0% (4/25)", "endpoints.orr.estimate"),
                Text("; half of them were still in response after "),
                Strong((Number("9.4 months", "endpoints.dor.median"),)),
                Text("."),
            ),
            "lead",
        ),
        Callout(
            text("Verdict: criteria met"),
            (
                (
                    Text("The lower limit of the 95% confidence interval, "),
                    Number("4.5%", "endpoints.orr.lower"),
                    Text(", is read against the threshold in "),
                    CrossReference("table-endpoints", "Table 1"),
                    Text("."),
                ),
                text("This statement is the software’s reading of the published criteria."),
            ),
            "met",
        ),
        Heading(2, text("Population and follow-up"), "population", "1.1"),
        Paragraph(
            (
                Text("All "),
                Emphasis(text("treated")),
                Text(
                    " patients are analysed. Median follow-up was 24.3 months by the reverse "
                    "Kaplan–Meier method."
                ),
                Footnote(
                    (
                        Text("Schemper M, Smith TL. A note on quantifying follow-up. "),
                        Emphasis(text("Controlled Clinical Trials")),
                        Text(" 1996;17:343–346. See "),
                        Link("https://doi.org/10.1016/0197-2456(96)00075-X", "doi.org"),
                        Text("."),
                    )
                ),
                Text(" The dose was "),
                Text(NARROW_SPACE),
                Text(" of the "),
                Text(NON_BREAKING_HYPHEN),
                Text(" antibody every 3 weeks; patients ≥ 65 years were "),
                Number("11 (44%)", "population.elderly"),
                Text(". See "),
                CrossReference("figure-pfs", "Figure 1"),
                Text(", "),
                CrossReference("safety", "section 2"),
                Text(" and the registry entry at "),
                Link("https://clinicaltrials.gov/study/NCT00000000", "ClinicalTrials.gov"),
                Text("."),
            )
        ),
        Paragraph(text("Names of sites and products are printed as received: " + HOSTILE)),
        Heading(3, text("Analysis sets"), "sets", "1.1.1"),
        Paragraph(text("Three sets are used:")),
        BulletList(
            (
                text("Enrolled: every patient who gave consent and was registered."),
                (
                    Text("Treated: at least one dose. This is the primary set for "),
                    CrossReference("table-endpoints", "Table 1"),
                    Text(", and the wording is long enough to need a second line in the list."),
                ),
                (
                    Text("Evaluable: at least one post-baseline scan."),
                    Footnote(text("Or death or clinical progression before it, as a failure.")),
                ),
            )
        ),
        Paragraph(text("Each patient is classified in this order:")),
        BulletList(
            tuple(
                text(step)
                for step in (
                    "Read each visit.",
                    "Find the best response that a later visit confirms, at least 28 days later.",
                    "Count.",
                )
            ),
            ordered=True,
        ),
        endpoints_table(),
        Paragraph(text("The curve in the figure below ends where fewer than five are at risk.")),
        Figure(
            "figure-pfs",
            "Figure 1",
            text("Progression-free survival, Kaplan–Meier estimate with numbers at risk"),
            survival_scene(),
            notes=(text("Vertical ticks: patients censored. Shaded: 95% confidence band."),),
        ),
        *(
            Callout(text(title), (text(words),), tone)
            for title, words, tone in (
                ("Not met", "Quality of life was not measured.", "not_met"),
                ("Cannot be assessed", "The toxicity threshold is unpublished.", "not_assessable"),
                ("Does not apply", "There is no control arm.", "not_applicable"),
                ("Please note", "Numbers link to the file of results.", "neutral"),
            )
        ),
    )


def endpoints_table() -> Table:
    tones: tuple[tuple[str, Tone], ...] = (
        ("met", "met"),
        ("not met", "not_met"),
        ("not assessable", "not_assessable"),
    )
    header: tuple[Row, ...] = (
        (Cell(()), cell("Treated patients", align="center", span=2), None, cell("Criterion")),
        (
            cell("Endpoint"),
            cell("n/N", align="right"),
            cell("Estimate (95% CI)", align="right"),
            cell("Verdict"),
        ),
    )
    rows: tuple[Row, ...] = (
        (cell("Response", strong=True, span=4), None, None, None),
        *(
            (
                cell(name, indent=1),
                number("4/25"),
                number(estimate),
                cell(verdict, tone=tone),
            )
            for name, estimate, (verdict, tone) in zip(
                (
                    "Objective response rate",
                    "Disease control rate for 16 weeks or longer",
                    "Response",
                ),
                ("16.0% (4.5–36.1)", "48.0% (27.8–68.7)", "9.4 months (5.1–NE)"),
                tones,
                strict=True,
            )
        ),
        (
            Cell((Text("Quality of life"), Footnote(text("EORTC QLQ-C30, global health.")))),
            number("0/25"),
            number("not estimable"),
            cell("not applicable", tone="not_applicable"),
        ),
        (
            Cell((Text("First line"), LineBreak(), Text("second line"))),
            number("25/25"),
            Cell(text(LONG_WORD), align="right"),
            cell(HOSTILE, tone="neutral"),
        ),
    )
    return Table(
        "table-endpoints",
        "Table 1",
        text("Endpoints of effectiveness against the published criteria, treated patients"),
        header,
        rows,
        (3.0, 1.0, 2.2, 1.6),
        notes=(
            text("CI: confidence interval, Clopper–Pearson. NE: not estimable."),
            (
                Text("Denominators are treated patients; see "),
                CrossReference("population", "section 1.1"),
                Text("."),
            ),
        ),
        description="Six endpoints, each with count, estimate, interval and verdict.",
    )


def safety() -> tuple[Block, ...]:
    terms = (
        "Fatigue",
        "Nausea",
        "Immune-mediated hepatitis, including raised transaminases of any cause",
        "Anaemia",
        "Diarrhoea",
        "Rash",
    )
    rows: list[Row] = []
    for i in range(120):
        if i % 12 == 0:
            rows.append(
                (cell(f"System organ class {i // 12 + 1}", strong=True, span=5),) + (None,) * 4
            )
            continue
        rows.append(
            (
                cell(f"{terms[i % len(terms)]} ({i})", indent=1),
                number(str(i % 25)),
                number(f"{4 * (i % 25)}.0"),
                number(str(i % 7)),
                number(f"{4 * (i % 7)}.0"),
            )
        )
    return (
        PageBreak(),
        Heading(1, text("Safety"), "safety", "2"),
        Paragraph(
            text(
                "Adverse events that started on treatment or within 30 days of the last dose. " * 6
            )
        ),
        Table(
            "table-events",
            "Table 2",
            text("Treatment-emergent adverse events by system organ class and preferred term"),
            (
                (
                    Cell(()),
                    cell("Any grade", align="center", span=2),
                    None,
                    cell("Grade 3 or higher", align="center", span=2),
                    None,
                ),
                (
                    cell("Term"),
                    cell("n", align="right"),
                    cell("%", align="right"),
                    cell("n", align="right"),
                    cell("%", align="right"),
                ),
            ),
            tuple(rows),
            (4.0, 1.0, 1.0, 1.0, 1.0),
            notes=(text("A patient counts once a term, at the highest grade."),),
            description="Counts and percentages of patients by term, any grade and grade 3+.",
        ),
        Heading(2, text("Deaths"), "deaths", "2.1"),
        Paragraph(text("No death was attributed to treatment. " * 12)),
    )


def methods() -> tuple[Block, ...]:
    return (
        PageBreak(),  # so that no paragraph with a footnote is divided
        Heading(1, text("Methods"), "methods", "3"),
        Heading(
            2,
            text(
                "A heading that is long enough to need two lines on the page and two lines in the "
                "table of contents as well"
            ),
            "long-heading",
            "3.1",
        ),
        *(
            Paragraph(
                (
                    Text(f"Statement {i}. "),
                    Text(
                        " ".join(
                            ["Response was read by the investigator under RECIST 1.1."]
                            * (3 + i % 4)
                        )
                    ),
                    Footnote(text(f"Source {i}: protocol section {i}. " * (1 + i % 5))),
                    Text(" Dates are as recorded."),
                )
            )
            for i in range(1, 15)
        ),
        Heading(1, text("Colophon"), "colophon"),
        Paragraph(text("Prepared with open software; every number can be traced."), "note"),
    )


def survival_scene() -> Scene:
    """Two curves with a band, dashes, ticks, a rotated axis title and numbers at risk."""
    left, right, top, bottom = 52.0, 452.0, 12.0, 190.0
    months = 24

    def x(month: float) -> float:
        return left + (right - left) * month / months

    def y(share: float) -> float:
        return bottom - (bottom - top) * share

    shapes: list[Shape] = []
    upper = [(x(m), y(min(1, math.exp(-0.05 * m) + 0.08))) for m in range(months + 1)]
    lower = [(x(m), y(max(0, math.exp(-0.05 * m) - 0.12))) for m in range(months + 1)]
    shapes.append(Line((*upper, *reversed(lower)), None, closed=True, fill="#DCE8F3"))
    shapes.append(Line(((left, top), (left, bottom), (right, bottom))))
    for tenth in range(0, 11, 2):
        shapes.append(Line(((left - 3, y(tenth / 10)), (left, y(tenth / 10)))))
        shapes.append(Label(left - 6, y(tenth / 10) + 3, f"{10 * tenth}%", anchor="end"))
    shapes.append(Label(left, bottom + 44, "Number at risk", bold=True))
    for month in range(0, months + 1, 6):
        shapes.append(Line(((x(month), bottom), (x(month), bottom + 3))))
        shapes.append(Label(x(month), bottom + 13, str(month), anchor="middle"))
        shapes.append(Label(x(month), bottom + 57, str(25 - month), anchor="middle"))
    shapes.append(Label((left + right) / 2, bottom + 27, "Time (months)", 9, "middle"))
    shapes.append(Label(14, (top + bottom) / 2, "Probability of PFS ≥ t", 9, "middle", rotation=90))
    for rate, color, dash in ((0.05, "#0072B2", ()), (0.09, "#D55E00", (4.0, 2.0))):
        steps: list[tuple[float, float]] = []
        for month in range(months):
            level = y(math.exp(-rate * month))
            steps += [(x(month), level), (x(month + 1), level)]
        shapes.append(Line(tuple(steps), color, 1.4, dash))
        shapes += [Line(((px, py - 3), (px, py + 3)), color, 0.8) for px, py in steps[9:40:12]]
    shapes.append(rectangle(330, 14, 118, 34, fill="#FFFFFF", color="#B0B7C3", line_width=0.4))
    shapes.append(Line(((336, 25), (356, 25)), "#0072B2", 1.4))
    shapes.append(Label(361, 28, "Nebulumab", 8.5))
    shapes.append(Line(((336, 39), (356, 39)), "#D55E00", 1.4, (4.0, 2.0)))
    shapes.append(Label(361, 42, "Historical control", 8.5, color="#333333"))
    return Scene(
        460,
        256,
        "Progression-free survival",
        "Kaplan–Meier curves. Nebulumab stays above the historical control from month 1; "
        "progression-free survival at 12 months is 55% against 34%.",
        tuple(shapes),
        ("month", "nebulumab", "control"),
        ((0, 1.0, 1.0), (12, 0.55, 0.34)),
    )

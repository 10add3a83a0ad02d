"""The numbers of a cohort a second time, patient by patient and with no array in sight.

Written from the rules in words, as a second programmer would: slow, plain and short. Nothing of
`dossier` is used. A patient is a dictionary; days count from the start of treatment, and None is
what never happened or is not known. Keys: ``visits`` (day and response), ``died``, ``new_therapy``,
``ended`` (treatment), ``alive`` (every day on which the patient was seen alive), ``cutoff`` (day of
the data cut-off), ``evaluable``, ``earlier_pfs``.
"""

import math

from scipy.optimize import brentq
from scipy.stats import beta, binom, norm

MONTH = 30.4375
RESPONSES = ("CR", "PR")
STABLE = ("CR", "PR", "SD", "NON-CR/NON-PD")
FROM_WORST = ("PD", "NON-CR/NON-PD", "SD", "PR", "CR", "NE")
Z = norm.ppf(0.975)

DEFAULTS = {
    "confirmation": True,
    "confirmation_days": 28,
    "maximum_ne_between": 1,
    "maximum_sd_between": 0,
    "sd_minimum_days": 42,
    "benefit_tolerance_days": 7,
    "pfs": "standard",
    "every": None,
    "window": 7,
}


def by(cutoff, day):
    """The day, if it came by the cut-off."""
    return day if day is not None and day <= cutoff else None


def scans(patient):
    """Assessments after the start of treatment, by the cut-off, in order; of a day the worst."""
    worst = {}
    for day, response in patient["visits"]:
        if 0 < day <= patient["cutoff"]:
            worst[day] = min(worst.get(day, response), response, key=FROM_WORST.index)
    return sorted(worst.items())


def best_response(patient, options):
    """Best overall response and the day that carries it."""
    seen, complete = [], False
    new_therapy = by(patient["cutoff"], patient["new_therapy"])
    for day, response in scans(patient):
        if new_therapy is not None and day > new_therapy:
            break
        if complete and response in ("PR", "SD", "NON-CR/NON-PD"):
            response = "PD"  # the disease came back
        complete = complete or response == "CR"
        seen.append((day, response))
        if response == "PD":
            break

    for wanted, second in (("CR", ["CR"]), ("PR", ["PR", "CR"])):
        for place, (day, response) in enumerate(seen):
            if response == wanted and (
                not options["confirmation"] or is_confirmed(day, seen[place + 1 :], second, options)
            ):
                return wanted, day
    for result, counting in (("SD", ("CR", "PR", "SD")), ("NON-CR/NON-PD", ("NON-CR/NON-PD",))):
        for day, response in seen:
            if response in counting and day >= options["sd_minimum_days"]:
                return result, day
    for day, response in seen:
        if response == "PD":
            return "PD", day
    return "NE", None


def is_confirmed(first, later, second, options):
    between = []
    for day, response in later:
        if day - first >= options["confirmation_days"] and response in second:
            allowed_sd = options["maximum_sd_between"] if second == ["PR", "CR"] else 0
            return (
                between.count("NE") <= options["maximum_ne_between"]
                and between.count("SD") <= allowed_sd
                and all(each in (*second, "NE", "SD") for each in between)
            )
        between.append(response)
    return False


def first_progression(patient):
    return next((day for day, response in scans(patient) if response == "PD"), None)


def progression_free_survival(patient, options):
    """Day, whether it is an event, and what it was."""
    progression = first_progression(patient)
    died = by(patient["cutoff"], patient["died"])
    new_therapy = by(patient["cutoff"], patient["new_therapy"])
    ends = [(day, name) for day, name in ((progression, "progression"), (died, "death"))
            if day is not None]  # fmt: skip
    event = min(ends, key=lambda end: end[0]) if ends else None
    good = [day for day, response in scans(patient) if response not in ("NE", "PD")]
    censors = options["pfs"] != "treatment-policy" and new_therapy is not None
    if censors and (event is None or new_therapy < event[0]):
        before = [day for day in good if day <= new_therapy]
        return max(before, default=0), False, "new anticancer therapy"
    if event is None:
        return max(good, default=0), False, "no event"
    if options["pfs"] == "fda":
        last = max((day for day in good if day <= event[0]), default=0)
        if event[0] > last + 2 * options["every"] + options["window"]:
            return last, False, "missed assessments"
    return event[0], True, event[1]


def overall_survival(patient):
    died = by(patient["cutoff"], patient["died"])
    if died is not None:
        return died, True
    known = [*patient["alive"], patient["ended"], patient["new_therapy"], patient["died"], 0]
    known += [day for day, _ in patient["visits"]]
    return min(max(day for day in known if day is not None), patient["cutoff"]), False


def time_on_treatment(patient):
    ended = by(patient["cutoff"], patient["ended"])
    if patient["ended"] is None:  # no end is recorded: the next treatment ends this one
        ended = by(patient["cutoff"], patient["new_therapy"])
    return (ended, True) if ended is not None else overall_survival(patient)


def time_to_next_treatment(patient):
    ends = [by(patient["cutoff"], patient[name]) for name in ("new_therapy", "died")]
    ends = [day for day in ends if day is not None]
    return (min(ends), True) if ends else overall_survival(patient)


def benefit(patient, weeks, options):
    """Clinical benefit after so many weeks: true, false, or None where it is too early."""
    if best_response(patient, options)[0] in RESPONSES:
        return True
    needed = 7 * weeks - options["benefit_tolerance_days"]
    progression = first_progression(patient)
    ends = [
        progression,
        *(by(patient["cutoff"], patient[name]) for name in ("died", "new_therapy")),
    ]
    end = min((day for day in ends if day is not None), default=math.inf)
    for day, response in scans(patient):
        if day >= needed and response in STABLE and day <= end and day != progression:
            return True
    on_study = end == math.inf and by(patient["cutoff"], patient["ended"]) is None
    return None if on_study and patient["cutoff"] < needed else False


def pfs_ratio(patient, options, threshold=1.3):
    """Whether the ratio is reached; None where follow-up is too short or it is not known."""
    if patient["earlier_pfs"] is None:
        return None
    days, event, _ = progression_free_survival(patient, options)
    reached = days / patient["earlier_pfs"] >= threshold
    return reached if reached or event else None


def clopper_pearson(events, n):
    lower = 0.0 if events == 0 else beta.ppf(0.025, events, n - events + 1)
    upper = 1.0 if events == n else beta.ppf(0.975, events + 1, n - events)
    return lower, upper


def kaplan_meier(times, *, reverse=False):
    """Rows of time, survival and log-log limits; `reverse`: deaths leave before those alive."""
    rows, survival, greenwood = [], 1.0, 0.0
    for time in sorted({day for day, _ in times}):
        at_risk = sum(day >= time for day, _ in times)
        ends = sum(day == time and event for day, event in times)
        if reverse:
            at_risk, ends = at_risk - ends, sum(day == time and not event for day, event in times)
        if ends:
            survival *= 1 - ends / at_risk
            greenwood += ends / (at_risk * (at_risk - ends)) if at_risk > ends else math.inf
        lower = upper = None
        if 1e-12 < survival < 1:
            width = Z * math.sqrt(greenwood) / abs(math.log(survival))
            lower, upper = survival ** math.exp(width), survival ** math.exp(-width)
        rows.append((time, survival, lower, upper))
    return rows


def crossing(rows, column, level=0.5):
    """Where a curve falls below a level; the middle of the plateau where it lies exactly on it."""
    for place, row in enumerate(rows):
        if row[column] is None:
            continue
        if math.isclose(row[column], level, rel_tol=1e-9):
            falls = [later[0] for later in rows[place + 1 :]
                     if later[column] is None or later[column] < level * (1 - 1e-9)]  # fmt: skip
            return (row[0] + (falls[0] if falls else rows[-1][0])) / 2
        if row[column] < level:
            return row[0]
    return None


def median(rows):
    """Median and its limits, None where not reached."""
    return crossing(rows, 1), crossing(rows, 2), crossing(rows, 3)


def survival_at(rows, day):
    """Survival and limits on a day; None beyond follow-up."""
    if not rows or day > rows[-1][0]:
        return None
    before = [row for row in rows if row[0] <= day]
    return before[-1][1:] if before else (1.0, None, None)


def incidence_at(endings, name, day):
    """Cumulative incidence (Aalen-Johansen) of one kind of ending by a day."""
    free, found = 1.0, 0.0
    for time in sorted({end for end, _, _ in endings if end <= day}):
        at_risk = sum(end >= time for end, _, _ in endings)
        found += free * sum(e == time and kind == name for e, _, kind in endings) / at_risk
        free *= 1 - sum(e == time and event for e, event, _ in endings) / at_risk
    return found


def two_stage(total, first_n, total_n, minimum, null):
    """UMVUE, p-value and limits of a two-stage design that went on to its second stage."""
    second_n = total_n - first_n
    paths = range(max(minimum, total - second_n), min(first_n, total) + 1)
    ways = {k: math.comb(first_n, k) * math.comb(second_n, total - k) for k in paths}
    umvue = sum(k / first_n * way for k, way in ways.items()) / sum(ways.values())

    def at_least(rate):
        return sum(
            binom.pmf(k, first_n, rate) * binom.sf(total - k - 1, second_n, rate)
            for k in range(minimum, first_n + 1)
        )

    limits = [brentq(lambda rate, tail=tail: at_least(rate) - tail, 1e-9, 1 - 1e-9)
              for tail in (0.025, 0.975)]  # fmt: skip
    return umvue, at_least(null), *limits

"""PFS, OS, DoR and clinical benefit of one patient, written for reading and not for speed.

Independent of the arrays in `dossier.derive`: the tests compare the two. Days since the start of
treatment; None where something never happened.
"""

from naive_response import FROM_WORST, naive_best_response

OF_RESPONSE = ("confirmation", "maximum_sd_between", "worse_after_cr")
STABLE = ("CR", "PR", "SD", "NON-CR/NON-PD")


def until(cutoff, day):
    return day if day is not None and day <= cutoff else None


def read_scans(story, cutoff):
    """One response a day, after baseline, on or before cut-off and death."""
    died = until(cutoff, story["died"])
    last = cutoff if died is None else died
    by_day = {}
    for day, response in story["visits"]:
        if 0 < day <= last:
            by_day.setdefault(day, []).append(response)
    return [(day, min(by_day[day], key=FROM_WORST.index)) for day in sorted(by_day)]


def death_undated(story):
    return story["died"] is None and story["death_cause"] != ""


def latest_without_missing(last, options):
    """Last day on which an event follows fewer missed assessments than the options allow."""
    window = options["visit_window_days"]
    for _ in range(options["missed_assessments"]):
        for until, every in options["phases"]:
            if until is None or last + window < until:
                last += every
                break
    return last + window


def naive_pfs(story, cutoff, options):
    rule_set = options.get("pfs", "standard")
    scans = read_scans(story, cutoff)
    events = [day for day, response in scans if response == "PD"]
    events.append(until(cutoff, story["died"]))
    if options["clinical_progression"] == "event" and rule_set != "fda":
        events.append(until(cutoff, story["clinical_progression"]))
    event = min((day for day in events if day is not None), default=None)
    switch = until(cutoff, story["new_therapy"])
    if rule_set == "treatment-policy":
        switch = None
    evaluable = [day for day, r in scans if r != "NE" and (switch is None or day <= switch)]
    if event is not None and (switch is None or switch >= event):
        if rule_set == "fda":
            before = [(d, r) for d, r in scans if r != "PD" and d <= event]
            good = [day for day, response in before if response != "NE"]
            clock = good if options["not_evaluable_is_missed"] else [day for day, _ in before]
            if event > latest_without_missing(max(clock, default=0), options):
                return max(good, default=0), 0
        return event, 1
    if switch is None and death_undated(story):
        return None, None
    return (evaluable[-1] if evaluable else 0), 0


def naive_os(story, cutoff):
    died = story["died"]
    if died is not None and died <= cutoff:
        return died, 1
    if death_undated(story):
        return None, None
    seen = [0, died, story["alive"], story["stopped"], story["new_therapy"]]
    seen += [story["clinical_progression"], *(day for day, _ in story["visits"])]
    return min(cutoff, max(day for day in seen if day is not None)), 0


def naive_response(story, cutoff, options):
    return naive_best_response(
        read_scans(story, cutoff),
        new_therapy_day=until(cutoff, story["new_therapy"]),
        **{key: value for key, value in options.items() if key in OF_RESPONSE},
    )


def naive_dor(story, cutoff, options):
    response, day = naive_response(story, cutoff, options)
    if response not in ("CR", "PR"):
        return None, None
    end, event = naive_pfs(story, cutoff, options)
    return (None, None) if end is None or end < day else (end - day, event)


def naive_benefit(story, cutoff, weeks, options):
    threshold = 7 * weeks - 7
    if naive_response(story, cutoff, options)[0] in ("CR", "PR"):
        return "benefit"
    scans = read_scans(story, cutoff)
    ends = [day for day, response in scans if response == "PD"]
    if options["clinical_progression"] == "event" and options.get("pfs") != "fda":
        ends.append(until(cutoff, story["clinical_progression"]))
    ends += [until(cutoff, story["died"]), until(cutoff, story["new_therapy"])]
    ends = [day for day in ends if day is not None]
    for day, response in scans:
        if response in STABLE and day >= threshold and not any(end < day for end in ends):
            return "benefit"
    if not ends and until(cutoff, story["stopped"]) is None and cutoff < threshold:
        return "unknown" if death_undated(story) else "too early"
    return "no benefit"

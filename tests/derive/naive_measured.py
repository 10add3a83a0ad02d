"""RECIST 1.1 visit response of one patient from measurements, written for reading, not for speed.

Independent of the arrays in `dossier.derive.measured`: the tests compare the two.
"""

WORST_TARGET = (None, "NE", "CR", "PR", "SD", "PD")
WORST_OTHER = (None, "NE", "CR", "NON-CR/NON-PD", "PD")


def one_a_day(scans):
    """Scans in order of day; of one day the largest sum, the worst responses, any new lesion."""
    days = {}
    for scan in scans:
        days.setdefault(scan["day"], []).append(scan)
    merged = []
    for day in sorted(days):
        same = days[day]
        sums = [scan["sum"] for scan in same if scan.get("sum") is not None]
        merged.append(
            {
                "day": day,
                "sum": max(sums) if sums else None,
                "target": max((scan.get("target") for scan in same), key=WORST_TARGET.index),
                "other": max((scan.get("other") for scan in same), key=WORST_OTHER.index),
                "new": any(scan.get("new") for scan in same),
            }
        )
    return merged


def naive_measured(
    scans,
    *,
    measurable=False,
    complete=0,
    confirmation=True,
    days_apart=28,
    ne_between=1,
    sd_between=0,
):
    """Day and response of every scan after baseline on which anything was recorded."""
    scans = one_a_day(scans)
    baselines = [scan["sum"] for scan in scans if scan["day"] <= 0 and scan["sum"]]
    baseline = baselines[-1] if baselines else None
    has_target = measurable or any(scan["sum"] or scan["target"] for scan in scans)
    has_other = any(scan["other"] for scan in scans)
    smallest = baseline
    targets, found = [], []
    confirmed = progressed = target_progressed = False
    for scan in scans:
        if scan["day"] <= 0:
            continue
        size = scan["sum"]
        back = smallest == 0 and size is not None and size > 0
        grown = smallest is not None and size is not None and size - smallest >= 5
        if back or (grown and 5 * size >= 6 * smallest) or scan["target"] == "PD":
            target = "PD"
        elif scan["target"] == "NE":
            target = "NE"
        elif scan["target"] == "CR":
            target = "CR"
        elif size is not None and baseline is not None:
            smaller = 10 * size <= 7 * baseline
            target = "CR" if size <= complete else "PR" if smaller else "SD"
        else:
            target = scan["target"] or "NE"
        targets.append((scan["day"], target))
        if target == "SD" and confirmed and not target_progressed:
            target = "PR"
        target_progressed |= target == "PD"
        confirmed = confirmed or is_confirmed(
            targets, confirmation, days_apart, ne_between, sd_between
        )
        if size is not None and scan["target"] != "NE":
            smallest = size if smallest is None else min(smallest, size)

        other = scan["other"] or ("NE" if has_other else "CR")
        progressed |= scan["new"] or scan["other"] == "PD"
        if progressed or target == "PD":
            response = "PD"
        elif has_target:
            response = "PR" if target == "CR" and other != "CR" else target
        else:
            response = other if has_other else "NE"
        if size is not None or scan["target"] or scan["other"] or scan["new"]:
            found.append((scan["day"], response))
    return found


def is_confirmed(targets, confirmation, days_apart, ne_between, sd_between):
    """Whether the last of these target responses confirms an earlier one."""
    if any(response == "PD" for _, response in targets):
        return False
    day, last = targets[-1]
    if last not in ("CR", "PR"):
        return False
    if not confirmation:
        return True
    for place, (first, response) in enumerate(targets[:-1]):
        between = [each for _, each in targets[place + 1 : -1]]
        if (
            response in ("CR", "PR")
            and day - first >= days_apart
            and between.count("NE") <= ne_between
            and between.count("SD") <= sd_between
        ):
            return True
    return False

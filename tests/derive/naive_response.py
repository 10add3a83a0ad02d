"""Best overall response of one patient, written for reading and not for speed.

Independent of the arrays in `dossier.derive.response`: the tests compare the two.
"""

WORSE_THAN_CR = ("PR", "SD", "NON-CR/NON-PD")
FROM_WORST = ("PD", "NON-CR/NON-PD", "SD", "PR", "CR", "NE")


def naive_best_response(
    visits,
    *,
    new_therapy_day=None,
    data_cutoff_day=None,
    confirmation=True,
    confirmation_days=28,
    maximum_ne_between=1,
    maximum_sd_between=0,
    sd_minimum_days=42,
    sd_tolerance_days=0,
    worse_after_cr="progression",
):
    counted = []
    for day in sorted({day for day, _ in visits}):
        on_time = all(
            day <= last for last in (new_therapy_day, data_cutoff_day) if last is not None
        )
        if day <= 0 or not on_time:
            continue
        that_day = [response for other, response in visits if other == day]
        response = min(that_day, key=FROM_WORST.index)
        had_cr = any(earlier == "CR" for _, earlier in counted)
        if worse_after_cr == "progression" and had_cr and response in WORSE_THAN_CR:
            response = "PD"
        counted.append((day, response))
        if response == "PD":
            break
    if worse_after_cr == "partial-response":
        counted = [
            (day, "PR")
            if response == "CR" and any(later in WORSE_THAN_CR for _, later in counted[place + 1 :])
            else (day, response)
            for place, (day, response) in enumerate(counted)
        ]

    for wanted, confirming, sd_allowed in (
        ("CR", ("CR",), 0),
        ("PR", ("PR", "CR"), maximum_sd_between),
    ):
        for first, (day, response) in enumerate(counted):
            if response != wanted:
                continue
            if not confirmation:
                return wanted, day
            for second in range(first + 1, len(counted)):
                later, second_response = counted[second]
                between = [response for _, response in counted[first + 1 : second]]
                others = [response for response in between if response not in confirming]
                if (
                    later - day >= confirmation_days
                    and second_response in confirming
                    and others.count("NE") <= maximum_ne_between
                    and others.count("SD") <= sd_allowed
                    and set(others) <= {"NE", "SD"}
                ):
                    return wanted, day
    long_enough = [
        (day, response) for day, response in counted if day >= sd_minimum_days - sd_tolerance_days
    ]
    for day, response in long_enough:
        if response in ("CR", "PR", "SD"):
            return "SD", day
    for day, response in long_enough:
        if response == "NON-CR/NON-PD":
            return response, day
    for day, response in counted:
        if response == "PD":
            return response, day
    return "NE", counted[0][0] if counted else None


def naive_settled(visits, therapy=None):
    """Visits in order of day with iUPD and iCPD read by iRECIST."""
    visits = sorted(visits)
    settled = []
    for place, (day, response) in enumerate(visits):
        if response == "iCPD":
            response = "PD"
        if response == "iUPD":
            response = "PD"
            for later, next_response in visits[place + 1 :]:
                if next_response in ("PD", "iCPD"):
                    break
                in_time = therapy is None or later <= therapy
                if next_response in ("CR", *WORSE_THAN_CR) and in_time:
                    response = "iUPD"
                    break
        settled.append((day, response))
    return settled

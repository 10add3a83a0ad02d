"""Progression under iRECIST: which unconfirmed progressions (iUPD) stand, and which were reset.

Going forward from an iUPD, on or before the start of a new anticancer therapy:

- an iSD, iPR, iCR or NON-iCR/NON-iUPD comes first: the iUPD is reset. It is no progression, and no
  response either: it breaks a pair of responses, but does not end the observation;
- an iCPD or PD comes first: the progression is confirmed, from the first iUPD of its block;
- neither comes (nothing but iUPD and NE until the patient dies, stops, or the data end): the iUPD
  counts, from the first of its block.

A response under a new anticancer therapy is no sign that the earlier progression was none, so it
resets nothing. A PD as entered counts as progression at once.

Source: iRECIST, Seymour et al., Lancet Oncol 2017;18:e143-e152.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dossier.cohort.settings import Derivation
from dossier.derive.timeline import Floats
from dossier.derive.visits import CPD, NE, PD, UPD, Visits


def with_progression_settled(visits: Visits, last_day: Floats, options: Derivation) -> Visits:
    """Visits whose responses are those of RECIST 1.1, and iUPD where that was reset.

    Parameters
    ----------
    visits
        Assessments after baseline, iUPD and iCPD as entered.
    last_day
        Last day on which an assessment can reset an iUPD, one entry a patient: that on which a new
        anticancer therapy starts; infinity where none does.
    options
        The ``derivation`` section of the settings. With ``response_criteria: recist-1.1`` every
        iUPD is a PD, as it is by RECIST 1.1; otherwise the codes are read by iRECIST.
    """
    if not (visits.response > NE).any():
        return visits
    progression = visits.response == PD
    confirmed = progression | (visits.response == CPD)
    unconfirmed = visits.response == UPD
    standing = unconfirmed
    if options.response_criteria != "recist-1.1":
        resets = visits.stable_or_better & (visits.day <= last_day[:, None])
        standing = unconfirmed.copy()
        reset_later = np.zeros(len(visits.response), dtype=bool)
        for place in reversed(range(visits.response.shape[1])):
            standing[:, place] &= ~reset_later
            reset_later = (reset_later | resets[:, place]) & ~confirmed[:, place]
    response = np.where(confirmed | standing, np.int8(PD), visits.response)
    return replace(visits, response=response)

"""What happened to each patient: the result of the derive stage."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dossier.cohort.model import DataQuery
from dossier.derive.rules import Rule

BENEFIT_STATES = ("benefit", "no benefit", "too early", "unknown")
DURABILITY_STATES = ("kept", "lost", "too early", "unknown")
CONTINUED_STATES = ("yes", "no", "too early", "unknown")
RATIO_STATES = ("met", "not met", "indeterminate", "unknown")


@dataclass(frozen=True)
class Patients:
    """One row a patient, each value with its rule and the rows it came from.

    Parameters
    ----------
    frame
        One row a patient, in the order of ``cohort.patients`` (RangeIndex). Endpoints of patients
        who were not treated are ``""``, NaN or false. Columns:

        - ``patient_id`` (str), ``row`` (int, row in the patients file)
        - ``treated``, ``response_evaluable`` (bool), ``not_evaluable_reason`` (str)
        - ``best_response`` (str: CR PR SD NON-CR/NON-PD PD NE), ``best_response_day`` (float, NaN
          where none), ``best_response_rule`` (rule id), ``best_response_row``,
          ``best_response_confirming_row`` (float, rows in the source file, NaN where none),
          ``best_response_table`` (``assessments`` or ``patients``), ``best_response_column``
          (``response``, or the measurement it follows from; ``""`` where no visit counts);
          ``best_response_unconfirmed``, ``best_response_unconfirmed_day`` the same without
          confirmation (``""`` where best response is used as given);
          ``not_evaluable_response_reason`` (str, why best response is NE:
          ``no baseline assessment``, ``no assessment after baseline``,
          ``only not evaluable assessments``,
          ``stable disease too early``, ``died before the first assessment``,
          ``new therapy before the first assessment``, ``entered as NE``,
          ``best response not given``)
        - ``responder`` (bool: confirmed CR or PR), ``time_to_response_days`` (float, responders)
        - for each endpoint ``pfs``, ``os``, ``dor``: ``<e>_days`` (float, NaN where unknown or
          outside the endpoint's population), ``<e>_event`` (float 1/0/NaN), ``<e>_rule`` (rule id,
          ``""`` where not in the population), ``<e>_reason`` (str: what ended or censored it, or
          why it is unknown), ``<e>_table``, ``<e>_column``, ``<e>_row`` (the entry that decided),
          ``<e>_censoring`` (str: why it is censored, as far as the data tell, ``""`` otherwise);
          dor only for responders
        - where there are visits, the same for progression-free survival under the rule sets that
          are not in force: ``pfs_standard``, ``pfs_fda``, ``pfs_treatment_policy``
        - the same for ``time_on_treatment`` where the file has ``treatment_end``, and for
          ``time_to_next_treatment`` where it has ``new_therapy_start``
        - for each ``benefit_16w``, ``benefit_24w``: state (one of ``BENEFIT_STATES``),
          ``<e>_basis`` (``response``, ``stable disease`` or why not), ``<e>_rule``,
          ``<e>_table``, ``<e>_row``
        - ``follow_up_days`` (float), ``follow_up_event`` (float, 1 = death): overall survival
          data, turned round by the estimate stage
        - ``exceptional_responder`` (bool, as far as is known), ``exceptional_responder_basis``
          (str: ``complete response``, ``long progression-free survival`` or why not),
          ``exceptional_responder_rule``
        - ``durability_24w``: what became at 24 weeks of benefit at 16 weeks (one of
          ``DURABILITY_STATES``, ``""`` without that benefit), ``durability_24w_basis``
          (``response`` or ``stable disease``), ``durability_24w_reason`` (str),
          ``durability_24w_rule``, ``durability_24w_table``, ``durability_24w_row``
        - where there are visits: ``decision_16w_first_day``, ``decision_16w_last_day`` (float, the
          window around day 112), ``decision_16w_day``, ``decision_16w_response``,
          ``decision_16w_row`` (the assessment in it nearest to day 112; NaN and ``""`` where
          there is none)
        - where the file has ``treatment_end``: ``continued_16w``, whether treatment went on after
          day 112 (one of ``CONTINUED_STATES``), ``continued_16w_reason`` (str: why it stopped, or
          why there is no answer), ``continued_16w_rule``, ``continued_16w_table``,
          ``continued_16w_column``, ``continued_16w_row``
        - and also: ``at_risk_days`` (float, the time an adverse event of the treatment can happen
          in), ``beyond_progression`` (``yes``, ``no`` or ``unknown`` of those who progressed),
          ``beyond_progression_rule``
        - where deaths are recorded: ``death_timing`` (``within``, ``later`` or ``not known``, of
          those who died), ``death_rule``, ``death_cause`` (str, as recorded),
          ``death_days_after_treatment`` (float, from the last dose to death)
        - where the file has ``prior_pfs_days``: ``pfs_ratio`` (float, a lower limit where
          progression-free survival is censored), ``pfs_ratio_state`` (one of ``RATIO_STATES``),
          ``pfs_ratio_reason``, ``pfs_ratio_rule``, ``pfs_ratio_table``, ``pfs_ratio_column``,
          ``pfs_ratio_row``
    rules
        Every rule used by at least one patient or described in the methods, by id.
    queries
        Data queries raised while deriving.
    notes
        Facts about the derivation a reader must know, as stable keys: ``endpoints-as-given``,
        ``treated-assumed`` (no treatment start in the file), ``no-data-cutoff`` (none declared),
        ``response-not-recorded`` (best response is NE for everybody, ``best response not given``),
        ``progression-not-recorded``, ``survival-not-recorded`` (the times are unknown for
        everybody), ``deaths-not-recorded`` (progression-free survival counts progression only);
        ``responses-from-measurements`` (the response of at least one visit), and with it
        ``non-target-not-recorded`` and ``new-lesions-not-recorded`` (taken to be absent);
        ``irecist`` (iUPD and iCPD are read by iRECIST), ``irecist-read-as-recist`` (as PD).
    """

    frame: pd.DataFrame
    rules: dict[str, Rule]
    queries: tuple[DataQuery, ...] = ()
    notes: tuple[str, ...] = ()

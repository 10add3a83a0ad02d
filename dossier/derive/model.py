"""What happened to each patient: the result of the derive stage."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dossier.cohort.model import DataQuery
from dossier.derive.rules import Rule

BENEFIT_STATES = ("benefit", "no benefit", "too early", "unknown")


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
          ``best_response_table`` (``assessments`` or ``patients``);
          ``best_response_unconfirmed``, ``best_response_unconfirmed_day`` the same without
          confirmation (``""`` where best response is used as given);
          ``not_evaluable_response_reason`` (str, why best response is NE:
          ``no assessment after baseline``, ``only not evaluable assessments``,
          ``stable disease too early``, ``died before the first assessment``,
          ``new therapy before the first assessment``, ``entered as NE``,
          ``best response not given``)
        - ``responder`` (bool: confirmed CR or PR), ``time_to_response_days`` (float, responders)
        - for each endpoint ``pfs``, ``os``, ``dor``: ``<e>_days`` (float, NaN where unknown or
          outside the endpoint's population), ``<e>_event`` (float 1/0/NaN), ``<e>_rule`` (rule id,
          ``""`` where not in the population), ``<e>_reason`` (str: what ended or censored it, or
          why it is unknown), ``<e>_table``, ``<e>_column``, ``<e>_row`` (the entry that decided);
          dor only for responders
        - for each ``benefit_16w``, ``benefit_24w``: state (one of ``BENEFIT_STATES``),
          ``<e>_basis`` (``response``, ``stable disease`` or why not), ``<e>_rule``,
          ``<e>_table``, ``<e>_row``
        - ``follow_up_days`` (float), ``follow_up_event`` (float, 1 = death): overall survival
          data, turned round by the estimate stage
    rules
        Every rule used by at least one patient or described in the methods, by id.
    queries
        Data queries raised while deriving.
    notes
        Facts about the derivation a reader must know, as stable keys: ``endpoints-as-given``,
        ``treated-assumed`` (no treatment start in the file), ``no-data-cutoff`` (none declared),
        ``response-not-recorded`` (best response is NE for everybody, ``best response not given``),
        ``progression-not-recorded``, ``survival-not-recorded`` (the times are unknown for
        everybody), ``deaths-not-recorded`` (progression-free survival counts progression only).
    """

    frame: pd.DataFrame
    rules: dict[str, Rule]
    queries: tuple[DataQuery, ...] = ()
    notes: tuple[str, ...] = ()

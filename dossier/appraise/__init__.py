"""Appraise: criteria, three-valued judging, explanation. Never reads patient data.

::

    criteria/*.yaml ── loading ── criterion (sentences read, names resolved) ──┐
                                                                               ├── judge ── verdict
    results, comparator, table of published studies ── evidence ───────────────┘

| module | knows |
|---|---|
| ``quantities`` | the vocabulary: what a rule may speak of |
| ``sentence``, ``tokens``, ``grammar`` | the rules as a tree; the language they are read from |
| ``criteria_file``, ``compiling``, ``criterion`` | the file as typed models; resolved; ready |
| ``loading`` | criteria found, shipped or the user's own |
| ``overrides``, ``facts`` | thresholds the user replaces, facts a person declares |
| ``evidence`` | what is known of a study |
| ``cohort_evidence``, ``published_evidence``, ``published_columns`` | and where from |
| ``logic``, ``comparing``, ``tree``, ``grading``, ``applicability``, ``judge`` | three-valued |
| | logic, one rule, combinations, grades, for whom, a whole criterion |
| ``wording``, ``rule_words`` | reasons and remarks in English and Dutch |
| ``verdict`` | what comes out |
| ``published`` | a table of published studies, judged row by row |
| ``catalogue`` | criteria as readable text, their differences, and a starter |
"""

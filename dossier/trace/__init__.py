"""From a number of results.json back to its rule, its population, its patients and their rows.

==================  ====================================================================
`tracing`           the whole: a path in, a `Trace` out
`model`             what a trace is
`chain`             what every step reads: the evaluation, and rows of the user's files
`groups`            whom a part of results.json is about: everybody, an arm, a subgroup
`rates`             shares of patients, best response, two-stage designs
`times`             times to an event
`decisions`         benefit that lasts, the decision at 16 weeks
`concordance`       agreement of assessors
`individual`        PFS ratios, exceptional responders
`patients`          populations, losses, baseline, end of treatment
`adverse_events`    safety
`observation`       follow-up and planned assessments
`partial_dates`     dates of which the day or the month is not known
`deviations`        protocol deviations and waivers
`statements`        what comes from no patient, and from where instead
==================  ====================================================================

Each number is counted again here, from the patients, and compared with the one printed.
"""

from dossier.trace.model import Contribution, Origin, SourceRow, Trace, TracedRule
from dossier.trace.tracing import origins, trace

__all__ = ["Contribution", "Origin", "SourceRow", "Trace", "TracedRule", "origins", "trace"]

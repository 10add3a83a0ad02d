"""Appraise: criteria, three-valued judging, explanation. Never reads patient data."""

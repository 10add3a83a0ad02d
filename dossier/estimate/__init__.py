"""Estimate: the cohort's numbers. Never knows a threshold."""

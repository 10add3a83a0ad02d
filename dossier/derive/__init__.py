"""Derive: what happened to each patient. Never averages over patients."""

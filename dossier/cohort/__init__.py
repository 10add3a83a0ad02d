"""Cohort: files, headings, codes, dates and data queries. Never computes an endpoint."""

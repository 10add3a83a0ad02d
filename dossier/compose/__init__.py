"""Compose: document model, sections, tables, figures and wording. Never knows Word or PDF."""

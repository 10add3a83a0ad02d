"""Render: a document into files. Never changes a number."""

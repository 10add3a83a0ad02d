"""Validators of the documents that the tests make."""

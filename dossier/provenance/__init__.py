"""Provenance: hashes and versions of everything that went into a dossier."""

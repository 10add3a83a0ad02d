"""The version of this software, printed in every dossier."""

__version__ = "0.1.0"

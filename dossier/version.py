"""The version of this software, printed in every dossier."""

VERSION = "0.1.0"

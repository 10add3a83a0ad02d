"""Problems a user can solve, collected and raised together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input, written for the person who must correct it.

    Parameters
    ----------
    message
        What is wrong, one sentence without a full stop at the end.
    file
        Name of the file as the user gave it, relative to the cohort folder.
    row
        Row in a table as a spreadsheet counts it (the heading is row 1), or line in a YAML file.
    column
        Heading in the user's file, or the dotted key in a YAML file.
    patient
        Patient identifier where the row has one.
    value
        What was found, as text.
    expected
        What would have been accepted.
    """

    message: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    patient: str | None = None
    value: str | None = None
    expected: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.row is not None:
            place = f"{place}:{self.row}" if place else f"row {self.row}"
        parts = [place] if place else []
        if self.column:
            parts.append(f"column {self.column}")
        if self.patient:
            parts.append(f"patient {self.patient}")
        text = ", ".join(parts)
        text = f"{text}: {self.message}" if text else self.message
        if self.value is not None:
            text += f" (found {self.value!r})"
        if self.expected:
            text += f"; expected {self.expected}"
        return text


class InputError(ValueError):
    """The input is wrong; carries every problem found, not only the first.

    Attributes
    ----------
    problems
        All problems, in the order of files and rows.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class OptionError(InputError):
    """What the caller asked for is wrong, not the data: the command line ends with status 2."""

"""Records of a Parquet file, each cell as the text a CSV file would hold."""

from __future__ import annotations

import io
from typing import Literal

from dossier.cohort.dates import DateFormat
from dossier.cohort.native_cells import text_of
from dossier.cohort.raw_table import MAX_CELLS, Records
from dossier.errors import InputError, Problem

SUFFIX = ".parquet"


def parquet_records(
    content: bytes,
    label: str,
    *,
    decimal: Literal[".", ","] | None = None,
    date_format: str | None = None,
) -> Records:
    """Read the records of a Parquet file.

    Parameters
    ----------
    content
        The file's bytes.
    label
        File name for problems.
    decimal, date_format
        Declared forms; numbers and dates that are no text in the file are written so.

    Raises
    ------
    InputError
        When it is no Parquet file, or the library that reads it is not installed.
    """
    try:
        import pyarrow  # 120 ms and 100 MB: an extra, and only where such a file is read
        from pyarrow import parquet
    except ImportError:
        message = "Parquet files are read by pyarrow, which is not installed"
        expected = "pip install 'paskwil-dossier[parquet]', or the table as CSV, XLSX or XPT"
        raise InputError([Problem(message, label, expected=expected)]) from None
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows * file.metadata.num_columns > MAX_CELLS:
            raise InputError([Problem("the file has too many cells", label)])
        table = file.read()
        columns = [column.to_pylist() for column in table.columns]
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        message = "the file cannot be read as a Parquet file"
        raise InputError([Problem(message, label, expected="a file written as Parquet")]) from None
    form = DateFormat(date_format)
    # pandas writes its row labels as a column of this name; they are no data.
    kept = [at for at, name in enumerate(table.column_names) if not name.startswith("__index_")]
    written = [[text_of(cell, decimal, form) for cell in columns[at]] for at in kept]
    headings = [table.column_names[at] for at in kept]
    return Records([headings, *map(list, zip(*written, strict=True))], "Parquet")

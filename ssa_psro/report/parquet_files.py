"""Tables as Parquet files, by pyarrow; numbers, text and instants keep their types."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from ssa_psro.errors import Fault, UsageError
from ssa_psro.findings import Table
from ssa_psro.findings.table import UTC
from ssa_psro.inputs.files import write_bytes


def parquet_writer() -> tuple[Any, Any]:
    """pyarrow and its part for Parquet.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        cure = "Install it: pip install 'ssa-psro[parquet]'"
        raise UsageError("parquet", [Fault("pyarrow", None, "not installed", cure)]) from None
    return pyarrow, parquet


def write_parquet(table: Table, folder: Path) -> Path:
    """Write ``folder/NAME.parquet``, at once or not at all.

    Raises:
        UsageError: pyarrow is not installed.
    """
    pyarrow, parquet = parquet_writer()
    flat, columns = table.flat(), {}
    for column in flat.columns:
        values = flat.values(column.name)
        if column.unit == UTC:
            instants = [None if one is None else datetime.fromisoformat(one) for one in values]
            columns[column.name] = pyarrow.array(instants, pyarrow.timestamp("s", tz=UTC))
        else:
            columns[column.name] = pyarrow.array(values)
    content = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), content)
    path = folder / f"{table.name}.parquet"
    write_bytes(path, content.getvalue())
    return path

"""Tables for pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._native import Table

if TYPE_CHECKING:
    import pandas


def to_pandas(table: Table) -> pandas.DataFrame:
    """The table as a frame; its units stand in ``frame.attrs["units"]``."""
    import pandas

    frame = pandas.DataFrame(table.to_dict(), columns=table.columns)
    frame.attrs["units"] = table.units
    frame.attrs["title"] = table.title
    return frame

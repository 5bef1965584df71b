"""Results in the hands of others: Arrow, pandas, polars, pyam, xarray, each imported when used."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from ._frames import to_pandas
from ._native import Plan, Run, Scenario, Sweep, Table, Variable
from ._texts import say
from ._types import Block

if TYPE_CHECKING:
    import pandas
    import polars
    import pyam
    import pyarrow
    import xarray

__all__ = ["block_to_arrow", "block_to_pandas", "to_arrow", "to_pandas", "to_polars", "to_pyam", "to_xarray"]


def to_arrow(table: Table) -> pyarrow.Table:
    """A table as one of Arrow: what is absent is null. A column has its unit, or the units of its
    rows, one a line, in its metadata as ``unit``, and its heading as ``heading``.

    Whoever takes streams of Arrow takes the table itself, without pyarrow."""
    import pyarrow

    return pyarrow.table(table)


def block_to_arrow(plan: Plan, block: Block) -> pyarrow.Table:
    """Draws of a plan as a table of Arrow: inputs, then outputs, by name, with their units; their
    numbers are not copied. The first column is the index of the draw."""
    import pyarrow

    count = len(block.inputs)
    columns = [pyarrow.array(np.arange(block.start, block.start + count, dtype=np.uint64))]
    fields = [pyarrow.field("draw", pyarrow.uint64())]
    for variables, numbers in ((plan.inputs, block.inputs), (plan.block_outputs, block.outputs)):
        for i, one in enumerate(variables):
            columns.append(pyarrow.array(numbers[:, i]))
            fields.append(pyarrow.field(one.name, pyarrow.float64(), metadata={"unit": one.unit}))
    return pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields))


def to_polars(table: Table) -> polars.DataFrame:
    """A table as a frame of polars; units stay in `Table.units`."""
    import polars

    return polars.DataFrame(table)


def block_to_pandas(plan: Plan, block: Block) -> pandas.DataFrame:
    """Draws of a plan as a frame: inputs, then outputs, by name; its index is the index of the
    draws, its units stand in ``frame.attrs["units"]``."""
    import pandas

    names = [*plan.input_names, *plan.block_names]
    index = pandas.RangeIndex(block.start, block.start + len(block.inputs), name="draw")
    frame = pandas.DataFrame(np.hstack([block.inputs, block.outputs]), index=index, columns=names)
    frame.attrs["units"] = {one.name: one.unit for one in [*plan.inputs, *plan.block_outputs]}
    return frame


def to_pyam(*runs: Scenario | Run) -> pyam.IamDataFrame:
    """Runs, or scenarios, which are run, in the format of IAMC: the variables, units and meta of
    the files ``trajectory.csv`` and ``meta.csv`` that `jianpai run` writes.

    Each comes with its two comparisons, ``…-no-measures`` and ``…-current-policy``.
    """
    import pandas
    import pyam

    if not runs:
        raise ValueError(say("没有情景", "there are no scenarios"))
    rows, metas = [], []
    for one in runs:
        files = (one.run() if isinstance(one, Scenario) else one).iamc()
        rows.append(pandas.read_csv(BytesIO(files["trajectory.csv"]), float_precision="round_trip"))
        metas.append(pandas.read_csv(BytesIO(files["meta.csv"])))
    meta = pandas.concat(metas, ignore_index=True).set_index(["model", "scenario"])
    # A column that says nothing of any scenario is none.
    meta = meta.dropna(axis="columns", how="all")
    return pyam.IamDataFrame(pandas.concat(rows, ignore_index=True), meta=meta)


def to_xarray(
    plans: Plan | Sweep | Mapping[str, Plan | Sweep],
    start: int = 0,
    stop: int | None = None,
    seed: int | None = None,
) -> xarray.Dataset:
    """Draws of a plan or a sweep, or of one a region, as a dataset. A sweep has its seed already.

    ``value`` has the dimensions draw, region, indicator and year: every indicator in the years of
    the plan, of all years with ``compile(trajectories=True)``, in the unit of the coordinate
    ``unit``. What has no year, and the inputs, are variables by their names over draw and region.
    """
    import xarray

    by_region = {plans.id: plans} if isinstance(plans, (Plan, Sweep)) else dict(plans)
    if not by_region:
        raise ValueError(say("没有方案", "there are no plans"))
    found = [_dataset(plan, start, stop, seed) for plan in by_region.values()]
    joined = xarray.concat(
        found, dim="region", data_vars="all", coords="minimal", compat="equals", join="outer"
    )
    joined = joined.assign_coords(region=list(by_region))
    value = joined["value"].transpose("draw", "region", "indicator", "year")
    return joined.assign(value=value)


def _drawn(
    plan: Plan | Sweep, start: int, stop: int | None, seed: int | None
) -> tuple[Block, tuple[Variable, ...], tuple[Variable, ...]]:
    """Draws, with their inputs and outputs."""
    if isinstance(plan, Plan):
        block = plan.block(start, plan.draws if stop is None else stop, seed)
        return block, plan.inputs, plan.block_outputs
    if seed not in (None, plan.seed):
        raise ValueError(
            say(
                f"抽样的种子为 {plan.seed}，不能改为 {seed}；另编译方案",
                f"the sweep has the seed {plan.seed}, not {seed}: compile a plan",
            )
        )
    return plan.rows(start, stop), plan.inputs, plan.outputs


def _dataset(plan: Plan | Sweep, start: int, stop: int | None, seed: int | None) -> Any:
    """The dataset of one plan, without region."""
    import xarray

    block, inputs, outputs = _drawn(plan, start, stop, seed)
    draws = np.arange(block.start, block.start + len(block.inputs))
    years: set[int] = set()
    indicators: dict[str, str] = {}
    dated: dict[tuple[str, int], int] = {}
    data: dict[str, Any] = {}
    for i, one in enumerate(inputs):
        data[f"input:{one.name}"] = ("draw", block.inputs[:, i], {"units": one.unit})
    for i, one in enumerate(outputs):
        indicator, _, year = one.name.rpartition("@")
        if indicator and year.isdecimal() and ":" not in indicator:
            years.add(int(year))
            indicators.setdefault(indicator, one.unit)
            dated[indicator, int(year)] = i
        else:
            data[one.name] = ("draw", block.outputs[:, i], {"units": one.unit})
    listed = sorted(years)
    values = np.full((len(draws), len(indicators), len(listed)), np.nan)
    for (indicator, of_year), i in dated.items():
        values[:, list(indicators).index(indicator), listed.index(of_year)] = block.outputs[:, i]
    data["value"] = (("draw", "indicator", "year"), values)
    coords = {
        "draw": draws,
        "indicator": list(indicators),
        "year": listed,
        "unit": ("indicator", list(indicators.values())),
    }
    return xarray.Dataset(data, coords=coords)

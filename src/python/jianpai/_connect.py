"""Methods that lead to others; what they need is imported when they are called."""

from __future__ import annotations

from typing import Any

from ._native import Plan, Run, Scenario, Sweep, Table


def _to_polars(self: Table) -> Any:
    """A `DataFrame` of polars, see `jianpai.frames.to_polars`."""
    from .frames import to_polars

    return to_polars(self)


def _to_pyam(self: Scenario) -> Any:
    """A run of it as an `IamDataFrame`, see `jianpai.frames.to_pyam`."""
    from .frames import to_pyam

    return to_pyam(self)


def _run_to_pyam(self: Run) -> Any:
    """It as an `IamDataFrame`, see `jianpai.frames.to_pyam`."""
    from .frames import to_pyam

    return to_pyam(self)


def _sweep_to_xarray(self: Sweep, start: int = 0, stop: int | None = None) -> Any:
    """Its draws as a `Dataset`, see `jianpai.frames.to_xarray`."""
    from .frames import to_xarray

    return to_xarray(self, start, stop)


def _to_xarray(self: Plan, start: int = 0, stop: int | None = None, seed: int | None = None) -> Any:
    """Draws of its design as a `Dataset`, see `jianpai.frames.to_xarray`."""
    from .frames import to_xarray

    return to_xarray(self, start, stop, seed)


def _salib_problem(self: Plan) -> dict[str, Any]:
    """Its inputs as SALib has them, see `jianpai.salib.problem`."""
    from .salib import problem

    return problem(self)


def connect() -> None:
    """Gives each class its methods."""
    for owner, name, method in (
        (Table, "to_polars", _to_polars),
        (Scenario, "to_pyam", _to_pyam),
        (Run, "to_pyam", _run_to_pyam),
        (Plan, "to_xarray", _to_xarray),
        (Sweep, "to_xarray", _sweep_to_xarray),
        (Plan, "salib_problem", _salib_problem),
    ):
        method.__name__ = name
        method.__qualname__ = f"{owner.__name__}.{name}"
        setattr(owner, name, method)

"""What varies, and arrays of its values."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import Float32Warning
from ._native import get_language

Spec = dict[str, Any]
"""An input, as ``[sweep.inputs.NAME]`` of a file has it."""
Fraction = float | int | str
"""A part of 1, or a percentage as files write it: ``0.4`` or ``"40 %"``."""


def _say(zh: str, en: str) -> str:
    return zh if get_language() == "zh" else en


def _percent(value: Any) -> Any:
    """A part of 1 as files write it; a text as it is."""
    if isinstance(value, str):
        return value
    # Moved by two places in decimal digits: 0.07 is "7 %", not 7.000000000000001.
    return f"{Decimal(repr(float(value))).scaleb(2):f} %"


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)


_SHAPES = {"triangular": 3, "normal": 2, "lognormal": 3, "values": None}


def _spec(
    what: Spec,
    low: Any,
    high: Any,
    shapes: Mapping[str, Sequence[Any] | None],
    write: Any,
    name: str | None,
    truncate: bool,
) -> Spec:
    given = {shape: values for shape, values in shapes.items() if values is not None}
    if (low is None) != (high is None):
        raise TypeError(_say("low 与 high 须同时给出", "low and high are given together"))
    if low is not None:
        given["uniform"] = [low, high]
    if len(given) != 1:
        known = ", ".join(["low/high", *shapes])
        raise TypeError(
            _say(f"须且只须给出一种分布：{known}", f"one distribution is wanted, of: {known}")
        )
    [(shape, values)] = given.items()
    spec: Spec = {**what, shape: [write(value) for value in values]}
    if name is not None:
        spec["name_zh"] = spec["name_en"] = name
    if truncate:
        spec["truncate"] = True
    return spec


def level(
    measure: str,
    low: Fraction | None = None,
    high: Fraction | None = None,
    *,
    triangular: Sequence[Fraction] | None = None,
    normal: Sequence[Fraction] | None = None,
    lognormal: Sequence[Fraction] | None = None,
    values: Sequence[Fraction] | None = None,
    name: str | None = None,
    truncate: bool = False,
) -> Spec:
    """How far a measure goes: 1 as it is planned. Equally likely between two values, or of
    another distribution.

    >>> level("boilers", 0.4, 1)
    {'level': 'boilers', 'uniform': ['40 %', '100 %']}
    """
    shapes = {"triangular": triangular, "normal": normal, "lognormal": lognormal, "values": values}
    return _spec({"level": measure}, low, high, shapes, _percent, name, truncate)


def growth(
    driver: str,
    low: Fraction | None = None,
    high: Fraction | None = None,
    *,
    triangular: Sequence[Fraction] | None = None,
    normal: Sequence[Fraction] | None = None,
    lognormal: Sequence[Fraction] | None = None,
    values: Sequence[Fraction] | None = None,
    name: str | None = None,
    truncate: bool = False,
) -> Spec:
    """What is added to the yearly growth of a driver in years that are not on record.

    >>> growth("gdp", -0.01, 0.01)
    {'growth': 'gdp', 'uniform': ['-1 %', '1 %']}
    """
    shapes = {"triangular": triangular, "normal": normal, "lognormal": lognormal, "values": values}
    return _spec({"growth": driver}, low, high, shapes, _percent, name, truncate)


def mix(
    measure: str,
    of: str,
    low: Fraction | None = None,
    high: Fraction | None = None,
    *,
    triangular: Sequence[Fraction] | None = None,
    normal: Sequence[Fraction] | None = None,
    lognormal: Sequence[Fraction] | None = None,
    values: Sequence[Fraction] | None = None,
    name: str | None = None,
    truncate: bool = False,
) -> Spec:
    """The part that one substitute has in a measure.

    >>> mix("boilers", "gas", 0.2, 0.6)
    {'mix': {'measure': 'boilers', 'of': 'gas'}, 'uniform': ['20 %', '60 %']}
    """
    shapes = {"triangular": triangular, "normal": normal, "lognormal": lognormal, "values": values}
    what = {"mix": {"measure": measure, "of": of}}
    return _spec(what, low, high, shapes, _percent, name, truncate)


def target(
    id: str,
    low: Fraction | None = None,
    high: Fraction | None = None,
    *,
    triangular: Sequence[Fraction] | None = None,
    normal: Sequence[Fraction] | None = None,
    lognormal: Sequence[Fraction] | None = None,
    values: Sequence[Fraction] | None = None,
    name: str | None = None,
    truncate: bool = False,
) -> Spec:
    """The reduction that a target asks for.

    >>> target("nox", 0.1, 0.15)
    {'target': 'nox', 'uniform': ['10 %', '15 %']}
    """
    shapes = {"triangular": triangular, "normal": normal, "lognormal": lognormal, "values": values}
    return _spec({"target": id}, low, high, shapes, _percent, name, truncate)


def elasticity(
    service: str,
    low: float | None = None,
    high: float | None = None,
    *,
    triangular: Sequence[float] | None = None,
    normal: Sequence[float] | None = None,
    lognormal: Sequence[float] | None = None,
    values: Sequence[float] | None = None,
    name: str | None = None,
    truncate: bool = False,
) -> Spec:
    """How a service follows its driver.

    >>> elasticity("industrial-steam", triangular=[0.3, 0.5, 0.7])
    {'elasticity': 'industrial-steam', 'triangular': [0.3, 0.5, 0.7]}
    """
    shapes = {"triangular": triangular, "normal": normal, "lognormal": lognormal, "values": values}
    return _spec({"elasticity": service}, low, high, shapes, _plain, name, truncate)


def factor(
    low: float | None = None,
    high: float | None = None,
    *,
    pollutants: Sequence[str],
    technologies: Sequence[str] | None = None,
    class_: str | None = None,
    service: str | None = None,
    triangular: Sequence[float] | None = None,
    normal: Sequence[float] | None = None,
    lognormal: Sequence[float] | None = None,
    values: Sequence[float] | None = None,
    name: str | None = None,
    truncate: bool = False,
) -> Spec:
    """A multiplier of the emission factors of technologies, a class or a service.

    >>> factor(0.86, 1.13, class_="power", pollutants=["SO2"])
    {'factor': {'class': 'power', 'pollutants': ['SO2']}, 'uniform': [0.86, 1.13]}
    """
    chosen: Spec = {"technologies": technologies, "class": class_, "service": service}
    of: Spec = {key: value for key, value in chosen.items() if value is not None}
    of["pollutants"] = [pollutants] if isinstance(pollutants, str) else list(pollutants)
    shapes = {"triangular": triangular, "normal": normal, "lognormal": lognormal, "values": values}
    return _spec({"factor": of}, low, high, shapes, _plain, name, truncate)


def start(
    measure: str,
    first: int | None = None,
    last: int | None = None,
    *,
    values: Sequence[int] | None = None,
    name: str | None = None,
) -> Spec:
    """The year in which a measure begins.

    >>> start("rail", 2021, 2023)
    {'start': 'rail', 'uniform': [2021, 2023]}
    """
    return _spec({"start": measure}, first, last, {"values": values}, int, name, False)


def end(
    measure: str,
    first: int | None = None,
    last: int | None = None,
    *,
    values: Sequence[int] | None = None,
    name: str | None = None,
) -> Spec:
    """The year by which a measure is done.

    >>> end("rail", values=[2024, 2025])
    {'end': 'rail', 'values': [2024, 2025]}
    """
    return _spec({"end": measure}, first, last, {"values": values}, int, name, False)


_SAID: set[str] = set()


def matrix(x: Any, names: list[str]) -> tuple[npt.NDArray[np.float64], bool]:
    """Rows of inputs from whatever was given, and whether it was one row by itself."""
    if isinstance(x, Mapping) or (hasattr(x, "columns") and hasattr(x, "__getitem__")):
        return _named(x, names)
    array = np.asarray(x)
    if array.dtype == object:
        raise TypeError(
            _say(
                "数组的类型是 object；请转成数：x.astype(float)",
                "an array of objects: make it numbers first, x.astype(float)",
            )
        )
    if array.dtype.kind not in "fiub":
        raise TypeError(
            _say(
                f"数组的类型是 {array.dtype}，不是实数",
                f"an array of {array.dtype}, which are no real numbers",
            )
        )
    if array.dtype.kind == "f" and array.dtype.itemsize < 8 and "float32" not in _SAID:
        _SAID.add("float32")
        warnings.warn(
            _say(
                f"输入为 {array.dtype}，已转成 float64（只提示一次）：其尾数在转换前已丢失",
                f"inputs of {array.dtype} are made float64 (said once): their last digits were lost before",
            ),
            Float32Warning,
            stacklevel=2,
        )
    alone = array.ndim == 1
    if alone:
        array = array[np.newaxis, :]
    if array.ndim != 2 or array.shape[1] != len(names):
        raise ValueError(
            _say(
                f"输入的形状应为（抽样数, {len(names)}），却是 {np.shape(x)}；各列依次为："
                + "、".join(names),
                f"inputs are of shape (draws, {len(names)}), not {np.shape(x)}; the columns are, in order: "
                + ", ".join(names),
            )
        )
    return np.require(array, dtype=np.float64, requirements=["A"]), alone


def _named(x: Any, names: list[str]) -> tuple[npt.NDArray[np.float64], bool]:
    given = [str(name) for name in (x.columns if hasattr(x, "columns") else x)]
    known = set(names)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, names, n=1)
            hint = (
                _say(f"；是否指 `{near[0]}`？", f"; did you mean `{near[0]}`?")
                if near
                else _say("；有：" + "、".join(names), "; there are: " + ", ".join(names))
            )
            raise KeyError(_say(f"没有输入 `{name}`", f"no input `{name}`") + hint)
    missing = [name for name in names if name not in set(given)]
    if missing:
        raise KeyError(_say("缺少输入：" + "、".join(missing), "inputs are missing: " + ", ".join(missing)))
    columns = [np.asarray(x[name]) for name in names]
    alone = all(column.ndim == 0 for column in columns)
    wide = np.broadcast_arrays(*(np.atleast_1d(column) for column in columns))
    found, _ = matrix(np.column_stack(wide), names)
    return found, alone

"""The EMA Workbench: plans as its models, its experiments at the speed of arrays.

>>> import jianpai as jp
>>> import jianpai.ema                                                  # doctest: +SKIP
>>> pl = jp.builtin("sweeps/shaanxi-14fyp").compile()
>>> model = jianpai.ema.model(pl, levers=["boilers", "rail"])           # doctest: +SKIP
>>> experiments, outcomes = jianpai.ema.perform(model, 1000, policies=4)  # doctest: +SKIP
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._native import Plan, Sweep
from ._texts import say

if TYPE_CHECKING:
    import pandas

__all__ = ["experiments", "model", "perform"]


def python_name(name: str) -> str:
    """The name of an input or output where names are words of Python: ``NOx@2025`` is
    ``NOx_2025``."""
    word = "".join(c if c.isalnum() and c.isascii() else "_" for c in name)
    return f"_{word}" if word[:1].isdigit() else word


def _known(asked: Iterable[str], names: Sequence[str], zh: str, en: str) -> None:
    for name in asked:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint = say(f"；是否指 `{near[0]}`？", f"; is `{near[0]}` meant?") if near else ""
            raise ValueError(say(f"没有{zh} `{name}`{hint}", f"no {en} `{name}`{hint}"))


def model(
    plan: Plan,
    *,
    levers: Sequence[str] = (),
    outcomes: Sequence[str] | None = None,
    name: str | None = None,
) -> Any:
    """A plan as a model of the EMA Workbench: the inputs in `levers` are its levers, all others
    its uncertainties, over the range that the design draws from; `outcomes` are its outputs, all
    without.

    Its own evaluators run it experiment by experiment; `perform` runs all at once.
    """
    from ema_workbench import Model, RealParameter, ScalarOutcome

    inputs = {one.name: one for one in plan.inputs}
    _known(levers, list(inputs), "输入", "input")
    wanted = plan.output_names if outcomes is None else list(outcomes)
    _known(wanted, plan.output_names, "输出", "output")
    own = plan.only(wanted)
    words = [python_name(one) for one in [*inputs, *wanted]]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        listed = ", ".join(twice)
        raise ValueError(say(f"名称改写后重复：{listed}", f"names that become the same: {listed}"))
    columns = [python_name(one) for one in inputs]
    results = [python_name(one) for one in wanted]

    def parameter(one: str) -> Any:
        low, high = inputs[one].low, inputs[one].high
        if low is None or high is None or not low < high:
            raise ValueError(say(f"输入 `{one}` 没有范围", f"input `{one}` has no range"))
        return RealParameter(python_name(one), low, high)

    middles = {one.name: _middle(one) for one in map(parameter, inputs)}

    def function(**values: float) -> dict[str, float]:
        row = own(np.array([values.get(column, middles[column]) for column in columns], dtype=float))
        return dict(zip(results, map(float, row), strict=True))

    found = Model(python_name(name or plan.id).replace("_", ""), function=function)

    found.levers = [parameter(one) for one in inputs if one in levers]
    found.uncertainties = [parameter(one) for one in inputs if one not in levers]
    found.outcomes = [ScalarOutcome(column) for column in results]
    found.plan, found.plan_columns = own, columns
    return found


def perform(
    model: Any,
    scenarios: int | Iterable[Any] = 0,
    policies: int | Iterable[Any] = 0,
    *,
    uncertainty_sampling: Any = None,
    lever_sampling: Any = None,
) -> tuple[pandas.DataFrame, dict[str, npt.NDArray[np.float64]]]:
    """Performs experiments as `ema_workbench.perform_experiments` does, in the same order and with
    the same columns, all in one call of the plan.

    Each scenario is run under each policy. Numbers are sampled as the workbench samples them.
    """
    import pandas
    from ema_workbench import Samplers
    from ema_workbench.em_framework.evaluators import setup_policies, setup_scenarios

    if not hasattr(model, "plan_columns"):
        raise TypeError(
            say("应为 jianpai.ema.model 所给的模型", "a model that jianpai.ema.model gave is wanted")
        )
    world, worlds = _cases(setup_scenarios, model, model.uncertainties, scenarios, uncertainty_sampling or Samplers.LHS)
    plan, plans = _cases(setup_policies, model, model.levers, policies, lever_sampling or Samplers.LHS)
    frame = {name: np.tile(column, len(plans)) for name, column in world.items()}
    frame |= {name: np.repeat(column, len(worlds)) for name, column in plan.items()}
    count = len(worlds) * len(plans)
    # What is not sampled stands in the middle of its range.
    middles = {one.name: _middle(one) for one in [*model.uncertainties, *model.levers]}
    columns = [frame.get(name, np.full(count, middles[name])) for name in model.plan_columns]
    y = model.plan(np.column_stack(columns))
    cases = pandas.DataFrame(frame, index=range(count))
    for label, called, codes in (
        ("scenario", worlds, np.tile(np.arange(len(worlds)), len(plans))),
        ("policy", plans, np.repeat(np.arange(len(plans)), len(worlds))),
        ("model", [model.name], np.zeros(count, dtype=int)),
    ):
        cases[label] = pandas.Categorical.from_codes(codes, categories=called)
    names = [one.name for one in model.outcomes]
    return cases, {name: np.ascontiguousarray(y[:, i]) for i, name in enumerate(names)}


def _cases(
    setup: Any, model: Any, own: Any, asked: int | Iterable[Any], sampling: Any
) -> tuple[dict[str, npt.NDArray[np.float64]], list[Any]]:
    """Values by the names of parameters, and what the cases are called."""
    from ema_workbench.em_framework.samplers import AbstractSampler

    sampler = sampling if isinstance(sampling, AbstractSampler) else sampling.value
    plain = type(sampler).generate_designs is AbstractSampler.generate_designs
    if isinstance(asked, (int, np.integer)) and asked > 0 and list(own) and plain:
        # What the workbench samples, before it becomes an object a case.
        parameters = sorted(own, key=lambda one: one.name)
        columns = sampler.generate_samples(parameters, int(asked))
        return {one.name: np.asarray(columns[one.name], float) for one in parameters}, list(range(int(asked)))
    whole = isinstance(asked, (int, np.integer, dict)) or hasattr(asked, "parameters")
    given: Any = asked
    found, parameters, _ = setup(given if whole else list(given), sampler, False, [model])
    listed = list(found)
    values = {one.name: np.array([case[one.name] for case in listed], dtype=float) for one in parameters}
    return values, [one.name for one in listed]


def _middle(parameter: Any) -> float:
    return float(parameter.lower_bound + parameter.upper_bound) / 2


def experiments(
    sweep: Sweep, start: int = 0, stop: int | None = None
) -> tuple[pandas.DataFrame, dict[str, npt.NDArray[np.float64]]]:
    """A finished sweep as the workbench has experiments: a frame of inputs, and outcomes by name,
    with the names that the sweep gives them. Its PRIM, CART and feature scoring take them so.
    """
    import pandas

    block = sweep.rows(start, stop)
    inputs = block.inputs.shape[1]
    names = sweep.columns
    frame = pandas.DataFrame(np.ascontiguousarray(block.inputs), columns=names[:inputs])
    found = {name: np.ascontiguousarray(block.outputs[:, i]) for i, name in enumerate(names[inputs:])}
    return frame, found

"""SALib: the inputs of a plan as its problem.

>>> import jianpai as jp
>>> import jianpai.salib
>>> pl = jp.builtin("sweeps/shaanxi-14fyp").compile()
>>> problem = jianpai.salib.problem(pl)
>>> problem["num_vars"], problem["names"][0], problem["bounds"][0]
(12, 'boilers', [0.4, 1.0])

``SALib.sample.sobol.sample(problem, 1024)`` is what ``pl`` takes; a column of what it gives is
what ``SALib.analyze.sobol.analyze`` takes. Draws of a design ``"saltelli"`` are in the order that
SALib wants, too: see `columns`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ._native import Plan
from ._texts import say

__all__ = ["columns", "problem"]


def problem(plan: Plan) -> dict[str, Any]:
    """What SALib calls a problem: names of inputs and the range of each, between which it draws
    evenly. The range is that of the design: of a normal distribution all but its tails.

    Raises `ValueError` where an input has no range to draw from.
    """
    bounds = []
    for one in plan.inputs:
        if one.low is None or one.high is None or not one.low < one.high:
            raise ValueError(say(f"输入 `{one.name}` 没有范围", f"input `{one.name}` has no range"))
        bounds.append([one.low, one.high])
    return {"num_vars": len(bounds), "names": plan.input_names, "bounds": bounds}


def columns(plan: Plan, seed: int | None = None) -> dict[str, npt.NDArray[np.float64]]:
    """Every output of the draws of a plan, of the design ``"saltelli"`` or ``"morris"``, as
    SALib's `analyze` takes them.

    Draws without a result cannot be analysed.
    """
    if plan.design not in ("saltelli", "morris"):
        raise ValueError(
            say(
                f"方案的设计为 {plan.design}；compile(design=\"saltelli\") 才能分析",
                f"the design is {plan.design}: compile(design=\"saltelli\") makes one to analyse",
            )
        )
    block = plan.block(0, plan.draws, seed)
    found = {name: np.ascontiguousarray(block.outputs[:, i]) for i, name in enumerate(plan.block_names)}
    without = [name for name, column in found.items() if not np.isfinite(column).all()]
    if without:
        raise ValueError(
            say(f"有抽样没有结果：{'、'.join(without)}", f"draws without a result: {', '.join(without)}")
        )
    return found

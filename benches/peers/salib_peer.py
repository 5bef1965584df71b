"""Sobol indices of one output by SALib, as a whole process: sample, evaluate, analyse.

The plan is evaluated by the fast NumPy peer, so that what is timed is SALib. Samples
are uniform over the range of each input in the draws given.

    python salib_peer.py PLAN.json DRAWS [BASE]
"""

import json
import sys

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sample

import plan as plans
from numpy_peer import NumPyPlan


def main():
    if len(sys.argv) < 3:
        raise SystemExit(f"usage: {sys.argv[0]} PLAN.json DRAWS [BASE]")
    plan = plans.read(sys.argv[1])
    inputs = plans.read_draws(plan, sys.argv[2], only_inputs=True)
    base = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 14
    bounds = [[float(column.min()), float(column.max())] for column in inputs]
    problem = {"num_vars": len(plan.inputs), "names": plan.inputs, "bounds": bounds}
    x = sample.sample(problem, base, calc_second_order=False, seed=1).T
    prepared = NumPyPlan(plan)
    # The last year's first indicator.
    output = len(plan.inputs) + next(
        k for k, part in enumerate(plan.indicators) if part.name.endswith(f"@{plan.years[-1]}")
    )
    y, n = np.empty(x.shape[1]), 1024
    for start in range(0, x.shape[1], n):
        part = np.ascontiguousarray(x[:, start : start + n])
        y[start : start + n] = prepared.chunk(part, prepared.buffers(part.shape[1]))[output]
    found = analysis.analyze(problem, y, calc_second_order=False, num_resamples=100, seed=1)
    first = {name: round(float(s), 4) for name, s in zip(plan.inputs, found["S1"])}
    print(json.dumps({"output": plan.columns()[output], "rows": x.shape[1], "S1": first}))


if __name__ == "__main__":
    main()

"""The plan driven by the EMA Workbench: its sequential evaluator, the same draws.

The model function evaluates one draw with the vectorised NumPy plan and returns the
row as an array outcome. Timed are the experiments, from given scenarios to results.

    python ema_peer.py PLAN.json DRAWS [ROUNDS [EXPERIMENTS]]
"""

import logging
import sys
import time

import numpy as np
from ema_workbench import ArrayOutcome, Model, RealParameter, Scenario, SequentialEvaluator

import plan as plans
import timing
from numpy_peer import NumPyPlan


def main():
    plan, draws, rounds = timing.arguments()
    count = min(int(sys.argv[4]) if len(sys.argv) > 4 else 2000, draws.shape[1])
    draws = draws[:, :count]
    prepared = NumPyPlan(plan)
    memory = prepared.buffers(1)
    # Ids of inputs are no Python names.
    names = [f"x{i}" for i in range(len(plan.inputs))]
    x = np.empty((len(names), 1))

    def model(**inputs):
        for i, name in enumerate(names):
            x[i, 0] = inputs[name]
        return {"row": prepared.chunk(x, memory)[:, 0].copy()}

    logging.getLogger("EMA").setLevel(logging.ERROR)
    simulator = Model("plan", function=model)
    inputs = draws[: len(names)]
    simulator.uncertainties = [
        RealParameter(name, float(column.min()) - 1e-9, float(column.max()) + 1e-9)
        for name, column in zip(names, inputs)
    ]
    simulator.outcomes = [ArrayOutcome("row", shape=(len(plan.columns()),), dtype=float)]
    scenarios = [
        Scenario(name=str(d), **dict(zip(names, map(float, inputs[:, d])))) for d in range(count)
    ]

    def experiments(some):
        with SequentialEvaluator(simulator) as evaluator:
            return evaluator.perform_experiments(scenarios=some, log_progress=True)

    experiments(scenarios[:100])
    per_draw, worst = [], 0.0
    for _ in range(rounds):
        start = time.process_time()
        found, outcomes = experiments(scenarios)
        per_draw.append((time.process_time() - start) / count)
        # Experiments come back in order; their inputs say so.
        if not np.array_equal(found[names].to_numpy(dtype=float), inputs.T):
            raise SystemExit("the experiments are not those asked for")
        worst = max(worst, plans.difference(outcomes["row"].T, draws))
    timing.report("ema", worst, per_draw, experiments=count)


if __name__ == "__main__":
    main()

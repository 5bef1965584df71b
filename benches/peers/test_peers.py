"""The fast peers against the plain evaluation, on a plan that has everything.

    python test_peers.py
"""

import json
import tempfile
from pathlib import Path

import numpy as np

import plan as plans
from numba_peer import Runner, Tables
from numpy_peer import NumPyPlan

SPAN, INPUTS, DRAWS = 6, 8, 64
YEARS = list(range(2020, 2020 + SPAN))


def random_plan(dice):
    """A plan with switches, products of three, sampled elasticities, sums and shares."""
    switches = [{"input": 3, "equals": 2021.0}, {"input": 3, "equals": 2023.0}]
    monomials = [[0], [1], [0, 5], [8], [2, 9], [1, 5, 8], [], [9]]

    def terms(count):
        return {
            "monomials": sorted(dice.choice(len(monomials), count, replace=False).tolist()),
            "coefficients": dice.normal(size=count).tolist(),
        }

    def segment(group):
        return {"group": group, "constant": dice.uniform(5, 9), **terms(int(dice.integers(0, 7)))}

    kinds = [(6, None), (None, 4), (6, 4), (None, None)]
    groups = [
        {
            "growth": growth,
            "elasticity_input": own,
            "elasticity": 0.5 + 0.1 * g,
            "path": [0.0, *dice.uniform(0, 0.1, SPAN - 1).tolist()],
            "projected_from": 2,
        }
        for g, (growth, own) in enumerate(kinds)
    ]
    rows = [
        {
            "account": account,
            "year": year,
            "constant": dice.uniform(20, 30),
            "segments": [
                segment(g) for g in [None, 0, 1, 2, 3] if dice.uniform() < (0.3 + 0.1 * t)
            ],
        }
        for account in ("A", "B", "C")
        for t, year in enumerate(YEARS)
    ]

    def rules(t):
        return [
            {"name": f"a@{t}", "rule": "plain", "row": t},
            {
                "name": f"b@{t}",
                "rule": "per-gdp",
                "row": SPAN + t,
                "base_row": SPAN,
                "gdp": 1.0 + 0.05 * t,
                "group": 0,
            },
            {"name": f"c@{t}", "rule": "per-demand", "row": 2 * SPAN + t, "demand": 3.0, "group": 2}
            | ({"group": None} if t == 3 else {}),
        ]

    last = SPAN - 1
    reported = [0, 2, 3, last]
    of_targets = [*rules(last), *rules(1), *rules(4)]
    shared = {"required_input": None, "sign": 1}
    targets = [
        {"rule": "reduction", "end": 0, "base": 3},
        {"rule": "value", "end": 1},
        {"rule": "sum", "of": [0, 3, 6]},
        {"rule": "value", "end": 5},
        {"rule": "reduction", "end": 7, "base": 4},
    ]
    targets = [
        {"name": f"t{k}", "demand": "x", "required": 0.5, "reached": reached, **shared}
        for k, reached in enumerate(targets)
    ]
    targets[1] |= {"sign": -1, "required_input": 7}
    targets[2] |= {"sign": -1, "required": 150.0}
    return {
        "format": plans.FORMAT,
        "years": YEARS,
        "inputs": [{"name": f"i{i}", "kind": "level"} for i in range(INPUTS)],
        "switches": switches,
        "monomials": monomials,
        "groups": groups,
        "rows": rows,
        "indicators": [part for t in reported for part in rules(t)],
        "targets": targets,
        "target_indicators": of_targets,
        "watched": [
            {"technology": "x", "group": None, "year": 2021, "constant": 0.1, **terms(3)}
            for _ in range(2)
        ],
        "watched_slack": 1e-9,
        "margin_slack": 1e-9,
        "margin_floor": 1e-3,
        "cost_row": last,
    }


def draws(dice):
    """Inputs × draws; the fourth input is a year."""
    x = dice.uniform(0.2, 1.0, (INPUTS, DRAWS))
    x[3] = dice.integers(2020, 2025, DRAWS)
    x[6] = dice.normal(0.0, 0.01, DRAWS)
    return x


def main():
    verdicts = set()
    for seed in range(20):
        dice = np.random.default_rng(seed)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "plan.json")
            path.write_text(json.dumps(random_plan(dice)))
            plan = plans.read(path)
        x = draws(dice)
        expected = plans.evaluate(plan, x)
        verdicts |= set(expected[-2]) | set(expected[-3])
        prepared = NumPyPlan(plan)
        memory = prepared.buffers(DRAWS)
        for _ in range(2):  # what a chunk leaves behind may not touch the next
            found = prepared.chunk(x, memory)
        assert plans.difference(found, expected) < 1e-12, f"NumPy, seed {seed}"
        tables = Tables(plan)
        runner = Runner(tables, tables.arrays(), DRAWS)
        for _ in range(2):
            runner(x)
        assert plans.difference(runner.out[: len(found)], expected) < 1e-11, f"Numba, seed {seed}"
    assert verdicts == {0.0, 1.0}, "the plans do not try both verdicts"
    print("20 plans: the peers agree with the plain evaluation")


if __name__ == "__main__":
    main()

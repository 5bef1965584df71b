"""Solves exported programmes with SciPy's HiGHS and compares: primal, dual, infeasible.

    python tests/highs/compare.py PROGRAM [SCENARIO ...]        each scenario as exported
    python tests/highs/compare.py PROGRAM --random N SCENARIO ...

Random instances change an exported programme: costs, limits of rows and bounds are drawn
anew from a seed, and solved by the example `solve_instances` beside the program
(`cargo build --examples`), which prints one line
an instance: `best COST GAP`, `infeasible` or `failed WHY`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp, linprog

TOLERANCE = 1e-8


def arrays(programme):
    columns, rows = programme["columns"], programme["rows"]
    cost = np.array([c["cost"] for c in columns], float)
    low = np.array([-np.inf if c["low"] is None else c["low"] for c in columns], float)
    high = np.array([np.inf if c["high"] is None else c["high"] for c in columns], float)
    whole = np.array([bool(c["integer"]) for c in columns])
    matrix = np.zeros((len(rows), len(columns)))
    limit = np.zeros(len(rows))
    for i, row in enumerate(rows):
        assert row["sense"] == ">="
        matrix[i, row["columns"]] = row["coefficients"]
        limit[i] = row["limit"]
    return cost, low, high, whole, matrix, limit


def highs(programme):
    cost, low, high, whole, matrix, limit = arrays(programme)
    if whole.any():
        found = milp(
            cost,
            integrality=whole.astype(int),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, limit, np.inf),
            options={"mip_rel_gap": 0},
        )
        return ("best", found.fun, None) if found.status == 0 else ("infeasible", None, None)
    found = linprog(
        cost,
        A_ub=-matrix,
        b_ub=-limit,
        bounds=np.column_stack([low, high]),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status == 0:
        return "best", found.fun, -found.ineqlin.marginals
    return {2: "infeasible", 3: "unbounded"}.get(found.status, "failed"), None, None


def export(program, scenario, folder):
    path = Path(folder) / "programme.json"
    path.unlink(missing_ok=True)
    said = subprocess.run(
        [program, "solve", scenario, "--json", "--export", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(path.read_text()), json.loads(said.stdout)


def scenarios(program, paths):
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            programme, said = export(program, path, folder)
            status, cost, _ = highs(programme)
            tables = said["tables"]
            if "certificate" not in tables:
                assert status == "infeasible", (path, status)
                print(f"{path}: infeasible, both")
                continue
            rows = {row["key"]: row["value"] for row in tables["certificate"]["rows"]}
            assert status == "best", (path, status)
            error = abs(cost - rows["primal"]) / max(1.0, abs(cost))
            worst = max(worst, error)
            print(f"{path}: {rows['primal']:.9f}, HiGHS {cost:.9f}, {error:.1e}, gap {rows['gap']:.1e}")
            assert error < TOLERANCE, path
    print(f"worst difference {worst:.1e}")


def drawn(programme, rng):
    """The programme with costs, limits and bounds drawn anew."""
    other = json.loads(json.dumps(programme))
    for column in other["columns"]:
        column["cost"] *= float(rng.uniform(-0.2, 2.0))
        if column["high"] is not None and not column["integer"]:
            column["high"] *= float(rng.uniform(0.3, 1.5))
            column["low"] = min(column["low"], column["high"])
    for row in other["rows"]:
        if row["kind"] == "target":
            row["limit"] += float(rng.normal(0.0, 0.03))
    return other


def random(program, count, paths):
    rng = np.random.default_rng(20201129)
    with tempfile.TemporaryDirectory() as folder:
        bases = [export(program, path, folder)[0] for path in paths]
        instances = [drawn(bases[i % len(bases)], rng) for i in range(count)]
        path = Path(folder) / "instances.json"
        path.write_text(json.dumps(instances))
        runner = Path(program).parent / "examples" / "solve_instances"
        said = subprocess.run([runner, path], capture_output=True, text=True, check=True)
    ours = [line.split(maxsplit=2) for line in said.stdout.splitlines()]
    assert len(ours) == count
    tally, worst, gaps, failed = {"best": 0, "infeasible": 0}, 0.0, 0.0, []
    for i, (instance, own) in enumerate(zip(instances, ours)):
        status, cost, _ = highs(instance)
        if own[0] != status:
            failed.append((i, own, status))
            continue
        tally[status] += 1
        if status == "best":
            worst = max(worst, abs(float(own[1]) - cost) / max(1.0, abs(cost)))
            gaps = max(gaps, abs(float(own[2])) / max(1.0, abs(cost)))
    print(f"{count} instances: {tally}, worst difference {worst:.1e}, worst gap {gaps:.1e}")
    print(f"disagreements: {len(failed)} {failed[:5]}")
    return 1 if failed or worst > TOLERANCE else 0


def main():
    program, rest = sys.argv[1], sys.argv[2:]
    if rest and rest[0] == "--random":
        sys.exit(random(program, int(rest[1]), rest[2:]))
    scenarios(program, rest)


if __name__ == "__main__":
    main()

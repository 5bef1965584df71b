"""Speed of the Python package, beside the kernel and the EMA Workbench on the same machine.

    PYTHON benches/peers/python_speed.py [KERNEL_BENCH] [ROUNDS]

PYTHON has the wheel and, for what they measure, `ema_workbench` and `dask[distributed]` (the
environment that `CONNECTORS=1 bash src/python/test.sh` makes, `target/python`). KERNEL_BENCH is
the program of `cargo bench --bench kernel --no-run`: it is run in turn with ours. Prints
`name value` pairs; figures are medians over the rounds, times are of one core.
"""

import os
import statistics
import subprocess
import sys
import time

# One core, as the kernel is measured.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import numpy as np

import jianpai as jp
from timing import cpu

HERE = os.path.dirname(os.path.abspath(__file__))
DRAWS = 100_000


def wall(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def tell(name, values, digits=4):
    print(f"{name} {statistics.median(values):.{digits}g}", flush=True)


def kernel_ns(program):
    """What a row takes the kernel, in ns of a core: rows of a block that stays in the cache."""
    args = [program, "--bench", os.path.join(HERE, "workload.toml"), "--seconds", "4"]
    said = subprocess.run(args, check=True, capture_output=True, text=True).stdout
    pairs = dict(line.split() for line in said.splitlines() if len(line.split()) == 2)
    return 1e3 * float(pairs["kernel_us_per_draw"])


def calls(program, rounds):
    sc = jp.load(os.path.join(HERE, "workload.toml"))
    pl = sc.compile(draws=DRAWS, model_error=False)
    x = np.ascontiguousarray(pl.block(0, DRAWS).inputs)
    out = np.empty((DRAWS, len(pl.output_names)), order="F")
    few = pl.only(["all_met"])
    row = x[0].copy()
    ours, kept, one, all_met, whole = [], [], [], [], []
    for _ in range(rounds):
        if program:
            whole.append(kernel_ns(program))
        ours.append(cpu(lambda: pl(x)) / DRAWS * 1e9)
        kept.append(cpu(lambda: pl(x, out=out)) / DRAWS * 1e9)
        # A block whose results stay in the cache, as the kernel's do.
        small, room = x[:256], np.empty((256, out.shape[1]), order="F")
        one.append(cpu(lambda: pl(small, out=room)) / 256 * 1e9)
        all_met.append(cpu(lambda: few(x)) / DRAWS * 1e9)
    print(f"outputs {out.shape[1]}")
    tell("plan_new_array_ns_per_draw", ours)
    tell("plan_out_ns_per_draw", kept)
    tell("plan_256_out_ns_per_draw", one)
    tell("plan_all_met_ns_per_draw", all_met)
    if whole:
        tell("kernel_ns_per_draw", whole)
        tell("kernel_over_plan_new_array", [a / b for a, b in zip(whole, ours)])
        tell("kernel_over_plan_out", [a / b for a, b in zip(whole, kept)])
        tell("kernel_over_plan_all_met", [a / b for a, b in zip(whole, all_met)])
    tell("one_row_us", [cpu(lambda: pl(row)) * 1e6 for _ in range(rounds)])
    narrow = jp.builtin("sweeps/shaanxi-14fyp").compile()
    row = narrow.block(0, 1).inputs[0].copy()
    tell("one_row_of_30_us", [cpu(lambda: narrow(row)) * 1e6 for _ in range(rounds)])


def imports(rounds):
    """What importing takes over importing NumPy, ms."""
    def run(what):
        return wall(lambda: subprocess.run([sys.executable, "-c", f"import {what}"], check=True))

    tell("import_ms", [1e3 * (run("jianpai") - run("numpy")) for _ in range(2 * rounds + 1)])


def workbench(rounds):
    """Experiments at once, against the workbench's own way: one by one."""
    from ema_workbench import SequentialEvaluator

    import jianpai.ema

    pl = jp.builtin("sweeps/shaanxi-14fyp").compile()
    model = jianpai.ema.model(pl, levers=["boilers"], outcomes=["all_met", "NOx@2025", "SO2@2025"])
    ratios, at_once, each = [], [], []
    for _ in range(rounds):
        with SequentialEvaluator(model) as evaluator:
            slow = wall(lambda: evaluator.perform_experiments(1000)) / 1000
        fast = wall(lambda: jianpai.ema.perform(model, 100_000)) / 100_000
        ratios.append(slow / fast)
        at_once.append(fast * 1e6)
        each.append(slow * 1e6)
    tell("ema_one_by_one_us", each)
    tell("ema_at_once_us", at_once)
    tell("ema_ratio", ratios)


def nothing(x):
    """What a task of Dask costs by itself."""
    return x


def cluster(rounds):
    """What a block costs beside its work, and what a second worker gains."""
    from distributed import Client, LocalCluster

    import jianpai.dask

    plan = jp.builtin("sweeps/shaanxi-14fyp").compile(draws=1 << 23)
    small = jp.builtin("sweeps/shaanxi-14fyp").compile(draws=2000)
    took, overhead, floor = {1: [], 2: []}, [], []
    for _ in range(rounds):
        for n, found in took.items():
            kind = {"n_workers": n, "threads_per_worker": 1, "dashboard_address": None}
            with LocalCluster(processes=True, silence_logs=50, **kind) as own, Client(own) as client:
                # The first time a worker compiles the plan.
                jianpai.dask.sweep(plan, client=client, block=1 << 19, charts=False)
                found.append(wall(lambda: jianpai.dask.sweep(plan, client=client, block=1 << 19, charts=False)))
                if n == 1:
                    jianpai.dask.blocks(small, client=client, block=1000)
                    spent = wall(lambda: jianpai.dask.blocks(small, client=client, block=5))
                    bare = wall(lambda: client.gather(client.map(nothing, range(400), pure=False)))
                    overhead.append(1e3 * spent / 400)
                    floor.append(1e3 * bare / 400)
    tell("dask_ms_per_block", overhead)
    tell("dask_ms_per_empty_task", floor)
    tell("dask_one_worker_s", took[1])
    tell("dask_two_workers_s", took[2])
    tell("dask_two_over_one", [a / b for a, b in zip(took[1], took[2])])


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    calls(program, rounds)
    imports(rounds)
    workbench(rounds)
    cluster(rounds)


if __name__ == "__main__":
    main()

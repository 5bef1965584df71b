"""Time of a peer: the same for all of them.

The peers are started with one thread for every library (see `run.sh`).
"""

import json
import statistics
import sys
import time

import numpy as np

import plan as plans


def arguments():
    """The plan, its draws (columns × draws), and the rounds, from the command line."""
    if len(sys.argv) < 3:
        raise SystemExit(f"usage: {sys.argv[0]} PLAN.json DRAWS [ROUNDS]")
    plan = plans.read(sys.argv[1])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    return plan, plans.read_draws(plan, sys.argv[2]), rounds


def many(x, count):
    """Inputs × count, the given draws again and again."""
    return np.ascontiguousarray(np.tile(x, (1, -(-count // x.shape[1])))[:, :count])


def cpu(work, least=0.2):
    """Core seconds of one call of `work`, over as many as take `least` seconds."""
    calls, start = 0, time.process_time()
    while True:
        work()
        calls += 1
        spent = time.process_time() - start
        if spent >= least:
            return spent / calls


def tuned(candidates, work):
    """The candidate with the least core time, and the times of all."""
    times = {c: min(cpu(work(c), 0.1) for _ in range(3)) for c in candidates}
    return min(times, key=times.get), times


def report(name, differs, per_draw, **more):
    """Prints one line of JSON: largest difference, core time a draw by round (s)."""
    line = {"peer": name, "difference": differs, "rounds": per_draw}
    line["cpu_us_per_draw"] = 1e6 * statistics.median(per_draw)
    print(json.dumps(line | more), flush=True)

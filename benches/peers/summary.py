"""The table of a comparison, and its figures as `name value` lines.

python summary.py FOLDER    # with kernel-N.txt, peers-N.jsonl, sobol-*.txt
"""

import json
import statistics
import sys
from pathlib import Path

AGREE = 1e-9
LABELS = {
    "numpy": "NumPy, matrix products over chunks",
    "numba": "Numba, blocks in cache",
    "ema": "EMA Workbench, sequential, NumPy inside",
}


def figures(path):
    """The `name value` lines of a text."""
    pairs = (line.split() for line in path.read_text().splitlines())
    found = {}
    for pair in pairs:
        if len(pair) == 2:
            try:
                found[pair[0]] = float(pair[1])
            except ValueError:
                continue
    return found


def rounds(folder):
    """Kernel figures and peers' lines, round by round."""
    found = []
    for kernel in sorted(folder.glob("kernel-*.txt")):
        number = kernel.stem.split("-")[1]
        lines = (folder / f"peers-{number}.jsonl").read_text().splitlines()
        peers = {line["peer"]: line for line in map(json.loads, lines)}
        if set(peers) != set(LABELS):
            raise SystemExit(f"round {number}: peers {sorted(peers)}, not {sorted(LABELS)}")
        found.append((figures(kernel), peers))
    if not found:
        raise SystemExit(f"{folder}: no rounds")
    return found


def main():
    folder = Path(sys.argv[1])
    found = rounds(folder)

    def ours(name):
        return statistics.median(kernel[name] for kernel, _ in found)

    worst = {name: max(peers[name]["difference"] for _, peers in found) for name in LABELS}
    print(f"core time from inputs to rows, medians of {len(found)} interleaved rounds\n")
    print(f"{'':42} {'µs a draw':>10} {'ratio':>9} {'range':>19}  difference")
    print(f"{'jianpai':42} {ours('kernel_us_per_draw'):10.4f} {1:9.1f}")
    ratios = {}
    for name, label in LABELS.items():
        times = [peers[name]["cpu_us_per_draw"] for _, peers in found]
        each = [time / kernel["kernel_us_per_draw"] for time, (kernel, _) in zip(times, found)]
        ratios[name] = statistics.median(each)
        spread = f"{min(each):.4g} … {max(each):.4g}"
        print(
            f"{label:42} {statistics.median(times):10.4f} {ratios[name]:9.4g} {spread:>19}"
            f"  {worst[name]:.1e}"
        )
    print()
    for name in ("salib", "jianpai"):
        times = sorted(folder.glob(f"sobol-{name}-*.txt"))
        if times:
            middle = statistics.median(float(path.read_text().split()[-1]) for path in times)
            print(f"sobol_{name}_s {middle:.2f}")
    print(f"kernel_draws_per_s_per_core {ours('kernel_draws_per_s_per_core'):.0f}")
    for name, ratio in ratios.items():
        print(f"ratio_{name} {ratio:.4g}")
    print(f"bound_fraction {ours('bound_fraction'):.3f}")
    print(f"scaling_fraction {ours('scaling_fraction'):.3f}", flush=True)
    apart = [name for name, difference in worst.items() if not difference <= AGREE]
    if apart:
        raise SystemExit(f"differ by more than {AGREE}: {', '.join(apart)}")


if __name__ == "__main__":
    main()

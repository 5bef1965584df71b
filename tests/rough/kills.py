#!/usr/bin/env python3
"""Kills the program at random instants over old results, and runs it twice at once.

    python3 tests/rough/kills.py [--program PATH] [--kills N] [--pairs N] [--seed N]

Nothing may be lost: a file of the user's stays as it is; results are the old ones or
the new ones, or the manifest says that it was cut off (`pending`) and the next run
mends it; the run after all kills ends in the bytes of a calm one; nothing temporary is
left. Of two processes in one folder one writes and the other is refused (exit code 2),
or they follow one another; the results are whole and of one of them, never mixed.

Python's standard library alone. Exit code 1 if anything was lost.
"""

import argparse
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SWEEP = "scenarios/sweeps/shaanxi-14fyp.toml"
A = "tests/fixtures/valid.toml"
B = "tests/fixtures/other.toml"
NOTE = "the user's own words\n"


def files(folder):
    """Every file below a folder with the hash of its bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def jobs(draws):
    """Each command, the folder it writes below --out, and the same with other results."""
    sweep = ["sweep", SWEEP, "--no-charts", "--draws", str(draws)]
    return [
        ("run", ["run", A, B], "valid", ["run", A, B, "--lang", "zh"]),
        ("diff", ["diff", A, B], "valid-vs-other", ["diff", A, B, "--lang", "zh"]),
        ("sweep csv", sweep + ["--format", "csv"], "shaanxi-14fyp",
         sweep + ["--format", "csv", "--seed", "5"]),
        ("sweep parquet", sweep + ["--format", "parquet"], "shaanxi-14fyp",
         sweep + ["--format", "parquet", "--seed", "5"]),
    ]


class Lost(Exception):
    pass


class Rough:
    def __init__(self, program, seed):
        self.program, self.random = program, random.Random(seed)

    def start(self, args, out):
        return subprocess.Popen(
            [self.program, *args, "--out", str(out)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )

    def calm(self, args, out):
        child = self.start(args, out)
        said = child.communicate()[1]
        if child.returncode != 0:
            raise Lost(f"{args}: exit code {child.returncode}: {said}")

    def timed(self, args, out):
        start = time.monotonic()
        self.calm(args, out)
        return time.monotonic() - start


def check(folder, old, new, what):
    """The folder holds old or new results, or says that it was cut off."""
    if (folder / "notes.txt").read_text() != NOTE:
        raise Lost(f"{what}: the note beside the results is gone")
    manifest = json.loads((folder / "manifest.json").read_text())
    if "pending" in manifest:
        known = {o["path"] for m in [manifest, manifest["pending"]] for o in m["outputs"]}
        for path in old:
            if path in known and not (folder / path).exists() and path in new:
                raise Lost(f"{what}: {path} is gone")
        return manifest["pending"]
    found = files(folder)
    for wanted in (old, new):
        if all(found.get(path) == digest for path, digest in wanted.items()):
            return None
    raise Lost(f"{what}: neither the old results nor the new ones")


def kills(rough, count, draws, scratch):
    for name, args, inner, other in jobs(draws) + [merge_job(rough, draws, scratch)]:
        work = scratch / name.replace(" ", "-")
        rough.calm(other, work / "old")
        rough.calm(args, work / "new")
        old, new = files(work / "old" / inner), files(work / "new" / inner)
        out = work / "out"
        shutil.copytree(work / "old", out)
        (out / inner / "notes.txt").write_text(NOTE)
        (out / "beside.txt").write_text(NOTE)
        whole = rough.timed(args, work / "timed")
        killed = pending = 0
        before = None
        for i in range(count):
            # Half of them towards the end, where results are put in place.
            at = rough.random.random() if i % 2 else rough.random.uniform(0.85, 1.05)
            child = rough.start(args if i % 3 else other, out)
            time.sleep(at * whole)
            child.kill()
            child.wait()
            child.stderr.close()
            killed += child.returncode != 0
            found = check(out / inner, old, new, f"{name}, kill {i}")
            pending += found is not None and found != before
            before = found
            if (out / "beside.txt").read_text() != NOTE:
                raise Lost(f"{name}: the file beside the folder is gone")
        rough.calm(args, out)
        found = files(out / inner)
        if found.pop("notes.txt") != hashlib.sha256(NOTE.encode()).hexdigest():
            raise Lost(f"{name}: the note")
        if found != new:
            wrong = sorted(set(found.items()) ^ set(new.items()))
            raise Lost(f"{name}: not the results of a calm run: {wrong}")
        print(f"{name}: {killed} of {count} killed before the end, "
              f"{pending} while results were put in place; nothing lost", flush=True)


def merge_job(rough, draws, scratch):
    slices = {}
    for seed in ("20210313", "5"):
        slices[seed] = scratch / f"slices-{seed}"
        for i in (1, 2):
            args = ["sweep", SWEEP, "--no-charts", "--draws", str(draws), "--seed", seed]
            rough.calm(args + ["--shard", f"{i}/2"], slices[seed])
    args = {seed: ["merge", str(path), "--no-charts"] for seed, path in slices.items()}
    return "merge", args["20210313"], "shaanxi-14fyp", args["5"]


def pairs(rough, count, draws, scratch):
    for name, args, inner, other in jobs(draws):
        work = scratch / f"pairs-{name.replace(' ', '-')}"
        wanted = []
        for i, one in enumerate((args, other)):
            rough.calm(one, work / str(i))
            wanted.append(files(work / str(i) / inner))
        refused = 0
        out = work / "out"
        for i in range(count):
            if self_or(rough, 0.5):
                shutil.rmtree(out, ignore_errors=True)
            children = []
            for one in (args, other):
                children.append(rough.start(one, out))
                time.sleep(rough.random.random() * 0.02)
            said = [child.communicate()[1] for child in children]
            codes = [child.returncode for child in children]
            if 0 not in codes or not set(codes) <= {0, 2}:
                raise Lost(f"{name}, pair {i}: exit codes {codes}: {said}")
            refused += 2 in codes
            found = files(out / inner)
            if found not in wanted:
                raise Lost(f"{name}, pair {i}: results of both at once, or of neither")
            if 2 in codes and found != wanted[codes.index(0)]:
                raise Lost(f"{name}, pair {i}: not the results of the one that ended well")
        print(f"{name}: {count} pairs, {refused} of them with one refused; never mixed", flush=True)


def self_or(rough, chance):
    return rough.random.random() < chance


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "target/release/jianpai"))
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--draws", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rough = Rough(args.program, args.seed)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        try:
            if args.kills:
                kills(rough, args.kills, args.draws, scratch)
            if args.pairs:
                pairs(rough, args.pairs, args.draws, scratch)
        except Lost as lost:
            print(f"LOST: {lost}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

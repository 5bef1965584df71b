#!/usr/bin/env python3
"""Do the tests bite? Slips put in one at a time, and whether the suite catches each.

    python3 tests/slips/slips.py            # all of them, or a share: --n 20 --seed 3
    python3 tests/slips/slips.py --check    # only: does every slip still fit the code

A slip is what a hand may do wrong: a wrong index, a year off, a missing factor, a number
of the data three per cent too large. `slips.toml` beside this file lists them:

    [[slip]]
    member = "core"
    file = "src/core/target.rs"
    from = "1.0 - value(t) / value(base)"
    to = "1.0 - value(t) / value(if SLIP { 0 } else { base })"
    what = "reductions count from the first year"

The tree is copied, and every slip of code is compiled in at once behind a switch:
`SLIP` becomes the question whether an environment variable holds the slip's number. The
code of the project itself knows nothing of it. A slip of data has a plain `from` and `to`
and is put into the copy's table for the time of its run. `from` has to stand in its file
exactly once (or give `nth`, counted from 1): a slip that does not fit is an error.

Recordings (golden numbers, pictures, snapshots, the scorecard) do not count: they are left
out, so that what is caught is caught by a test that knows what is right. The suite without
any slip has to be green first. The score is printed by member; the exit code is 1 below
85 per cent of all or 80 per cent of a member. Python 3.11, standard library alone.
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SWITCH = "JIANPAI_SLIP"

# Recordings, and what looks at the text of the tree itself.
RECORDINGS = [
    "golden::", "tidy::", "hindcast::the_scorecard_is_the_one_last_looked_at",
    "invalid::says_what_stands_beside_the_input", "sensitivity::tables_read_so",
    "findings::shipped_scenarios_have_the_findings_on_file",
]
# Kills and large sweeps: minutes, and about files alone.
SLOW = ["killed_at", "another_sweep_is_not_resumed"]

CRATE = """//! Whether a slip is switched on.

/// Whether the environment asks for slip `number`.
pub fn on(number: usize) -> bool {
    static ASKED: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    let asked = ASKED.get_or_init(|| {
        let text = std::env::var("JIANPAI_SLIP").unwrap_or_default();
        text.parse().unwrap_or(usize::MAX)
    });
    *asked == number
}
"""


def slips(root=ROOT):
    text = (root / "tests/slips/slips.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["slip"]


def replaced(text, slip, with_):
    """`text` with the slip's piece replaced; an error where it does not stand as it should."""
    places = [hit.start() for hit in re.finditer(re.escape(slip["from"]), text)]
    nth = slip.get("nth")
    if not places or (nth is None and len(places) > 1) or (nth or 1) > len(places):
        raise LookupError(f"stands {len(places)} times in {slip['file']}: {slip['from']!r}")
    at = places[(nth or 1) - 1]
    return text[:at] + with_ + text[at + len(slip["from"]):]


def is_code(slip):
    return slip["file"].endswith(".rs")


def check(all_slips):
    """What is wrong with the list; nothing, if all fit."""
    wrong = []
    for number, slip in enumerate(all_slips):
        try:
            path = ROOT / slip["file"]
            if not path.exists():
                raise LookupError(f"there is no {slip['file']}")
            replaced(path.read_text(encoding="utf-8"), slip, "")
            if is_code(slip) and "SLIP" not in slip["to"]:
                raise LookupError("`to` does not name SLIP")
        except LookupError as error:
            wrong.append(f"slip {number} ({slip['what']}) {error}")
    return wrong


def copy_tree(to):
    """The files under version control, as they stand now; unchanged ones keep their times."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, listed):
        source, target = ROOT / name, to / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def depend(manifest, path):
    """Lets a member use the crate of the switch."""
    text = manifest.read_text(encoding="utf-8")
    line = f'jianpai-slip = {{ path = "{path}" }}\n'
    if "[dependencies]\n" in text:
        text = text.replace("[dependencies]\n", "[dependencies]\n" + line, 1)
    else:
        text += f"\n[dependencies]\n{line}"
    manifest.write_text(text, encoding="utf-8")


def compile_in(tree, all_slips):
    """Puts the slips of code into the copy, each behind the switch."""
    crate = tree / "slip"
    crate.mkdir(exist_ok=True)
    (crate / "lib.rs").write_text(CRATE)
    (crate / "Cargo.toml").write_text(
        '[package]\nname = "jianpai-slip"\nversion = "0.1.0"\nedition = "2024"\n\n[lib]\npath = "lib.rs"\n')
    members = sorted(path.parent for path in tree.glob("src/*/Cargo.toml"))
    for folder in members:
        depend(folder / "Cargo.toml", "../../slip")
    depend(tree / "Cargo.toml", "slip")
    manifest = tree / "Cargo.toml"
    text = manifest.read_text(encoding="utf-8").replace("members = [", 'members = ["slip", ', 1)
    manifest.write_text(text, encoding="utf-8")
    # Data come from the folder, so that a slip in a table needs no build.
    embedded = tree / "src/study/embedded.rs"
    text = embedded.read_text(encoding="utf-8")
    was = "bytes: bytes.to_vec(),"
    if text.count(was) != 1:
        raise LookupError("src/study/embedded.rs does not read tables as it did")
    now = ('bytes: { let _ = bytes; std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/")'
           '.to_string() + name).unwrap() },')
    embedded.write_text(text.replace(was, now), encoding="utf-8")
    by_file = {}
    for number, slip in enumerate(all_slips):
        if is_code(slip):
            by_file.setdefault(slip["file"], []).append((number, slip))
    for name, slips_of in by_file.items():
        path = tree / name
        text = path.read_text(encoding="utf-8")
        for number, slip in slips_of:
            text = replaced(text, slip, slip["to"].replace("SLIP", f"jianpai_slip::on({number})"))
        path.write_text(text, encoding="utf-8")


def build(tree, settings):
    """Builds every test; the executables, those of the members first."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(settings.target), "RUSTFLAGS": ""}
    done = subprocess.run(
        ["cargo", "test", "--workspace", "--no-run", "--offline"], cwd=tree, env=environment,
        capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the copy does not build:\n{done.stderr[-6000:]}")
    # Executable tests/it/main.rs (…/it-0123456789abcdef)
    found = re.findall(r"Executable .*?\((\S+)\)", done.stderr)
    tests = [pathlib.Path(path) for path in found]
    tests = [path for path in tests if not re.match(r"(batch|kernel|run|jianpai_slip)-", path.name)]
    return sorted(tests, key=lambda path: path.name.startswith("it-"))


def names(test, tree):
    """The names of the tests of an executable that count."""
    done = subprocess.run([test, "--list", "--format=terse"], cwd=tree, capture_output=True, text=True)
    found = [line.removesuffix(": test") for line in done.stdout.split("\n") if line.endswith(": test")]
    return [name for name in found if not any(word in name for word in RECORDINGS + SLOW)]


def folder_of(test, tree):
    """Where cargo runs the tests of an executable: at the manifest of its package."""
    member = test.name.rsplit("-", 1)[0].removeprefix("jianpai_")
    folder = tree / "src" / member
    return folder if (folder / "Cargo.toml").exists() else tree


def red(tests, tree, number, timeout):
    """The first tests that fail with a slip switched on; none if it survives."""
    environment = {**os.environ, SWITCH: str(number), "RUST_BACKTRACE": "0"}
    environment.pop("UPDATE", None)
    for test, wanted in tests:
        if not wanted:
            continue
        command = [test, "--exact", *wanted]
        try:
            done = subprocess.run(command, cwd=folder_of(test, tree), env=environment,
                                  capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            return [f"{test.name} does not end"]
        if done.returncode != 0:
            failed = re.findall(r"^test (\S+) \.\.\. FAILED", done.stdout, re.M)
            return failed or [f"{test.name} ends with {done.returncode}"]
    return []


QUICK = ["written::", "units::", "columns::", "drawn::", "printed::", "told::", "record::", "identities::"]


def groups(tests, tree):
    """Executables with the names of their tests: the quick ones of the large one first."""
    staged = []
    for test in tests:
        all_names = names(test, tree)
        if test.name.startswith("it-"):
            first = [name for name in all_names if name.startswith(tuple(QUICK))]
            staged.insert(0, (test, first))
            staged.append((test, [name for name in all_names if name not in first]))
        else:
            staged.append((test, all_names))
    return staged


def for_member(tests, member):
    """The same with the tests of a member next to the quick ones."""
    own = f"jianpai_{member}-" if member not in ("cli", "data") else "jianpai-"
    return sorted(tests, key=lambda pair: (
        pair is not tests[0], not pair[0].name.startswith(own), pair is tests[-1]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only see that every slip fits the code")
    parser.add_argument("--n", type=int, help="so many of them, chosen by the seed; all by default")
    parser.add_argument("--seed", type=int, default=1, help="seed of the choice (1)")
    parser.add_argument("--only", type=int, nargs="*", help="these numbers alone")
    parser.add_argument("--member", help="those of one member alone")
    parser.add_argument("--again", action="store_true", help="take the copy as it was built before")
    parser.add_argument("--tree", type=pathlib.Path, default=ROOT / "target/slips/tree", help="the copy")
    parser.add_argument("--target", type=pathlib.Path, default=ROOT / "target/slips/target",
                        help="its target folder")
    parser.add_argument("--timeout", type=float, default=1200, help="seconds of one executable (1200)")
    settings = parser.parse_args()
    all_slips = slips(settings.tree if settings.again else ROOT)
    wrong = [] if settings.again else check(all_slips)
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(all_slips)} slips" + ("" if settings.again else ", all fit"))
    if settings.check:
        return 0
    chosen = list(range(len(all_slips)))
    if settings.member:
        chosen = [n for n in chosen if all_slips[n]["member"] == settings.member]
    if settings.only is not None:
        chosen = settings.only
    elif settings.n:
        chosen = sorted(random.Random(settings.seed).sample(chosen, min(settings.n, len(chosen))))
    tree = settings.tree
    if not settings.again:
        tree.mkdir(parents=True, exist_ok=True)
        copy_tree(tree)
        compile_in(tree, all_slips)
    tests = groups(build(tree, settings), tree)
    print(f"built; {sum(len(wanted) for _, wanted in tests)} tests count", flush=True)
    failed = [] if settings.again else red(tests, tree, "none", settings.timeout)
    if failed:
        sys.exit(f"red without any slip: {', '.join(failed)}")
    score = {}
    for number in chosen:
        slip, started = all_slips[number], time.monotonic()
        path = tree / slip["file"]
        before = path.read_bytes()
        if not is_code(slip):
            path.write_text(replaced(before.decode("utf-8"), slip, slip["to"]), encoding="utf-8")
        failed = red(for_member(tests, slip["member"]), tree, number, settings.timeout)
        path.write_bytes(before)
        caught = "caught  " if failed else "SURVIVED"
        by = f" by {failed[0]}" + (f" and {len(failed) - 1} more" if len(failed) > 1 else "") if failed else ""
        took = time.monotonic() - started
        print(f"{caught} {number:3} {slip['member']}: {slip['what']}{by} ({took:.0f} s)", flush=True)
        hits, tries = score.get(slip["member"], (0, 0))
        score[slip["member"]] = (hits + bool(failed), tries + 1)
    hits, tries = (sum(pair[i] for pair in score.values()) for i in (0, 1))
    for member, (hit, tried) in sorted(score.items()):
        print(f"{member}: {hit} of {tried} ({100 * hit / tried:.0f} %)")
    print(f"all: {hits} of {tries} ({100 * hits / max(tries, 1):.0f} %)")
    low = hits < 0.85 * tries or any(hit < 0.8 * tried for hit, tried in score.values())
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Mutated inputs for every command, and what must hold whatever they are.

    python3 tests/mutate/mutate.py --n 300 --seed 1

takes good inputs (scenarios, tables, data folders, rows of sweeps, options of the
command line), damages each in a way that follows from the seed and its number alone,
and calls the program. It then holds that

- the exit code is 0, 1 or 2: no panic, no signal;
- what is printed or written with exit code 0 or 1 holds no NaN and no infinity;
- with exit code 2 something is said, and no file is made, changed or removed;
- nothing is left under a temporary name;
- a call ends within a bounded time and takes a bounded memory.

A failure is printed with the number of its input: `--from NUMBER --n 1 --keep DIR` plays
it again and leaves the folder there. Python 3, standard library alone.
"""

import argparse
import concurrent.futures
import csv
import hashlib
import io
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
# Address space of one call: far more than any good input of this size takes.
MEMORY = 6 << 30

NUMBERS = [
    "0", "-0", "-1", "1", "0.5", "100", "1e3", "1e-320", "1e308", "1e309", "-1e308", "1e400",
    "99999999999999999999", "NaN", "nan", "inf", "-inf", "Infinity", "", " ", "0x10", "1_000",
    "１２", "1,5", "1.2.3", "--3", "2015", "2101", "-2020", "١٢", "1e", ".", "9007199254740993",
]
WORDS = [
    "", " ", "..", ".", "/", "a/b", "CON", "nul", "=1+1", "+cmd", "@x", "-", "null", "true",
    "\u202e\u2066abc", "\u001b[31mred", "\u0000", "\u0007", "\ufeff", "x" * 3000, "减" * 900,
    "so2", "SO2", "shaanxi", "china", "15 %", "15 ％", "300 万t", "35 t/h", "1e9 %", "-5 %",
    "120 亿kWh", "NaN %", "inf %", "∞", "½", "一百万吨", "10 万 t", "t", "%", "2020", "base",
    "comparison", "\"", "'", "\\", "\\u0041", "{}", "[]", "a\nb", "e\u0301" * 40,
]
UNITS = ["t", "万t", "kg", "%", "‰", "户", "万户", "t/h", "MW", "kWh", "亿kWh", "m3/d", "头", "辆",
         "tce", "万吨标准煤", "km", "年", "", "人"]


# Ways to damage a text.


def lines_of(text):
    return text.split("\n")


def drop_line(rng, text):
    lines = lines_of(text)
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def double_line(rng, text):
    lines = lines_of(text)
    at = rng.randrange(len(lines))
    lines.insert(rng.randrange(len(lines) + 1), lines[at])
    return "\n".join(lines)


def swap_lines(rng, text):
    lines = lines_of(text)
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def cut(rng, text):
    return text[: rng.randrange(len(text) + 1)]


def cut_line(rng, text):
    lines = lines_of(text)
    at = rng.randrange(len(lines))
    lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    return "\n".join(lines)


def put(rng, text):
    at = rng.randrange(len(text) + 1)
    piece = rng.choice(WORDS + NUMBERS + ["\t", "\r", ",", "=", "[", "]]", "#", "\"\"\"", "\u3000"])
    return text[:at] + piece + text[at:]


def some_match(rng, pattern, text, replacement):
    found = list(re.finditer(pattern, text))
    if not found:
        return put(rng, text)
    hit = rng.choice(found)
    return text[: hit.start()] + replacement(hit) + text[hit.end():]


def other_number(rng, text):
    return some_match(rng, r"\d+(\.\d+)?", text, lambda _: rng.choice(NUMBERS))


def scaled_number(rng, text):
    def scaled(hit):
        return repr(float(hit.group()) * rng.choice([-1, 0, 0.1, 1.03, 2, 10, 1e6, 1e300]))

    return some_match(rng, r"\d+(\.\d+)?", text, scaled)


def other_word(rng, text):
    def quoted(_):
        return json.dumps(rng.choice(WORDS), ensure_ascii=False)

    return some_match(rng, r'"[^"\n]*"', text, quoted)


def other_unit(rng, text):
    return some_match(rng, r'(?<=\d )[^"\d\s]+(?=")', text, lambda _: rng.choice(UNITS))


def misspelt(rng, text):
    def wrong(hit):
        word = hit.group()
        at = rng.randrange(len(word))
        return rng.choice([word[:at] + word[at + 1:], word[:at] + "x" + word[at:], word.upper()])

    return some_match(rng, r"[A-Za-z][A-Za-z0-9_-]{2,}", text, wrong)


def other_type(rng, text):
    kinds = ["[]", "{}", "true", "1", "-1", "1.5", "2020-01-01", "[1, \"a\"]", "{ a = 1 }",
             "\"x\"", "[[1]]", "nan", "inf", "{ 2016 = \"50 %\", 2015 = \"20 %\" }", "''"]
    return some_match(rng, r"(?<== ).+", text, lambda _: rng.choice(kinds))


def near_number(rng, text):
    """A number of a value becomes another that may well be meant."""
    def near(hit):
        value = float(hit.group()) * rng.choice([0.5, 0.9, 0.97, 1.03, 1.1, 1.5, 2])
        return f"{value:.6g}" if "." in hit.group() or rng.random() < 0.3 else f"{value:.0f}"

    return some_match(rng, r'(?<=["= ,{])\d+(\.\d+)?(?= ?["%,\n}])', text, near)


def swapped_values(rng, text):
    values = [hit.group() for hit in re.finditer(r"(?<== ).+", text)]
    if not values:
        return put(rng, text)
    return some_match(rng, r"(?<== ).+", text, lambda _: rng.choice(values))


def double_text(rng, text):
    return text + text


def other_ends(rng, text):
    return text.replace("\n", rng.choice(["\r\n", "\r", "\n\n", "\u2028"]))


def nested(rng, text):
    depth = rng.choice([10, 200, 5000])
    return text + "\nx = " + "[" * depth + "]" * rng.choice([depth, depth - 1]) + "\n"


def extends(rng, text):
    where = rng.choice(["main.toml", ".", "..", "base/current-policy-13fyp.toml", "no.toml",
                        "shaanxi-14fyp-planned.toml", "/etc", "data.csv", ""])
    return some_match(rng, r'extends = "[^"]*"', text, lambda _: f'extends = "{where}"')


def cell(rng, text):
    """One cell of a table becomes something else."""
    lines = lines_of(text)
    at = rng.randrange(len(lines))
    cells = lines[at].split(rng.choice([",", ",", ",", ";"]))
    place = rng.randrange(len(cells))
    how = rng.randrange(5)
    if how == 0:
        del cells[place]
    elif how == 1:
        cells.insert(place, rng.choice(NUMBERS))
    elif how == 2:
        cells[place] = rng.choice(WORDS)
    elif how == 3:
        cells[place] = '"' + cells[place]
    else:
        cells[place] = rng.choice(NUMBERS)
    lines[at] = ",".join(cells)
    return "\n".join(lines)


def column(rng, text):
    """A whole column becomes one value, goes, or comes twice."""
    rows = [line.split(",") for line in lines_of(text)]
    place = rng.randrange(max(len(rows[0]), 1))
    how, value = rng.randrange(4), rng.choice(NUMBERS)
    for number, row in enumerate(rows):
        if place >= len(row):
            continue
        if how == 0:
            del row[place]
        elif how == 1:
            row.append(row[place])
        elif how == 2 and number > 0:
            row[place] = value
        elif how == 3 and number > 0 and rng.random() < 0.1:
            row[place] = value
    return "\n".join(",".join(row) for row in rows)


def separator(rng, text):
    return text.replace(",", rng.choice([";", "\t", "|", "，"]))


def tail(rng, text):
    return text + rng.choice(["\n\n\n", "\n,,,\n", "\n \n", "\x1a", "\n#", "\nx"])


COMMON = [drop_line, double_line, swap_lines, cut_line, put, other_number, other_number,
          scaled_number, scaled_number, misspelt, cut, double_text, other_ends, tail]
TOML = COMMON + [near_number] * 8 + [other_word, other_word, other_unit, other_unit, other_type, other_type,
                 swapped_values, swapped_values, nested, extends]
TABLE = COMMON + [near_number] * 4 + [cell, cell, cell, column, column, separator]


def damage_bytes(rng, data):
    """Bytes turned, cut, doubled or put in."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        if not data:
            break
        how, at = rng.randrange(6), rng.randrange(len(data))
        if how == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            data[at] = rng.randrange(256)
        elif how == 2:
            del data[at:]
        elif how == 3:
            del data[at: at + rng.choice([1, 4, 64])]
        elif how == 4:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 4, 64])))
        else:
            # The end of a Parquet file tells where everything is.
            last = len(data) - 1 - min(rng.randrange(64), len(data) - 1)
            data[last] = rng.choice([0, 0xFF, data[last] ^ 0x80])
    return bytes(data)


def damage_text(rng, data, ways):
    """A text, damaged once or a few times, now and then in another encoding."""
    text = data.decode("utf-8", "replace")
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        text = rng.choice(ways)(rng, text) if text else text
    encoding = rng.choice(["utf-8"] * 14 + ["utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
    data = text.encode(encoding, "replace" if encoding.startswith("gb") else "surrogatepass")
    return damage_bytes(rng, data) if rng.random() < 0.08 else data


def damage(rng, path):
    """Damages a file by what it holds."""
    data = path.read_bytes()
    if rng.random() < 0.02:
        path.unlink()
        if rng.random() < 0.5:
            path.mkdir()
        return
    if path.suffix == ".parquet":
        path.write_bytes(damage_bytes(rng, data))
    else:
        ways = TABLE if path.suffix == ".csv" else TOML
        path.write_bytes(damage_text(rng, data, ways))


# Good inputs, and calls of every command on them.


class Seeds:
    """A folder of good inputs that cases are copied from."""

    def __init__(self, binary, folder):
        # A copy: a build may replace the program meanwhile.
        self.binary, self.folder = str(folder / "jianpai"), folder
        shutil.copy(binary, self.binary)
        shutil.copytree(SCENARIOS, folder / "scenarios")
        for path in (ROOT / "tests/fixtures").glob("*.toml"):
            shutil.copy(path, folder / "scenarios" / f"fixture-{path.name}")
        shutil.copytree(ROOT / "data", folder / "data")
        tables = folder / "tables"
        tables.mkdir()
        shutil.copy(ROOT / "tests/fixtures/factors.csv", tables)
        for path in (ROOT / "tests/fixtures/sensitivity").glob("*.csv"):
            shutil.copy(path, tables)
        (tables / "bounds.csv").write_text("name,distribution,lo,hi,mean,sd\na,uniform,0,1,,\nb,uniform,-2,2,,\nc,normal,,,10,2\n")
        self.sweep("csv", "whole", [])
        self.sweep("parquet", "whole", [])
        for format in ["csv", "parquet"]:
            for i in [1, 2]:
                self.sweep(format, f"slice{i}", ["--shard", f"{i}/2"])
        shutil.copy(self.rows("csv", "whole"), tables / "rows.csv")
        shutil.copy(self.rows("parquet", "whole"), tables / "rows.parquet")
        lists = folder / "scenarios/lists"
        lists.mkdir()
        (lists / "main.toml").write_text(
            '[scenario]\nname_zh = "变"\nname_en = "varied"\n'
            'extends = "../shaanxi-14fyp-planned.toml"\n\n'
            '[sweep]\ndesign = "list"\nlist = "options.csv"\nyears = [2025]\n\n'
            '[sweep.inputs.pace]\ngrowth = "industry"\n\n'
            '[sweep.inputs.steel]\nlevel = "steel-ule"\n'
        )
        (lists / "options.csv").write_text("steel,pace\n0.5,0.002\n1,0\n0.25,-0.01\n")
        self.plans = sorted(path.name for path in (folder / "scenarios").glob("*.toml"))
        self.sweeps = sorted(path.name for path in (folder / "scenarios/sweeps").glob("*.toml"))
        other = {"bounds.csv", "factors.csv", "salib.csv"}
        self.tables = sorted(path.name for path in tables.iterdir() if path.name not in other)

    def sweep(self, format, name, more):
        # Two chunks at least, so that there are two slices.
        draws = "40000" if name.startswith("slice") else "600"
        out = self.folder / "made" / format / name
        subprocess.run(
            [self.binary, "sweep", "scenarios/sweeps/shaanxi-14fyp.toml", "--draws", draws,
             "--format", format, "--no-charts", "--out", str(out.relative_to(self.folder)), *more],
            check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rows(self, format, name):
        return next((self.folder / "made" / format / name).rglob(f"draws.{format}"))


def options(rng, known):
    """Some options with good values, and now and then with bad ones."""
    chosen = []
    for option, values in known:
        if rng.random() < 0.25:
            value = rng.choice(values) if values else None
            if values and rng.random() < 0.07:
                value = rng.choice(NUMBERS + WORDS).replace("\0", "")
            chosen.append(option if value is None else f"{option}={value}")
    if rng.random() < 0.03:
        chosen.append(rng.choice(["--no-such-option", "-x", "--out", "--draws", "extra"]))
    # Two forms of output are one too many, mostly.
    if "--json" in chosen and rng.random() < 0.95:
        chosen = [option for option in chosen if not option.startswith("--csv")]
    return chosen


LANG = ("--lang", ["zh", "en", "en"])
REGIONS = ["shaanxi"] * 8 + ["china", "hebei", "guangzhou", "shaanxi-guanzhong", "atlantis", "all"]
INDICATORS = ["SO2", "NOx", "COD", "NH3-N", "CO2", "CO2-per-GDP", "coal", "rail-share", "energy"] * 3 + ["XY"]


def one_plan(rng, seeds, work, sub=None):
    """A scenario called `main.toml` beside its base, damaged; its path."""
    shutil.copytree(seeds.folder / "scenarios", work / "in")
    names = seeds.sweeps if sub else seeds.plans
    folder = work / "in" / (sub or "")
    main = folder / "main.toml"
    shutil.copy(folder / rng.choice(names), main)
    target = main
    if rng.random() < 0.15:
        target = rng.choice(sorted((work / "in/base").glob("*.toml")))
    if rng.random() < 0.97:
        damage(rng, target)
    return str(main.relative_to(work))


def data_folder(rng, seeds, work):
    """A data folder with a damaged table, now and then; options that name it."""
    shutil.copytree(seeds.folder / "data", work / "data")
    damage(rng, rng.choice(sorted((work / "data").glob("*.csv"))))
    return ["--data", "data"]


def call_run(rng, seeds, work):
    file = one_plan(rng, seeds, work)
    more = options(rng, [LANG, ("--region", REGIONS), ("--json", None), ("--strict", None)])
    where = ["--dry"] if rng.random() < 0.7 else ["--out", "out"]
    charts = [] if rng.random() < 0.3 else ["--no-charts"]
    others = ["in/shaanxi-2020.toml"] if rng.random() < 0.1 else []
    return ["run", file, *others, *where, *charts, *more]


def call_data(rng, seeds, work):
    data = data_folder(rng, seeds, work)
    shutil.copytree(seeds.folder / "scenarios", work / "in")
    file = f"in/{rng.choice(seeds.plans)}"
    call = rng.choice([
        ["run", "--dry", file], ["run", "--no-charts", "--out", "out", file], ["check", file],
        ["explain", file, rng.choice(INDICATORS), "2020"], ["decompose", file], ["init", "hebei"],
        ["list", rng.choice(["regions", "services", "sources", "statuses", "technologies"])],
        ["hindcast", "--csv", "--region", "shaanxi"], ["plan", "in/sweeps/shaanxi-14fyp.toml"],
        ["sweep", "in/sweeps/shaanxi-14fyp.toml", "--draws", "64", "--no-charts", "--out", "out"],
    ])
    return call + data + options(rng, [LANG])


def call_check(rng, seeds, work):
    sub = rng.choice([None, None, "sweeps"])
    file = one_plan(rng, seeds, work, sub)
    return ["check", file, *options(rng, [
        LANG, ("--json", None), ("--strict", None), ("--level", ["high", "medium", "low"])])]


def call_explain(rng, seeds, work):
    file = one_plan(rng, seeds, work)
    year = rng.choice(["2015", "2016", "2018", "2018", "2019", rng.choice(NUMBERS)]) or "0"
    return ["explain", *options(rng, [
        LANG, ("--json", None), ("--all", None), ("--depth", ["0", "1", "9"]),
        ("--measure", ["rail", "boilers-le10", "sewage", "power-ule"]), ("--region", REGIONS),
    ]), "--", file, rng.choice(INDICATORS), year]


def call_diff(rng, seeds, work):
    file = one_plan(rng, seeds, work)
    pair = [file, f"in/{rng.choice(seeds.plans)}"]
    rng.shuffle(pair)
    out = ["--out", "out"] if rng.random() < 0.3 else []
    return ["diff", *pair, *out, *options(rng, [
        LANG, ("--json", None), ("--csv", ["inputs", "outputs", "explanation"])])]


def call_decompose(rng, seeds, work):
    more = options(rng, [
        LANG, ("--method", ["additive", "multiplicative"]), ("--csv", None), ("--json", None)])
    out = ["--out", "out"] if rng.random() < 0.3 else []
    if rng.random() < 0.5:
        more += options(rng, [
            ("--chained", None), ("--indicator", INDICATORS), ("--from", ["2015", "2016", "2017"]),
            ("--to", ["2018", "2019", "2020"])])
        return ["decompose", one_plan(rng, seeds, work), *out, *more]
    table = work / "factors.csv"
    shutil.copy(seeds.folder / "tables/factors.csv", table)
    damage(rng, table)
    return ["decompose", "factors.csv", *out, *more]


def call_sensitivity(rng, seeds, work):
    if rng.random() < 0.25:
        bounds = work / "bounds.csv"
        shutil.copy(seeds.folder / "tables/bounds.csv", bounds)
        damage(rng, bounds)
        design = rng.choice(["saltelli", "saltelli-second", "morris", "latin-hypercube", "sobol",
                             "random"])
        n = rng.choice(["8", "16", "16", "64", "64", "10", "0", "3"])
        return ["sensitivity", f"--sample={design}", "--bounds=bounds.csv", f"--n={n}",
                f"--out={rng.choice(['design.csv', 'deep/design.csv'])}",
                *options(rng, [LANG, ("--seed", ["1", "7"])])]
    more = options(rng, [
        LANG, ("--csv", None), ("--json", None), ("--seed", ["1", "7"]),
        ("--confidence", ["0.9", "0.95", "0.5"]), ("--replicates", ["10", "50"])])
    name = rng.choice(seeds.tables)
    shutil.copy(seeds.folder / "tables" / name, work / name)
    damage(rng, work / name)
    # What the table holds, mostly.
    y = rng.choice(["NOx@2025", "SO2@2025,COD@2025"]) if name.startswith("rows") else "y"
    chosen = [f"--outputs={y if rng.random() < 0.95 else 'x'}"] if rng.random() < 0.9 else []
    chosen += options(rng, [
        ("--inputs", ["x1,x2", "a", "rail,boilers", "x1-x3"]) if rng.random() < 0.2 else LANG,
        ("--design", ["auto", "auto", "any", "saltelli", "saltelli-second", "morris"]),
        ("--levels", ["4", "6", "0", "5"]), ("--boxes", ["1", "3"]),
        ("--prim", ["y >= 8", "y < 3"] if y == "y" else ["all_met", "NOx@2025 < 3e5", "y <"])])
    out = ["--out", "out"] if rng.random() < 0.3 else []
    return ["sensitivity", name, *chosen, *out, *more]


def call_sweep(rng, seeds, work):
    more = options(rng, [
        LANG, ("--seed", ["1", "5"]), ("--trajectories", None), ("--resume", None),
        ("--shard", ["1/2", "2/2", "0/1", "3/2", "1/1"]), ("--threads", ["1", "2", "0", "99999"]),
        ("--region", REGIONS), ("--format", ["csv", "parquet", "none"])])
    draws = rng.choice(["1", "16", "64", "64", "200", "200", "300", "0"])
    charts = [] if rng.random() < 0.1 else ["--no-charts"]
    if rng.random() < 0.3:
        shutil.copytree(seeds.folder / "scenarios", work / "in")
        lists = work / "in/lists"
        target = rng.choice(["main.toml", "options.csv"])
        damage(rng, lists / target)
        file, draws = "in/lists/main.toml", []
    else:
        file, draws = one_plan(rng, seeds, work, "sweeps"), [f"--draws={draws}"]
    return ["sweep", file, *draws, "--out", "out", *charts, *more]


def call_plan(rng, seeds, work):
    file = one_plan(rng, seeds, work, "sweeps")
    return ["plan", file, *options(rng, [LANG, ("--export", ["plan.json", "a/plan.json", "in"])])]


def call_merge(rng, seeds, work):
    format = rng.choice(["csv", "parquet"])
    shutil.copytree(seeds.folder / "scenarios", work / "scenarios")
    folders = []
    for i in [1, 2]:
        source = seeds.folder / "made" / format / f"slice{i}"
        shutil.copytree(source, work / f"slice{i}")
        folders.append(work / f"slice{i}")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    rows = [path for path in files if path.name.startswith("draws.")]
    damage(rng, rng.choice(rows if rng.random() < 0.7 else files))
    inputs = [str(path.parent.relative_to(work)) for path in rows]
    if rng.random() < 0.3:
        inputs = [str(path.relative_to(work)) for path in rows]
    rng.shuffle(inputs)
    if rng.random() < 0.1:
        inputs.append(rng.choice(inputs + ["no-such", "slice1"]))
    out = rng.choice([f"joined.{format}", "joined.csv", "joined.parquet", "joined", "deep/joined", "slice1"])
    known = [LANG, ("--unchecked", None), ("--no-charts", None)]
    return ["merge", *inputs, "--out", out, *options(rng, known)]


def call_init(rng, seeds, work):
    region = rng.choice(REGIONS if rng.random() < 0.8 else WORDS).replace("\0", "")
    if rng.random() < 0.2:
        (work / "mine.toml").write_text("kept")
    return ["init", *options(rng, [
        LANG, ("--end", ["2020", "2025", "2030", "1999"]),
        ("--output", ["mine.toml", "deep/mine.toml", "."])]), "--", region]


def call_list(rng, seeds, work):
    what = rng.choice(["regions", "services", "technologies", "measures", "indicators", "drivers",
                       "calibres", "scenarios", "sources", "statuses", "x"])
    shutil.copytree(seeds.folder / "scenarios", work / "scenarios")
    damage(rng, work / "scenarios" / rng.choice(seeds.plans))
    return ["list", what, *options(rng, [LANG])]


def call_hindcast(rng, seeds, work):
    shutil.copytree(seeds.folder / "scenarios/hindcast", work / "hindcast")
    damage(rng, rng.choice(sorted((work / "hindcast").glob("*.toml"))))
    out = ["--out", "out"] if rng.random() < 0.2 else []
    return ["hindcast", "--scenarios", "hindcast", *out, *options(rng, [
        LANG, ("--region", REGIONS), ("--csv", None), ("--json", None)])]


CALLS = [call_run, call_run, call_check, call_check, call_data, call_data, call_explain, call_diff,
         call_decompose, call_sensitivity, call_sensitivity, call_sweep, call_sweep, call_plan,
         call_merge, call_merge, call_init, call_list, call_hindcast]


# What must hold.


def tree(folder):
    """Every file below a folder, with the hash of what it holds; every folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir():
            found[name] = "folder"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


NOT_A_NUMBER = re.compile(r"(?<![\w.@/`“\"'-])[-−+]?(nan|inf|infinity|∞)(?![\w.@/`”\"'-])", re.I)


def no_number(cell):
    """Whether a cell is a number that is none."""
    try:
        value = float(cell)
    except ValueError:
        return False
    return value != value or abs(value) > 1e300


def bad_constant(name):
    raise ValueError(f"{name} in JSON")


def bad_numbers(name, data, given):
    """What is wrong with a text that was printed or written."""
    text = data.decode("utf-8", "replace")
    if "�" in text and not given["odd"]:
        return f"{name} is no UTF-8"
    if name.endswith(".json") or (name == "stdout" and given["json"]):
        try:
            json.loads(text, parse_constant=bad_constant)
        except ValueError as error:
            return f"{name}: {error}"
        return None
    if name.endswith(".csv"):
        for row in csv.reader(io.StringIO(text)):
            hits = [cell for cell in row if no_number(cell) and cell not in given["cells"]]
            if hits:
                return f"{name} holds {hits[0]}: {','.join(row)[:200]}"
        return None
    if name.endswith(".svg"):
        hit = re.search(r'="[^"]*\b(NaN|inf)\b[^"]*"', text)
        return f"{name}: {hit.group()[:80]}" if hit else None
    hit = None if given["nan"] else NOT_A_NUMBER.search(text)
    if hit:
        around = text[max(hit.start() - 80, 0): hit.end() + 40]
        return f"{name} holds {hit.group()}: {around!r}"
    return None


def limit():
    """Bounds the memory of every call from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def given_by(work, args):
    """What the input itself holds that might be printed again."""
    texts = [path.read_bytes() for path in work.rglob("*")
             if path.is_file() and path.suffix in (".toml", ".csv") and "data" not in path.parts]
    joined = b"\n".join(texts).decode("utf-8", "replace") + " ".join(args)
    words = re.findall(r"[^\s,\"]+", joined)
    return {
        "nan": bool(re.search(r"nan\b|\binf|∞", joined, re.I)),
        "cells": {word for word in words if no_number(word)},
        "odd": "�" in joined,
        "json": "--json" in args,
    }


def play(number, settings, seeds):
    """Makes, calls and judges one input; what is wrong with it, and how it went."""
    rng = random.Random(f"{settings.seed}/{number}")
    work = pathlib.Path(tempfile.mkdtemp(prefix="jianpai-mutate-"))
    try:
        calls = [c for c in CALLS if settings.only in (None, c.__name__.removeprefix("call_"))]
        args = rng.choice(calls)(rng, seeds, work)
        args = [arg.replace("\0", "") for arg in args]
        given, before = given_by(work, args), tree(work)
        started = time.monotonic()
        environment = {"PATH": os.environ["PATH"], "LANG": rng.choice(["C.UTF-8", "zh_CN.UTF-8"])}
        try:
            done = subprocess.run(
                [seeds.binary, *args], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                capture_output=True, timeout=settings.timeout)
        except subprocess.TimeoutExpired:
            return [f"does not end within {settings.timeout} s"], args, "late", settings.timeout
        took = time.monotonic() - started
        after = tree(work)
        wrong = judge(done, before, after, given, work)
        return wrong, args, str(done.returncode), took
    finally:
        if settings.keep:
            shutil.rmtree(settings.keep / str(number), ignore_errors=True)
            shutil.copytree(work, settings.keep / str(number))
        shutil.rmtree(work, ignore_errors=True)


def judge(done, before, after, given, work):
    wrong = []
    code, said = done.returncode, done.stderr.decode("utf-8", "replace")
    if code not in (0, 1, 2):
        wrong.append(f"exit code {code}: {said[-300:]}")
    if "panicked" in said or "RUST_BACKTRACE" in said:
        wrong.append(f"a panic: {said[-300:]}")
    if code == 2:
        if not said.strip() and not done.stdout.strip():
            wrong.append("exit code 2 without a word")
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                wrong.append(f"exit code 2, but {name} was made, changed or removed")
    elif code in (0, 1):
        fresh = [name for name, hash in after.items() if hash != "folder" and before.get(name) != hash]
        outputs = {name: (work / name).read_bytes() for name in fresh}
        outputs["stdout"] = done.stdout
        for name, data in outputs.items():
            if name.endswith(".parquet"):
                continue
            problem = bad_numbers(name, data, given)
            if problem:
                wrong.append(problem)
            if re.search(r"\.(new|old|part)\b|\.journal$", name):
                wrong.append(f"{name} is left")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=300, help="inputs (300)")
    parser.add_argument("--seed", type=int, default=1, help="seed (1)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="number of the first (0)")
    parser.add_argument("--binary", default=str(ROOT / "target/debug/jianpai"), help="the program")
    parser.add_argument("--jobs", type=int, default=2, help="calls at a time (2)")
    parser.add_argument("--timeout", type=float, default=120, help="seconds of one call (120)")
    parser.add_argument("--only", help="one command: run, sweep, merge, data …")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the folders of all inputs here")
    settings = parser.parse_args()
    settings.binary = str(pathlib.Path(settings.binary).resolve())
    limit()
    csv.field_size_limit(1 << 30)
    codes, failed, slowest = {}, 0, (0.0, None)
    with tempfile.TemporaryDirectory(prefix="jianpai-seeds-") as folder:
        seeds = Seeds(settings.binary, pathlib.Path(folder))
        numbers = range(settings.first, settings.first + settings.n)
        with concurrent.futures.ThreadPoolExecutor(settings.jobs) as pool:
            played = pool.map(lambda number: play(number, settings, seeds), numbers)
            for number, (wrong, args, code, took) in zip(numbers, played):
                codes[f"{args[0]} {code}"] = codes.get(f"{args[0]} {code}", 0) + 1
                slowest = max(slowest, (took, number), key=lambda pair: pair[0])
                if (number - settings.first) % 1000 == 999:
                    print(f"{number - settings.first + 1} inputs, {failed} failed so far",
                          file=sys.stderr, flush=True)
                if wrong:
                    failed += 1
                    print(f"input {number} of seed {settings.seed}: {' '.join(args)}"[:400])
                    for line in wrong[:4]:
                        print(f"    {line}")
                    sys.stdout.flush()
    print(", ".join(f"{name}: {count}" for name, count in sorted(codes.items())))
    print(f"{settings.n} inputs, {failed} failed; the slowest took {slowest[0]:.1f} s (input {slowest[1]})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

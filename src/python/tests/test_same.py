"""Python gives what the command line gives, to the last bit."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from conftest import ROOT, command

import jianpai as jp

# What runs: every scenario of the project.
SCENARIOS = sorted(
    path
    for folder in [".", "plans", "base", "hindcast", "options", "sweeps"]
    for path in (ROOT / "scenarios" / folder).glob("*.toml")
)
SWEEPS = ["national-13fyp", "provinces", "shaanxi-14fyp"]


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) > 30


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_run_is_that_of_the_command_line(path: Path) -> None:
    said = command("run", "--json", "--dry", str(path))
    assert said.returncode == 0, said.stderr
    inside = path.relative_to(ROOT / "scenarios").with_suffix("").as_posix()
    for sc in [jp.load(path), jp.builtin(inside)]:
        assert sc.run().json() == said.stdout


def rows(path: Path) -> tuple[list[str], np.ndarray]:
    """The rows of a sweep as CSV; an empty cell is no number."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    return header, np.array([[float(cell or "nan") for cell in line] for line in lines])


def same(a: np.ndarray, b: np.ndarray) -> None:
    """The same bits, but for those of what is no number."""
    assert a.shape == b.shape
    nan = np.isnan(a)
    assert (nan == np.isnan(b)).all()
    a, b = np.where(nan, 0.0, a), np.where(nan, 0.0, b)
    assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_is_that_of_the_command_line(name: str, tmp_path: Path) -> None:
    path = ROOT / "scenarios" / "sweeps" / f"{name}.toml"
    args = ["sweep", str(path), "--draws", "3000", "--seed", "7", "--progress", "none"]
    said = command(*args, "--format", "csv", "--out", str(tmp_path), "--json")
    assert said.returncode == 0, said.stderr
    wanted = json.loads(said.stdout)
    del wanted["results"]
    sc = jp.load(path)
    sw = sc.sweep(draws=3000, seed=7)
    assert json.loads(sw.json()) == wanted
    header, all_rows = rows(tmp_path / name / "draws.csv")
    assert header == ["draw", *sw.columns]
    block = sw.rows()
    same(np.hstack([block.inputs, block.outputs]), all_rows[:, 1:])
    # The same by parts, with another seed compiled first.
    pl = sc.compile(draws=3000, seed=1)
    part = pl.block(1234, 2001, seed=7)
    assert part.start == 1234
    same(np.hstack([part.inputs, part.outputs]), all_rows[1234:2001, 1:])
    # Given the same inputs, the plan gives the model's own columns.
    y = pl(block.inputs)
    model = [i for i, n in enumerate(pl.output_names) if n.split("@")[0].split(":")[0] not in ("met", "all_met")]
    at = {column: i for i, column in enumerate(header)}
    same(y[:, model], all_rows[:, [at[pl.output_names[i]] for i in model]])
    for i, column in enumerate(pl.output_names):
        own = column.replace("met:", "met_by_model:") if column.startswith("met:") else column
        own = "all_met_by_model" if column == "all_met" else own
        same(y[:, i], all_rows[:, at.get(own, at.get(column))])


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_folder_of_a_sweep_is_that_of_the_command_line(
    format: Literal["csv", "parquet"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A manifest tells paths as seen from where the program runs.
    monkeypatch.chdir(ROOT)
    path = ROOT / "scenarios" / "sweeps" / "shaanxi-14fyp.toml"
    args = ["sweep", str(path), "--draws", "2000", "--format", format, "--progress", "none"]
    said = command(*args, "--out", str(tmp_path / "command"))
    assert said.returncode == 0, said.stderr
    sw = jp.load(path).sweep(draws=2000, to=tmp_path / "python", format=format)
    assert Path(sw.folder or "") == tmp_path / "python" / "shaanxi-14fyp"
    ours = {p.relative_to(tmp_path / "python"): p for p in (tmp_path / "python").rglob("*") if p.is_file()}
    theirs = {p.relative_to(tmp_path / "command"): p for p in (tmp_path / "command").rglob("*") if p.is_file()}
    assert ours.keys() == theirs.keys()
    for name, path in ours.items():
        assert path.read_bytes() == theirs[name].read_bytes(), name


def test_rows_do_not_depend_on_threads() -> None:
    sc = jp.builtin("sweeps/shaanxi-14fyp")
    said = []
    for threads in [1, 2, 3, None]:
        jp.set_threads(threads)
        said.append(sc.sweep(draws=50_000, charts=False).json())
    assert len(set(said)) == 1


def test_attainment_is_counted_from_the_rows() -> None:
    """By another way: the share of rows in which a target is met."""
    sc = jp.builtin("sweeps/shaanxi-14fyp")
    sw = sc.sweep(draws=4000, model_error=False)
    block = sw.rows()
    at = {name: i for i, name in enumerate(sw.columns[block.inputs.shape[1] :])}
    shares = dict(zip(sw.attainment["target"], sw.attainment["probability"], strict=True))
    for target in sc.targets:
        met = block.outputs[:, at[f"met:{target}"]]
        assert math.isclose(shares[target], met.mean(), rel_tol=1e-12)

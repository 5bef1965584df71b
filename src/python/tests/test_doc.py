"""What the documentation shows does what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, command

import jianpai as jp

MODULES = ["jianpai", *(f"jianpai.{module.name}" for module in pkgutil.iter_modules(jp.__path__))]


@pytest.mark.parametrize("name", [name for name in MODULES if name != "jianpai.__main__"])
def test_examples_of_docstrings_run(name: str) -> None:
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_examples_of_classes_run() -> None:
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    for item in [jp.Scenario, jp.builtin, jp.load, jp.scenario, jp.Plan, jp.Draws, jp.Run, jp.Sweep, jp.Table]:
        for test in finder.find(item, getattr(item, "__name__", None), module=False):
            runner.run(test)
    assert runner.failures == 0
    assert runner.tries >= 9


@pytest.mark.parametrize("file", ["README.md", "src/python/README.md"])
def test_the_examples_of_a_readme_run(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / file).read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert examples, file
    for example in examples:
        names: dict[str, object] = {"np": np}
        exec(compile(example.replace("100_000", "4_000"), file, "exec"), names)


def test_the_chart_of_the_readme_is_that_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "src/python/README.md").read_text(encoding="utf-8")
    [example] = [one for one in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "sobol.svg" in one]
    assert len(example.splitlines()) <= 20
    names: dict[str, object] = {}
    exec(compile(example.replace("100_000", "8_000"), "README", "exec"), names)
    said = capsys.readouterr().out
    # The table, the sentence, the indices: as the command prints them.
    sweeps = ROOT / "scenarios" / "sweeps"
    quiet = ["--format", "none", "--out", "out"]
    own = command(
        "sweep", str(sweeps / "shaanxi-14fyp.toml"), "--draws", "8000", "--seed", "7", *quiet, cwd=tmp_path
    )
    assert own.returncode == 0, own.stderr
    printed = own.stdout
    [sentence] = re.findall(r"  If .*?\n\n", printed + "\n\n", re.DOTALL)
    assert sentence.strip() in said and "all targets are met" in sentence
    for line in printed.splitlines():
        if "−" in line and "%" in line and "(accounted)" in line and "on 2020" in line:
            assert line.strip() in said
    assert "NOx factor of trucks" in said
    # The chart, from a file that says what `compile` said.
    base = (sweeps / "shaanxi-14fyp.toml").as_posix()
    (tmp_path / "mine.toml").write_text(
        '[scenario]\nname_zh = "x"\nname_en = "x"\n'
        f"extends = {base!r}\n"
        '[sweep]\ndesign = "saltelli"\ncorrelation = []\n'
    )
    drawn = command("sweep", "mine.toml", "--draws", "57344", "--seed", "7", *quiet, cwd=tmp_path)
    assert drawn.returncode == 0, drawn.stderr
    theirs = (tmp_path / "out/mine/charts/variance-NOx.en.svg").read_text(encoding="utf-8")
    ours = (tmp_path / "sobol.svg").read_text(encoding="utf-8")

    def marks(svg: str) -> list[str]:
        return re.findall(r"<(?:rect|path|polyline|line) [^>]*>", svg)

    # The name of the scenario in the source line apart.
    assert marks(ours) == marks(theirs) and len(marks(ours)) > 20


def test_everything_public_has_a_docstring() -> None:
    for name in jp.__all__:
        item = getattr(jp, name)
        if callable(item):
            assert item.__doc__, name
    for item in [jp.Scenario, jp.Run, jp.Plan, jp.Draws, jp.Sweep, jp.Table, jp.Figure, jp.Answer]:
        for name, member in vars(item).items():
            if not name.startswith("_"):
                assert member.__doc__, f"{item.__name__}.{name}"

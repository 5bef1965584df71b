"""What the documentation shows does what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re

import numpy as np
import pytest
from conftest import ROOT

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
def test_the_example_of_a_readme_runs(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert examples, file
    for example in examples:
        names: dict[str, object] = {"np": np}
        exec(compile(example.replace("100_000", "4_000"), file, "exec"), names)


def test_everything_public_has_a_docstring() -> None:
    for name in jp.__all__:
        item = getattr(jp, name)
        if callable(item):
            assert item.__doc__, name
    for item in [jp.Scenario, jp.Run, jp.Plan, jp.Draws, jp.Sweep, jp.Table, jp.Figure, jp.Answer]:
        for name, member in vars(item).items():
            if not name.startswith("_"):
                assert member.__doc__, f"{item.__name__}.{name}"

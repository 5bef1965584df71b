"""The notebooks run, small, and stand without outputs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "src" / "python" / "notebooks").glob("*.ipynb"))
# What each needs beside the package.
NEEDS = {
    "1-first-scenario": [],
    "2-sweep-and-prim": ["pandas"],
    "3-sobol": ["pandas", "SALib"],
    "4-least-cost": ["scipy"],
    "5-dask-and-a-killed-worker": ["distributed"],
}


def test_there_are_five() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(NEEDS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.skipif(os.name == "nt", reason="workers are killed otherwise there")
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    for package in NEEDS[path.stem]:
        pytest.importorskip(package)
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    monkeypatch.setenv("DRAWS", "35000" if "dask" in path.stem else "3584")
    monkeypatch.setenv("JIANPAI_LANG", "en")
    nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    # Each says something in the end, and nothing went wrong.
    outputs = [one for cell in code for one in cell.outputs]
    assert outputs and all(one.output_type != "error" for one in outputs)

"""Slices of a sweep, each by itself, and what they are together.

A draw is a function of the seed and of its index, so a slice may run anywhere, in any order,
as often as it has to. A slice is put in place whole: what is there is done.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ._errors import ScenarioError
from ._native import Scenario
from ._texts import Texts, command, say

Rows = Literal["parquet", "csv", "none"]
MARK = "order"
"""The file by which a machine sees that a folder is shared with it."""


@dataclass(frozen=True)
class Order:
    """A sweep in slices: what each of them has to know. It pickles to some tens of kilobytes."""

    texts: Texts
    slices: int
    """How many there are."""
    draws: int | None = None
    seed: int | None = None
    rows: Rows = "parquet"
    """How rows are kept."""
    trajectories: bool = False
    model_error: bool = True
    charts: bool = True

    @property
    def digest(self) -> str:
        """A hash of all that the results depend on."""
        rest = (self.slices, self.draws, self.seed, self.rows, self.trajectories, self.model_error)
        return hashlib.sha256(f"{self.texts.digest} {rest}".encode()).hexdigest()

    def folder(self, to: Path) -> Path:
        """Where its slices are put, below `to`: another sweep has another folder."""
        return to / f"slices-{self.digest[:12]}"

    def options(self) -> list[str]:
        """What the command is told."""
        said = ["--format", self.rows, "--progress", "none"]
        for flag, value in (("--draws", self.draws), ("--seed", self.seed), ("--region", self.texts.region)):
            if value is not None:
                said += [flag, str(value)]
        if self.trajectories:
            said.append("--trajectories")
        if not self.model_error:
            said.append("--no-model-error")
        if not self.charts:
            said.append("--no-charts")
        return said


@dataclass(frozen=True)
class Swept:
    """A sweep whose results stand in a folder."""

    folder: Path
    """The folder, as `jianpai sweep` leaves it."""
    document: Mapping[str, Any]
    """What `jianpai sweep --json` prints."""

    def __repr__(self) -> str:
        return f"<Swept {self.folder}>"


def order(
    scenario: Scenario,
    slices: int | None = None,
    *,
    per_slice: int = 1,
    draws: int | None = None,
    seed: int | None = None,
    format: Rows = "parquet",
    trajectories: bool = False,
    model_error: bool = True,
    charts: bool = True,
) -> Order:
    """A sweep of a scenario in slices: so many, or of about so many draws each."""
    if slices is not None and slices < 1:
        raise ValueError(say(f"分片数 {slices} 应不小于 1", f"{slices} slices: at least 1 is wanted"))
    # What is wrong is told here and now, not by every slice.
    plan = scenario.compile(draws=draws, seed=seed, trajectories=trajectories, model_error=model_error)
    if slices is None:
        slices = -(-plan.draws // per_slice)
    return Order(
        Texts.of(scenario), slices, plan.draws, plan.seed, format, trajectories, model_error, charts
    )


def run(order: Order, i: int, folder: Path, threads: int = 1) -> Path:
    """Runs the slice `i`, from 1, and puts it in place below `folder`; its folder.

    What is there is not run again. Whoever runs it at the same time, or was killed while
    running it, does no harm.
    """
    order.texts.check()
    if not 1 <= i <= order.slices:
        raise ValueError(
            say(f"分片 {i} 不在 1 至 {order.slices} 之内", f"slice {i} does not lie within 1 to {order.slices}")
        )
    place = folder / f"slice-{i:05}"
    if (place / "done").is_file():
        return place
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"growing-{i}-", dir=folder))
    try:
        here, path = order.texts.laid_out(work / "texts")
        own = work / "slice"
        args = ["sweep", path, "--shard", f"{i}/{order.slices}", "--threads", str(threads)]
        command([*args, *order.options(), "--out", str(own.resolve())], here)
        (own / "done").write_bytes(b"")
        try:
            own.replace(place)
        except OSError:
            # Somebody else came first: the bytes are the same.
            if not (place / "done").is_file():
                raise
        return place
    finally:
        shutil.rmtree(work, ignore_errors=True)


def join(order: Order, folder: Path, to: Path, threads: int | None = None) -> Swept:
    """Joins all slices below `folder` to what one run gives, below `to`."""
    order.texts.check()
    places = [folder / f"slice-{i:05}" for i in range(1, order.slices + 1)]
    missing = [i for i, place in enumerate(places, 1) if not (place / "done").is_file()]
    if missing:
        listed = ", ".join(map(str, missing))
        raise ScenarioError(
            say(f"{folder} 缺分片 {listed}（共 {order.slices} 片）", f"{folder} lacks slices {listed} of {order.slices}")
        )
    with tempfile.TemporaryDirectory() as work:
        here, path = order.texts.laid_out(Path(work))
        args = ["merge", *(str(place.resolve()) for place in places), "--out", str(to.resolve())]
        args += ["--scenario", path, "--progress", "none", "--json"]
        if not order.charts:
            args.append("--no-charts")
        if threads is not None:
            args += ["--threads", str(threads)]
        document = json.loads(command(args, here))
    return Swept(Path(document.pop("results")), document)


def clear(folder: Path) -> None:
    """Takes slices away, and what killed workers left; whatever else lies there stays."""
    for own in (*folder.glob("slice-*"), *folder.glob("growing-*")):
        shutil.rmtree(own, ignore_errors=True)
    (folder / MARK).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def shard(
    scenario: Scenario,
    i: int | None = None,
    n: int | None = None,
    *,
    to: str | os.PathLike[str],
    draws: int | None = None,
    seed: int | None = None,
    format: Rows = "parquet",
    trajectories: bool = False,
    model_error: bool = True,
    charts: bool = True,
    threads: int = 1,
) -> Path:
    """Runs the `i`-th, from 1, of `n` slices of a sweep into a folder below `to`; `jianpai.merge`
    joins them.

    In a job array of Slurm both numbers are known: the place of ``SLURM_ARRAY_TASK_ID`` between
    ``SLURM_ARRAY_TASK_MIN`` and ``SLURM_ARRAY_TASK_MAX``. A slice that is there is not run again.
    """
    if i is None or n is None:
        i, n = _array()
    whole = order(
        scenario,
        n,
        draws=draws,
        seed=seed,
        format=format,
        trajectories=trajectories,
        model_error=model_error,
        charts=charts,
    )
    return run(whole, i, whole.folder(Path(to)), threads)


def merge(
    scenario: Scenario,
    n: int,
    *,
    to: str | os.PathLike[str],
    draws: int | None = None,
    seed: int | None = None,
    format: Rows = "parquet",
    trajectories: bool = False,
    model_error: bool = True,
    charts: bool = True,
    threads: int | None = None,
) -> Swept:
    """Joins the `n` slices that `jianpai.shard` put below `to` with the same words: the bytes
    of one run."""
    whole = order(
        scenario,
        n,
        draws=draws,
        seed=seed,
        format=format,
        trajectories=trajectories,
        model_error=model_error,
        charts=charts,
    )
    return join(whole, whole.folder(Path(to)), Path(to), threads)


def _array() -> tuple[int, int]:
    """Which slice this task of a job array is, and of how many."""
    names = [f"SLURM_ARRAY_TASK_{name}" for name in ("ID", "MIN", "MAX")]
    found = [os.environ.get(name, "") for name in names]
    step = os.environ.get("SLURM_ARRAY_TASK_STEP", "1")
    if not all(text.isdecimal() for text in [*found, step]) or int(step) != 1:
        raise ValueError(
            say(
                "须给出 i 与 n；只有在步长为 1 的 Slurm 作业数组（sbatch --array=1-N）中可以省略",
                "i and n are wanted: they are known only in an array of Slurm of step 1 (sbatch --array=1-N)",
            )
        )
    own, first, last = map(int, found)
    return own - first + 1, last - first + 1

"""Sweeps on a cluster give what one machine gives, whatever becomes of its workers."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

import jianpai as jp

pytest.importorskip("distributed")
import distributed

import jianpai.dask as on_dask
from jianpai import _shards, _texts

SWEPT = "sweeps/shaanxi-14fyp"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster, distributed.Client(cluster) as client:
        yield client


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def kill_one(client: Any) -> int:
    """Kills a worker; its process."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    pids = client.run(os.getpid)
    victim = pids[next(iter(workers))]
    os.kill(victim, signal.SIGKILL)
    return int(victim)


def test_what_is_sent_is_small() -> None:
    for name in [SWEPT, "sweeps/national-13fyp", "plans/hebei-air-2025"]:
        sc = jp.builtin(name)
        order = _shards.Order(_texts.Texts.of(sc), 4, 1000, 7)
        assert len(pickle.dumps(order)) <= 200_000
        assert pickle.loads(pickle.dumps(order)).digest == order.digest


@pytest.mark.skipif(os.name == "nt", reason="processes end otherwise there")
def test_a_killed_worker_changes_no_byte(client: Any, tmp_path: Path) -> None:
    sc = jp.load(ROOT / "scenarios" / f"{SWEPT}.toml")
    one = sc.sweep(draws=100_000, seed=7, to=tmp_path / "one")
    killed: list[int] = []

    def told(done: int, of: int) -> None:
        # In mid-run: one slice is there, the others are being made.
        if done == 1 and not killed:
            killed.append(kill_one(client))

    swept = on_dask.sweep(
        sc, 100_000, 7, client=client, to=tmp_path / "many", block=17_000, progress=told
    )
    assert killed and killed[0] not in client.run(os.getpid).values()
    assert content(swept.folder) == content(Path(one.folder or ""))
    assert "draws.parquet" in content(swept.folder)
    assert swept.document == json.loads(one.json())
    # Nothing is left beside it.
    assert [p.name for p in (tmp_path / "many").iterdir()] == [swept.folder.name]


@pytest.mark.skipif(os.name == "nt", reason="processes end otherwise there")
def test_totals_of_workers_are_those_of_one_process(client: Any) -> None:
    """More draws than quantiles are exact for; a worker is killed in mid-run."""
    sc = jp.builtin(SWEPT)
    killed: list[int] = []

    def told(done: int, of: int) -> None:
        if done == 2 and not killed:
            killed.append(kill_one(client))

    swept = on_dask.sweep(sc, 400_000, 7, client=client, block=30_000, progress=told)
    one = sc.sweep(draws=400_000, seed=7)
    assert killed and isinstance(swept, jp.Sweep) and swept.draws == 400_000
    assert swept.json() == one.json()
    for name, table in one.tables.items():
        assert swept.tables[name].to_csv() == table.to_csv(), name
    assert swept.figures == one.figures
    for name in one.figures:
        assert swept.figure(name).svg == one.figure(name).svg, name


def test_a_plan_is_added_up_as_well(client: Any, tmp_path: Path) -> None:
    inputs = {"boilers": jp.level("boilers-le35", 0.4, 1.0), "gdp": jp.growth("gdp", -0.01, 0.01)}
    sc = jp.builtin("shaanxi-14fyp-planned")
    plan = sc.compile(inputs, draws=9000, seed=3, trajectories=True)
    wanted = plan.sweep().json()
    assert on_dask.sweep(plan, client=client, block=2000).json() == wanted
    assert on_dask.sweep(sc, 9000, 3, inputs=inputs, trajectories=True, client=client).json() == wanted
    # The seed is the call's, and no model's error is drawn where none is wanted.
    assert on_dask.sweep(plan, seed=4, client=client, block=2000).json() == plan.sweep(seed=4).json()
    bare = sc.compile(inputs, draws=9000, model_error=False)
    assert on_dask.sweep(bare, client=client, block=4000).json() == bare.sweep().json()
    with pytest.raises(TypeError, match="compile"):
        on_dask.sweep(plan, 10, client=client)
    with pytest.raises(TypeError, match="compile"):
        on_dask.sweep(plan, model_error=False, client=client)
    anything: Any = plan
    with pytest.raises(TypeError, match="set"):
        on_dask.sweep(anything, client=client, to=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_parts_are_whole_or_refused() -> None:
    plan = jp.builtin(SWEPT).compile(draws=40_000, seed=7)
    own = [plan.part(i, 3) for i in (1, 2, 3)]
    # In any order.
    assert plan.join(own[::-1]).json() == plan.sweep().json()
    with pytest.raises(jp.ScenarioError, match="from draw"):
        plan.join(own[:2])
    with pytest.raises(jp.ScenarioError, match="from draw"):
        plan.join([*own, own[0]])
    with pytest.raises(jp.ScenarioError, match="another sweep"):
        plan.join([*own[:2], plan.part(3, 3, seed=8)])
    with pytest.raises(jp.ScenarioError, match=r"part 2: .*damaged"):
        plan.join([own[0], own[1][:-1], own[2]])
    with pytest.raises(jp.ScenarioError, match="damaged"):
        plan.join([*own[:2], b""])
    for i, n in [(0, 3), (4, 3)]:
        with pytest.raises(ValueError, match="1 to 3"):
            plan.part(i, n)


def test_a_killed_worker_leaves_no_process_behind(tmp_path: Path) -> None:
    """The command ends when whoever started it does."""
    import subprocess
    import sys
    import time

    sc = jp.builtin(SWEPT)
    here, path = _texts.Texts.of(sc).laid_out(tmp_path)
    args = ["sweep", path, "--draws", "2000000000", "--format", "none", "--out", str(tmp_path / "out")]
    work = subprocess.Popen(
        [sys.executable, "-m", "jianpai._alone", *args, "--progress", "json"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=here,
    )
    assert work.stderr is not None and work.stdin is not None
    work.stderr.readline()
    assert work.poll() is None
    work.stdin.close()
    started = time.monotonic()
    work.wait(30)
    assert time.monotonic() - started < 10
    work.stderr.close()


def test_a_poisoned_block_fails_alone_and_is_gone_on_with(client: Any, tmp_path: Path) -> None:
    sc = jp.builtin(SWEPT).set(id="mine", measures={"rail": {"level": "80 %"}})
    order = _shards.order(sc, 3, draws=40_000, seed=3)
    folder = order.folder(tmp_path)
    folder.mkdir(parents=True)
    poison = folder / "slice-00002"
    poison.write_text("in the way")
    with pytest.raises(on_dask.BlocksError, match="slice 2 of 3") as found:
        on_dask.sweep(sc, 40_000, 3, client=client, to=tmp_path, block=14_000)
    assert list(found.value.failed) == ["slice 2 of 3"]
    again = pickle.loads(pickle.dumps(found.value))
    assert (str(again), again.failed) == (str(found.value), found.value.failed)
    done = [folder / f"slice-0000{i}" / "done" for i in (1, 3)]
    before = [p.stat().st_mtime_ns for p in done]
    poison.unlink()
    swept = on_dask.sweep(sc, 40_000, 3, client=client, to=tmp_path, block=14_000, keep=True)
    # What was there was not run again.
    assert [p.stat().st_mtime_ns for p in done] == before
    one = sc.sweep(draws=40_000, seed=3, to=tmp_path / "one")
    ours, theirs = content(swept.folder), content(Path(one.folder or ""))
    assert ours.keys() == theirs.keys()
    # What was set was laid out as a file: the manifest alone says so.
    assert {name for name in ours if ours[name] != theirs[name]} == {"manifest.json"}
    assert swept.document == json.loads(one.json())


def test_workers_of_another_version_are_refused(client: Any, tmp_path: Path) -> None:
    order = _shards.order(jp.builtin(SWEPT), 1, draws=100)
    for other, said in [
        (replace(order.texts, version="9.9.9"), ("9.9.9", jp.__version__)),
        (replace(order.texts, data="abcdef"), ("abcdef", jp.data_hash())),
    ]:
        work = client.submit(_shards.run, replace(order, texts=other), 1, tmp_path / "none", pure=False)
        with pytest.raises(jp.ScenarioError) as found:
            work.result()
        assert all(one in str(found.value) for one in said)
        with pytest.raises(jp.ScenarioError):
            _shards.join(replace(order, texts=other), tmp_path, tmp_path)
    assert not (tmp_path / "none").exists()


def test_what_is_wrong_is_told_at_once(client: Any, tmp_path: Path) -> None:
    sc = jp.builtin(SWEPT)
    with pytest.raises(ValueError, match="at least 1"):
        on_dask.sweep(sc, 100, client=client, to=tmp_path, block=0)
    with pytest.raises(jp.ScenarioError):
        on_dask.sweep(jp.builtin("plans/hebei-air-2025"), 100, client=client, to=tmp_path)
    with pytest.raises(TypeError, match="Client"):
        on_dask.sweep(sc, 100, client="tcp://here", to=tmp_path)
    with pytest.raises(ValueError, match="100"):
        on_dask.blocks(sc.compile(draws=100), 101, client=client)
    with pytest.raises(jp.ScenarioError, match="lacks slices 1, 2 of 2"):
        jp.merge(sc, 2, to=tmp_path, draws=100)
    with pytest.raises(ValueError, match="slice 3"):
        jp.shard(sc, 3, 2, to=tmp_path, draws=100)
    assert list(tmp_path.iterdir()) == []


def test_a_job_array_is_one_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sc = jp.builtin(SWEPT)
    with pytest.raises(ValueError, match="--array"):
        jp.shard(sc, to=tmp_path)
    monkeypatch.setenv("SLURM_ARRAY_TASK_MIN", "5")
    monkeypatch.setenv("SLURM_ARRAY_TASK_MAX", "6")
    # In any order.
    for task in ["6", "5"]:
        monkeypatch.setenv("SLURM_ARRAY_TASK_ID", task)
        jp.shard(sc, to=tmp_path, draws=20_000, seed=9, format="csv")
    swept = jp.merge(sc, 2, to=tmp_path, draws=20_000, seed=9, format="csv")
    one = sc.sweep(draws=20_000, seed=9, to=tmp_path / "one", format="csv")
    assert content(swept.folder) == content(Path(one.folder or ""))


def share(block: jp.Block) -> tuple[int, float]:
    return block.start, float(np.nansum(block.outputs[:, 0]))


@pytest.mark.skipif(os.name == "nt", reason="processes end otherwise there")
def test_blocks_of_arrays_are_those_of_one_process(client: Any) -> None:
    plan = jp.builtin(SWEPT).compile(draws=60_000)
    wanted = plan.block(0, 60_000, seed=11)
    timer = threading.Timer(0.2, kill_one, [client])
    timer.start()
    parts = on_dask.blocks(plan, seed=11, client=client, block=7000)
    timer.join()
    found = on_dask.joined(parts)
    assert found.start == 0 and len(parts) == 9
    assert found.inputs.tobytes() == np.ascontiguousarray(wanted.inputs).tobytes()
    assert found.outputs.tobytes() == np.ascontiguousarray(wanted.outputs).tobytes()
    # What a block becomes comes in the order of the blocks.
    sums = on_dask.blocks(plan, 20_000, 11, client=client, block=7000, then=share)
    cut = [plan.block(a, min(a + 7000, 20_000), seed=11) for a in (0, 7000, 14_000)]
    assert sums == [share(one) for one in cut]


def bad(block: jp.Block) -> int:
    if block.start == 2000:
        raise RuntimeError("no such luck")
    return block.start


def test_a_function_that_fails_is_named_by_its_draws(client: Any) -> None:
    plan = jp.builtin(SWEPT).compile(draws=5000)
    with pytest.raises(on_dask.BlocksError, match="no such luck") as found:
        on_dask.blocks(plan, client=client, block=1000, then=bad)
    assert found.value.failed == {"draws 2000 to 3000": "no such luck"}


def test_regions_are_blocks(client: Any) -> None:
    sc = jp.load(ROOT / "scenarios" / "provinces.toml")
    names = ["hebei", "guangdong", "shaanxi"]
    found = on_dask.regions(sc, names, client=client)
    assert list(found) == names
    for name in names:
        here = jp.load(ROOT / "scenarios" / "provinces.toml", region=name).run()
        assert found[name].document == here.json()
        assert found[name].region == name
    with pytest.raises(on_dask.BlocksError) as wrong:
        on_dask.regions(sc, ["hebei", "hebbei"], client=client)
    assert list(wrong.value.failed) == ["hebbei"]
    # Scenarios by themselves, swept.
    own = jp.builtin(SWEPT)
    swept = on_dask.regions(None, [own], draws=2000, seed=5, client=client)
    assert swept[own.id].document == own.sweep(draws=2000, seed=5, charts=False).json()


def test_ray_runs_the_same_function() -> None:
    ray = pytest.importorskip("ray")
    plan = jp.builtin(SWEPT).compile(draws=2000)
    ray.init(num_cpus=1)
    try:
        found = ray.get(ray.remote(on_dask.evaluate).remote(plan, 1000, 2000, 3))
    finally:
        ray.shutdown()
    assert found.outputs.tobytes() == plan.block(1000, 2000, seed=3).outputs.tobytes()


def test_only_slices_are_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "slices-0"
    for own in ("slice-00001", "growing-1-x"):
        (folder / own).mkdir(parents=True)
        (folder / own / "rows").write_text("1")
    (folder / _shards.MARK).write_text("x")
    mine = folder / "notes.txt"
    mine.write_text("mine")
    _shards.clear(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"] and mine.read_text() == "mine"
    mine.unlink()
    _shards.clear(folder)
    assert not folder.exists()

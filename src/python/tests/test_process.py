"""Pickles, forks, interrupts, and the command line."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

import jianpai as jp

SWEPT = "sweeps/shaanxi-14fyp"


def test_a_scenario_and_a_plan_survive_a_pickle(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = (ROOT / "scenarios" / "shaanxi-15fyp-planned.toml").read_text(encoding="utf-8")
    text = text.replace('extends = "base/', f'extends = "{ROOT}/scenarios/base/')
    file.write_text(text, encoding="utf-8")
    sc = jp.load(file)
    sc = sc.set(measures={sc.measures[-1]: {"level": "70 %"}})
    pl = sc.compile(inputs={"a": jp.level(sc.measures[0], 0.1, 1)}, draws=64, seed=5)
    wanted = (sc.run().json(), pl.block(0, 64).outputs.tobytes())
    state = pickle.dumps(sc), pickle.dumps(pl)
    assert all(len(one) <= 200_000 for one in state)
    # What becomes of the file is nothing to them.
    file.unlink()
    again, plan = pickle.loads(state[0]), pickle.loads(state[1])
    assert (again.run().json(), plan.block(0, 64).outputs.tobytes()) == wanted
    assert (again.id, plan.id, plan.seed) == (sc.id, pl.id, 5)
    # Once more, and set anew.
    twice = pickle.loads(pickle.dumps(again))
    assert twice.run().json() == wanted[0]
    assert twice.set(growth={"gdp": "5 %"}).run().json() == sc.set(growth={"gdp": "5 %"}).run().json()


def test_pickles_of_others_are_refused() -> None:
    sc = jp.builtin(SWEPT)
    restore, state = sc.__reduce__()
    other = ("9.9.9", *state[1:])
    with pytest.raises(jp.ScenarioError, match=r"9\.9\.9") as found:
        restore(*other)
    assert jp.__version__ in str(found.value)
    with pytest.raises(jp.ScenarioError, match="abcdef") as found:
        restore(state[0], "abcdef", *state[2:])
    assert jp.data_hash() in str(found.value)
    restore, (own, *rest) = sc.compile(draws=10).__reduce__()
    with pytest.raises(jp.ScenarioError, match=r"9\.9\.9"):
        restore(("9.9.9", *own[1:]), *rest)


def test_results_say_how_to_keep_them() -> None:
    sc = jp.builtin(SWEPT)
    with pytest.raises(TypeError, match="scenario"):
        pickle.dumps(sc.run())
    with pytest.raises(TypeError, match="to="):
        pickle.dumps(sc.sweep(draws=10, charts=False))


def test_errors_survive_a_pickle() -> None:
    with pytest.raises(jp.ScenarioError) as found:
        jp.builtin(SWEPT).set(growth={"gpd": "5 %"})
    again = pickle.loads(pickle.dumps(found.value))
    assert str(again) == str(found.value)
    assert again.diagnostics == found.value.diagnostics


def block(args: tuple[jp.Plan, int]) -> bytes:
    plan, start = args
    return plan.block(start, start + 5000, seed=11).outputs.tobytes()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_threads_before_a_fork_do_no_harm() -> None:
    plan = jp.builtin(SWEPT).compile(draws=40_000)
    starts = [0, 5000, 10_000, 35_000]
    # The pool has its threads before the fork.
    here = [block((plan, start)) for start in starts]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        there = pool.map_async(block, [(plan, start) for start in starts]).get(120)
    assert here == there
    assert [block((plan, start)) for start in starts] == here


def test_spawned_processes_compile_it_again() -> None:
    plan = jp.builtin(SWEPT).compile(draws=10_000)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(block, [(plan, 0)]) == [block((plan, 0))]


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
def test_an_interrupt_stops_a_sweep() -> None:
    sc = jp.builtin(SWEPT)
    began = threading.Event()
    sent: list[float] = []

    def interrupt() -> None:
        began.wait(60)
        time.sleep(0.1)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        sc.sweep(draws=2_000_000_000, charts=False, progress=lambda done, of: began.set())
    assert time.monotonic() - sent[0] < 0.1
    # And the next one runs.
    assert sc.sweep(draws=1000, charts=False).draws == 1000


def test_progress_is_told_in_order_and_may_stop_it() -> None:
    sc = jp.builtin(SWEPT)
    told: list[tuple[int, int]] = []
    sc.sweep(draws=300_000, charts=False, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (300_000, 300_000)
    assert told == sorted(told)

    def enough(done: int, of: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        sc.sweep(draws=2_000_000_000, charts=False, progress=enough)
    with pytest.raises(TypeError, match="progress"):
        sc.sweep(draws=10, progress=3)  # type: ignore[arg-type]


def test_a_bar_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    jp.builtin(SWEPT).sweep(draws=1000, charts=False, progress=True)
    said = capsys.readouterr().err
    assert "1,000/1,000" in said or "1.00k" in said


def run(*args: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "jianpai", *args], capture_output=True, check=False)


def test_the_command_line_is_there(tmp_path: Path) -> None:
    assert run("--version").stdout.decode().split() == ["jianpai", jp.__version__]
    assert run("no-such-command").returncode == 2
    assert run("check", str(tmp_path / "none.toml")).returncode == 2
    script = Path(sys.executable).with_name("jianpai")
    if script.exists():
        said = subprocess.run([script, "--version"], capture_output=True, check=True)
        assert said.stdout == run("--version").stdout


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
def test_a_closed_pipe_changes_no_code() -> None:
    line = f"{sys.executable} -m jianpai list sources --csv; echo $? >&2"
    done = subprocess.run(f"({line}) | head -1", shell=True, capture_output=True, check=False)
    assert done.stderr.decode().strip() == "0"
    assert done.stdout.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
def test_an_interrupt_ends_the_command(tmp_path: Path) -> None:
    args = ["sweep", str(ROOT / "scenarios" / f"{SWEPT}.toml"), "--draws", "2000000000"]
    args += ["--format", "none", "--out", str(tmp_path), "--progress", "json"]
    work = subprocess.Popen(
        [sys.executable, "-m", "jianpai", "--lang", "en", *args], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert work.stderr is not None
    work.stderr.readline()
    work.send_signal(signal.SIGINT)
    _, said = work.communicate(timeout=30)
    assert work.returncode == 130
    assert b"--resume" in said


def test_importing_is_quick() -> None:
    code = "import time, numpy; t = time.perf_counter(); import jianpai; print(time.perf_counter() - t)"
    times = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3)]
    assert min(times) < 0.1, times


def test_one_row_is_quick() -> None:
    plan = jp.builtin(SWEPT).compile()
    row = plan.block(0, 1).inputs[0].copy()
    times = []
    for _ in range(20):
        started = time.perf_counter()
        for _ in range(200):
            plan(row)
        times.append((time.perf_counter() - started) / 200)
    # Ten microseconds on a quiet machine; a busy one gets three times that.
    assert min(times) < 30e-6, f"{min(times) * 1e6:.1f} µs"
    assert np.isfinite(plan(row)[-1])

"""What others make of our results is what they are: tried with the real packages."""

from __future__ import annotations

import csv
import json
import math
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, command

import jianpai as jp
from jianpai import frames, salib
from jianpai._texts import Texts
from jianpai._texts import command as run_alone

SWEPT = "sweeps/shaanxi-14fyp"


def test_polars_has_what_the_table_has() -> None:
    polars = pytest.importorskip("polars")
    pandas = pytest.importorskip("pandas")
    run = jp.builtin("shaanxi-14fyp-planned").run()
    for table in [run.targets, run.trajectory, *run.tables.values()]:
        found = frames.to_polars(table)
        assert isinstance(found, polars.DataFrame)
        assert found.columns == table.columns and len(found) == len(table)
        other = frames.to_pandas(table)
        for name in table.columns:
            for ours, theirs in zip(found[name].to_list(), other[name].tolist(), strict=True):
                if ours is None:
                    assert pandas.isna(theirs)
                else:
                    assert ours == theirs


def test_a_block_is_a_frame() -> None:
    pytest.importorskip("pandas")
    plan = jp.builtin(SWEPT).compile(draws=500)
    frame = frames.block_to_pandas(plan, plan.block(100, 200))
    assert list(frame.index) == list(range(100, 200))
    assert frame.attrs["units"]["NOx@2025"] == "t"
    assert frame["NOx@2025"].to_numpy().tobytes() == plan.block(100, 200).outputs[
        :, plan.block_names.index("NOx@2025")
    ].tobytes()


def files_of_a_run(scenario: jp.Scenario, work: Path) -> dict[str, bytes]:
    """What the command writes of a scenario, from its texts."""
    texts = Texts.of(scenario)
    here, path = texts.laid_out(work / "texts")
    region = [] if texts.region is None else ["--region", texts.region]
    run_alone(["run", path, *region, "--out", str(work / "results")], here)
    [folder] = (work / "results").iterdir()
    return {name: (folder / name).read_bytes() for name in ("trajectory.csv", "meta.csv")}


def test_a_run_has_the_files_of_the_command(tmp_path: Path) -> None:
    sc = jp.builtin("shaanxi-14fyp-planned")
    for number, one in enumerate(
        [
            sc,
            jp.load(ROOT / "scenarios" / "shaanxi-15fyp-planned.toml"),
            sc.set(id="less", measures={sc.measures[-1]: {"level": "50 %"}}),
            jp.builtin("sweeps/provinces", region="hebei"),
            jp.scenario({"scenario": {"extends": "base/current-policy-14fyp.toml"}}, id="own"),
        ]
    ):
        for lang in ("en", "zh"):
            jp.set_language(lang)
            assert one.run().iamc() == files_of_a_run(one, tmp_path / f"{number}-{lang}")


def test_pyam_has_the_files_of_a_run(tmp_path: Path) -> None:
    pyam = pytest.importorskip("pyam")
    pandas = pytest.importorskip("pandas")
    path = ROOT / "scenarios" / "shaanxi-14fyp-planned.toml"
    said = command("run", str(path), "--out", str(tmp_path))
    assert said.returncode == 0, said.stderr
    folder = tmp_path / "shaanxi-14fyp-planned"
    with open(folder / "trajectory.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sc = jp.load(path)
    found = sc.to_pyam()
    wanted = {(r["scenario"], r["region"], r["variable"], r["unit"], int(r["year"])): float(r["value"]) for r in rows}
    data = found.data
    ours = dict(
        zip(
            zip(data["scenario"], data["region"], data["variable"], data["unit"], data["year"], strict=True),
            data["value"],
            strict=True,
        )
    )
    assert ours == wanted
    assert set(found.scenario) == {sc.id, f"{sc.id}-no-measures", f"{sc.id}-current-policy"}
    assert set(found.meta["region_id"]) == {"shaanxi"}
    # The frame that the files make, and that a run makes, to the bit.
    meta = pandas.read_csv(folder / "meta.csv").set_index(["model", "scenario"])
    rows = pandas.read_csv(folder / "trajectory.csv", float_precision="round_trip")
    other = pyam.IamDataFrame(rows, meta=meta.dropna(axis="columns", how="all"))
    for one in (found, sc.run().to_pyam(), frames.to_pyam(sc.run())):
        pandas.testing.assert_frame_equal(one.data, other.data, check_exact=True)
        pandas.testing.assert_frame_equal(one.meta, other.meta)
    # Parts add up to their wholes as pyam sees them.
    own = found.filter(scenario=sc.id)
    for variable in ["Emissions|NOx", "Emissions|Sulfur", "Emissions|VOC", "Emissions|CO2"]:
        if variable in own.variable:
            wrong = own.check_aggregate(variable)
            assert wrong is None or len(wrong) == 0, wrong


def test_pyam_knows_what_was_set() -> None:
    pytest.importorskip("pyam")
    sc = jp.builtin("shaanxi-14fyp-planned")
    less = sc.set(id="less", measures={sc.measures[-1]: {"level": "50 %"}})
    found = frames.to_pyam(sc, less.run())
    assert {"less", sc.id} <= set(found.scenario)
    with pytest.raises(ValueError, match="no scenarios"):
        frames.to_pyam()


def test_xarray_has_draws_regions_indicators_and_years() -> None:
    pytest.importorskip("xarray")
    plans = {
        region: jp.builtin("sweeps/provinces", region=region).compile(draws=64, trajectories=True)
        for region in ["hebei", "guangdong"]
    }
    found = frames.to_xarray(plans, 8, 40)
    assert found["value"].dims == ("draw", "region", "indicator", "year")
    for region, plan in plans.items():
        block = plan.block(8, 40)
        for i, one in enumerate(plan.block_outputs):
            indicator, _, year = one.name.rpartition("@")
            column = block.outputs[:, i]
            if indicator and year.isdecimal() and ":" not in indicator:
                ours = found["value"].sel(region=region, indicator=indicator, year=int(year))
                assert str(found["unit"].sel(indicator=indicator).item()) == one.unit
            else:
                ours = found[one.name].sel(region=region)
            np.testing.assert_array_equal(ours.to_numpy(), column)
        for i, one in enumerate(plan.inputs):
            ours = found[f"input:{one.name}"].sel(region=region)
            np.testing.assert_array_equal(ours.to_numpy(), block.inputs[:, i])
    assert list(found["draw"].to_numpy()) == list(range(8, 40))
    assert len(found["year"]) > 1
    alone = frames.to_xarray(plans["hebei"], 8, 40)
    np.testing.assert_array_equal(alone["value"][:, 0], found["value"].sel(region="hebei"))


def test_a_sweep_is_a_dataset_as_its_plan_is() -> None:
    xarray = pytest.importorskip("xarray")
    sc = jp.builtin(SWEPT)
    plan, sweep = sc.compile(draws=300), sc.sweep(draws=300, seed=5, charts=False)
    own = plan.sweep(seed=5, charts=False)
    wanted = plan.to_xarray(10, 290, seed=5)
    found = [sweep.to_xarray(10, 290), own.to_xarray(10, 290), frames.to_xarray({sc.id: sweep}, 10, 290, 5)]
    for one in found:
        xarray.testing.assert_identical(one, wanted)
    assert sweep.to_xarray().sizes["draw"] == 300
    with pytest.raises(ValueError, match="seed 5"):
        frames.to_xarray(sweep, seed=6)
    assert [one.name for one in (*sweep.inputs, *sweep.outputs)] == sweep.columns
    for ours, theirs in [(sweep.inputs, plan.inputs), (sweep.outputs, plan.block_outputs)]:
        assert [repr(one) for one in ours] == [repr(one) for one in theirs]
        assert [one.label for one in ours] == [one.label for one in theirs]


def saltelli() -> jp.Plan:
    """A plan of which every input is drawn evenly."""
    sc = jp.builtin("shaanxi-14fyp-planned")
    inputs = {f"m{i}": jp.level(measure, 0.2, 1.0) for i, measure in enumerate(sc.measures[-5:])}
    return sc.compile(inputs=inputs, design="saltelli", draws=7 * 512, seed=3, model_error=False)


def test_sobol_indices_are_those_of_salib() -> None:
    """The same draws: indices of both estimators to nine digits."""
    pytest.importorskip("SALib")
    from SALib.analyze import sobol

    plan = saltelli()
    problem = salib.problem(plan)
    outputs = salib.columns(plan)
    sensitivity = plan.sweep(charts=False).sensitivity
    listed = list(
        zip(
            sensitivity["output"], sensitivity["input"], sensitivity["first"], sensitivity["total"], strict=True
        )
    )
    compared = 0
    for output in dict.fromkeys(sensitivity["output"]):
        if output not in outputs or np.ptp(outputs[output]) == 0:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = sobol.analyze(problem, outputs[output], calc_second_order=False, num_resamples=2, seed=1)
        for own, name, first, total in listed:
            if own != output or math.isnan(first):
                continue
            at = problem["names"].index(name)
            assert math.isclose(first, found["S1"][at], rel_tol=1e-9, abs_tol=1e-9)
            assert math.isclose(total, found["ST"][at], rel_tol=1e-9, abs_tol=1e-9)
            compared += 1
    assert compared >= 10


def test_salib_samples_what_a_plan_takes() -> None:
    pytest.importorskip("SALib")
    from SALib.sample import sobol as sample

    plan = saltelli()
    x = sample.sample(salib.problem(plan), 64, calc_second_order=False, seed=1)
    y = plan(x)
    assert y.shape == (64 * 7, len(plan.output_names))
    assert np.isfinite(y[:, 0]).all()
    drawn = jp.builtin(SWEPT).compile(draws=10)
    with pytest.raises(ValueError, match="latin-hypercube"):
        salib.columns(drawn)
    assert plan.salib_problem() == salib.problem(plan)


def numbers(frame: Any, names: list[str]) -> np.ndarray:
    return np.array(frame[names].to_numpy(dtype=float))


@pytest.mark.filterwarnings("ignore:.*ipyparallel.*")
def test_the_workbench_gives_the_same_one_by_one() -> None:
    pytest.importorskip("ema_workbench")
    import logging

    from ema_workbench import SequentialEvaluator
    from ema_workbench.em_framework import samplers

    from jianpai import ema

    logging.getLogger("EMA").setLevel(logging.ERROR)
    plan = jp.builtin(SWEPT).compile(draws=100)
    model = ema.model(plan, levers=["boilers", "rail"], outcomes=["NOx@2025", "COD@2025", "all_met"])
    worlds = samplers.sample_uncertainties(model, 40)
    worlds = list(worlds)
    plans = list(samplers.sample_levers(model, 3))
    started = time.perf_counter()
    with SequentialEvaluator(model) as evaluator:
        theirs, wanted = evaluator.perform_experiments(scenarios=worlds, policies=plans, log_progress=True)
    slow = (time.perf_counter() - started) / 120
    ours, found = ema.perform(model, worlds, plans)
    assert list(ours.columns) == list(theirs.columns)
    names = [one for one in ours.columns if one not in ("scenario", "policy", "model")]
    assert len(names) == 12
    np.testing.assert_array_equal(numbers(ours, names), numbers(theirs, names))
    for label in ["scenario", "policy", "model"]:
        assert list(ours[label].astype(str)) == list(theirs[label].astype(str))
    assert list(found) == list(wanted) == ["NOx_2025", "COD_2025", "all_met"]
    for name, column in found.items():
        np.testing.assert_array_equal(column, wanted[name])
    # At once it is much quicker, samples and frame included.
    started = time.perf_counter()
    ema.perform(model, 20_000, 2)
    quick = (time.perf_counter() - started) / 40_000
    print(f"one by one {slow * 1e6:.0f} µs, at once {quick * 1e6:.2f} µs: {slow / quick:.0f} times")
    assert slow / quick > 10


@pytest.mark.filterwarnings("ignore:.*ipyparallel.*")
def test_what_the_workbench_cannot_have_is_refused() -> None:
    pytest.importorskip("ema_workbench")
    from jianpai import ema

    plan = jp.builtin(SWEPT).compile(draws=100)
    with pytest.raises(ValueError, match="`boilers` meant"):
        ema.model(plan, levers=["boiler"])
    with pytest.raises(ValueError, match="`NOx@2025` meant"):
        ema.model(plan, outcomes=["NOx@2026"])
    with pytest.raises(TypeError, match=r"jianpai\.ema\.model"):
        ema.perform(plan, 3)


@pytest.mark.filterwarnings("ignore:.*ipyparallel.*")
def test_prim_of_the_workbench_takes_a_sweep() -> None:
    pytest.importorskip("ema_workbench")
    from ema_workbench.analysis import prim

    from jianpai import ema

    sweep = jp.builtin(SWEPT).sweep(draws=2000, seed=7, charts=False)
    cases, outcomes = ema.experiments(sweep)
    assert len(cases) == 2000 and list(cases.columns) == sweep.columns[:12]
    met = outcomes["all_met"] if outcomes["all_met"].mean() not in (0.0, 1.0) else outcomes["met:nox"]
    box = prim.Prim(cases, met > 0.5, threshold=0.1).find_box()
    last = box.peeling_trajectory.iloc[-1]
    assert last["density"] >= met.mean()


def test_scipy_finds_the_least_effort() -> None:
    """The least common level with which NOx comes down to a limit, by two ways."""
    optimize = pytest.importorskip("scipy.optimize")
    sc = jp.builtin("shaanxi-14fyp-planned")
    measures = ["steel-ule", "cement-ule", "coke-ule", "old-trucks", "machines-new"]
    plan = sc.compile(inputs={one: jp.level(one, 0.0, 1.0) for one in measures}).only(["NOx@2025"])
    none, all_ = plan(np.zeros(5))[0], plan(np.ones(5))[0]
    assert all_ < none
    limit = (none + all_) / 2
    root = optimize.brentq(lambda level: plan(np.full(5, level))[0] - limit, 0.0, 1.0, xtol=1e-12)
    # Affine in the levels: the slopes say the rest.
    slopes = np.array([plan(row)[0] - none for row in np.eye(5)])
    assert math.isclose(root, (limit - none) / slopes.sum(), rel_tol=1e-6)
    found = optimize.linprog(np.ones(5), A_ub=[slopes], b_ub=[limit - none], bounds=[(0, 1)] * 5)
    assert found.success and plan(found.x)[0] <= limit + 1e-6 * abs(limit)
    assert found.x.sum() <= 5 * root + 1e-9


def test_optuna_searches_a_plan() -> None:
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    plan = jp.builtin(SWEPT).compile(draws=10).only(["NOx@2025"])

    def goal(trial: Any) -> float:
        row = [trial.suggest_float(one.name, one.low, one.high) for one in plan.inputs]
        return float(plan(np.array(row))[0])

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(goal, n_trials=30)
    best = np.array([study.best_params[name] for name in plan.input_names])
    assert study.best_value == plan(best)[0]
    assert study.best_value <= np.median([trial.value for trial in study.trials])


def test_documents_are_json() -> None:
    """What is handed on as text is what the command prints."""
    assert json.loads(jp.builtin(SWEPT).sweep(draws=100, charts=False).json())

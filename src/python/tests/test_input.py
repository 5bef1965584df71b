"""What is wrong is said, and what is unusual is taken."""

from __future__ import annotations

import json
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest

import jianpai as jp
from jianpai import _inputs


@pytest.fixture(scope="module")
def plan() -> jp.Plan:
    sc = jp.builtin("shaanxi-15fyp-planned")
    first, second = sc.measures[-2:]
    return sc.compile(
        inputs={
            "a": jp.level(first, 0.4, 1.0),
            "b": jp.level(second, 0.2, 1.0),
            "gdp": jp.growth("gdp", -0.01, 0.01),
        }
    )


@pytest.fixture(scope="module")
def x(plan: jp.Plan) -> np.ndarray:
    return plan.block(0, 700).inputs


def test_layouts_change_nothing(plan: jp.Plan, x: np.ndarray) -> None:
    y = plan(x)
    assert y.shape == (700, len(plan.outputs))
    assert plan(np.ascontiguousarray(x)).tobytes() == y.tobytes()
    assert plan(np.asfortranarray(x)).tobytes() == y.tobytes()
    back = x[::-1, ::-1].copy()[::-1, ::-1]
    assert back.strides[0] < 0
    assert plan(back).tobytes() == y.tobytes()
    wide = np.zeros((700, 6))
    wide[:, ::2] = x
    assert plan(wide[:, ::2]).tobytes() == y.tobytes()
    buffer = np.frombuffer(b"x" + np.ascontiguousarray(x).tobytes(), dtype="f8", offset=1)
    assert not buffer.flags.aligned
    assert plan(buffer.reshape(x.shape)).tobytes() == y.tobytes()
    assert plan(x.astype(">f8")).tobytes() == y.tobytes()
    assert plan(x.tolist()).tobytes() == y.tobytes()


def test_one_row_is_a_row(plan: jp.Plan, x: np.ndarray) -> None:
    y = plan(x)
    for i in [0, 1, 255, 256, 699]:
        one = plan(x[i])
        assert one.shape == (len(plan.outputs),)
        assert one.tobytes() == y[i].tobytes()
        assert plan(list(x[i])).tobytes() == one.tobytes()


def test_no_rows_give_no_rows(plan: jp.Plan) -> None:
    assert plan(np.zeros((0, 3))).shape == (0, len(plan.outputs))


def test_names_choose_columns(plan: jp.Plan, x: np.ndarray) -> None:
    y = plan(x)
    frame = pd.DataFrame({"gdp": x[:, 2], "b": x[:, 1], "a": x[:, 0]})
    assert plan(frame).tobytes() == y.tobytes()
    assert plan({"gdp": x[:, 2], "a": x[:, 0], "b": x[:, 1]}).tobytes() == y.tobytes()
    one = plan({"a": 0.5, "b": 0.6, "gdp": 0.0})
    assert one.tobytes() == plan(np.array([0.5, 0.6, 0.0])).tobytes()
    with pytest.raises(KeyError, match="did you mean `gdp`"):
        plan({"a": 1.0, "b": 1.0, "gpd": 0.0})
    with pytest.raises(KeyError, match="missing: gdp"):
        plan({"a": 1.0, "b": 1.0})


def test_shapes_are_refused(plan: jp.Plan) -> None:
    for bad in [np.zeros((5, 2)), np.zeros(4), np.zeros((2, 2, 3)), np.zeros(())]:
        with pytest.raises(ValueError, match=r"shape \(draws, 3\)"):
            plan(bad)
    with pytest.raises(TypeError, match="astype"):
        plan(np.array([[1, 1, None]], dtype=object))
    with pytest.raises(TypeError, match="no real numbers"):
        plan(np.zeros((2, 3), dtype=complex))
    with pytest.raises(TypeError, match="no real numbers"):
        plan([["a", "b", "c"]])


def test_what_is_no_number_is_named(plan: jp.Plan, x: np.ndarray) -> None:
    for value in [np.nan, np.inf, -np.inf]:
        bad = x.copy()
        bad[600, 1] = value
        bad[650, 0] = value
        with pytest.raises(ValueError, match=r"row 600: `b`"):
            plan(bad)
        with pytest.raises(ValueError, match="`gdp`"):
            plan(np.array([1.0, 1.0, value]))


def test_half_the_digits_are_said_once(plan: jp.Plan, x: np.ndarray) -> None:
    _inputs._SAID.clear()
    half = x.astype(np.float32)
    with pytest.warns(jp.Float32Warning):
        y = plan(half)
    assert y.tobytes() == plan(half.astype(np.float64)).tobytes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plan(half)
        plan(np.ones((2, 3), dtype=int))


def test_beyond_the_bounds_there_is_no_result(plan: jp.Plan, x: np.ndarray) -> None:
    feasible = plan.output_names.index("feasible")
    value = plan.output_names.index("margin:" + jp.builtin("shaanxi-15fyp-planned").targets[0])
    bad = x.copy()
    # A level lies between 0 and 10, and a growth cannot be −200 %.
    bad[3, 0], bad[300, 1], bad[690, 2] = -0.1, 11.0, -2.0
    y, good = plan(bad), plan(x)
    for row in [3, 300, 690]:
        assert y[row, feasible] == 0.0
        assert np.isnan(y[row, value])
    rest = np.setdiff1d(np.arange(700), [3, 300, 690])
    assert y[rest].tobytes() == good[rest].tobytes()


def test_beyond_what_is_drawn_the_model_holds() -> None:
    """Inputs outside the range of the design give what a run at that level gives."""
    sc = jp.builtin("shaanxi-15fyp-planned")
    id = sc.measures[-1]
    plan = sc.compile(inputs={"a": jp.level(id, 0.9, 1.0)})
    last, compared = sc.years[-1], 0
    for level in [0.0, 0.25, 0.95, 1.0, 1.1]:
        run = json.loads(sc.set(measures={id: {"level": f"{level * 100:g} %"}}).run().json())
        y = dict(zip(plan.output_names, plan(np.array([level])), strict=True))
        if y["feasible"] == 0.0:
            continue
        for one in run["indicators"]:
            plain, own = f"{one['indicator']}@{last}", f"{one['indicator']}-{one['book']}@{last}"
            key = own if own in y else plain
            if key in y and (one["book"] == "physical" or key == own):
                assert y[key] == pytest.approx(one["values"][-1], rel=1e-9), key
                compared += 1
    assert compared > 20


def test_blocks_are_refused_beyond_the_design(plan: jp.Plan) -> None:
    for start, stop in [(-1, 3), (5, 4), (0, plan.draws + 1)]:
        with pytest.raises(ValueError, match="do not lie within"):
            plan.block(start, stop)
    assert plan.block(7, 7).outputs.shape == (0, len(plan.block_names))


def test_inputs_are_read_as_files_are() -> None:
    sc = jp.builtin("shaanxi-15fyp-planned")
    with pytest.raises(jp.ScenarioError) as found:
        sc.compile(inputs={"a": jp.level("no-such-measure", 0.4, 1.0), "g": jp.growth("gpd", 0, 0.1)})
    paths = [item.path for item in found.value.diagnostics]
    assert paths == ["sweep.inputs.a.level", "sweep.inputs.g.growth"]
    with pytest.raises(jp.ScenarioError) as found:
        sc.compile(inputs={"a": jp.level(sc.measures[0], 0.4, 20.0)})
    assert found.value.diagnostics[0].path == "sweep.inputs.a.uniform[1]"
    with pytest.raises(jp.ScenarioError) as found:
        sc.compile()
    assert found.value.diagnostics[0].code == "no-sweep"
    with pytest.raises(TypeError):
        jp.level("a")
    with pytest.raises(TypeError):
        jp.level("a", 0.1)
    with pytest.raises(TypeError):
        jp.level("a", 0, 1, normal=[1, 0.1])


def test_some_outputs_are_those_of_all(plan: jp.Plan, x: np.ndarray) -> None:
    names = ["feasible", plan.output_names[3], "all_met"]
    some = plan.only(names)
    assert some.output_names == names == [one.name for one in some.outputs]
    at = [plan.output_names.index(name) for name in names]
    assert some(x).tobytes() == np.ascontiguousarray(plan(x)[:, at]).tobytes()
    assert some(x[5]).tobytes() == plan(x[5])[at].tobytes()
    again = pickle.loads(pickle.dumps(some))
    assert again.output_names == names
    assert plan.only([])(x).shape == (700, 0)
    with pytest.raises(jp.ScenarioError, match="all_met"):
        plan.only(["all_mett"])


def test_results_go_where_they_are_asked_to(plan: jp.Plan, x: np.ndarray) -> None:
    y = plan(x)
    out = np.full(y.shape, np.pi, order="F")
    assert plan(x, out=out) is out
    assert out.tobytes() == y.tobytes()
    for bad in [np.zeros(y.shape), np.zeros((3, 3), order="F"), np.zeros(y.shape, dtype="f4", order="F")]:
        with pytest.raises(ValueError, match="column behind column"):
            plan(x, out=bad)
    frozen = np.zeros(y.shape, order="F")
    frozen.flags.writeable = False
    with pytest.raises(Exception, match="writeable"):
        plan(x, out=frozen)

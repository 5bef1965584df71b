"""Tables and draws as streams of Arrow: what others read is what they are."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from conftest import ROOT

import jianpai as jp
from jianpai import frames

SWEPT = "sweeps/shaanxi-14fyp"
PLANNED = "shaanxi-14fyp-planned"
EMPTY = "base/current-policy-15fyp"


def tables() -> list[jp.Table]:
    """Tables of runs, a sweep and a comparison."""
    found = []
    for name in [PLANNED, "shaanxi-15fyp-planned", EMPTY]:
        run = jp.builtin(name).run()
        own = [run.targets, run.indicators, run.trajectory, run.balance, run.costs, run.ledger]
        found += [*own, *run.tables.values()]
    found += jp.builtin(SWEPT).sweep(draws=1000, charts=False).tables.values()
    sc = jp.builtin(PLANNED)
    found += jp.diff(sc, sc.set(id="less", measures={"rail": {"level": "50 %"}})).tables.values()
    return found


def same_values(ours: list[Any], theirs: Any) -> None:
    """Values of a column; what is absent is null, and no number in NumPy."""
    for a, b in zip(ours, theirs, strict=True):
        if a is None:
            assert b is None or b != b
        else:
            assert a == b and type(a) is type(b.item() if isinstance(b, np.generic) else b)


def test_a_table_is_read_by_four() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    pandas = pytest.importorskip("pandas")
    nulls: dict[str, int] = {}
    for table in tables():
        by_arrow, by_polars = pyarrow.table(table), polars.DataFrame(table)
        by_duck = duckdb.from_arrow(table).fetchall()
        from_arrow = getattr(pandas.DataFrame, "from_arrow", None)
        by_pandas = by_arrow.to_pandas() if from_arrow is None else from_arrow(table)
        assert by_arrow.column_names == by_polars.columns == list(by_pandas.columns) == table.columns
        assert len(by_arrow) == len(by_polars) == len(by_duck) == len(by_pandas) == len(table)
        # As the command prints it, which is made by another way.
        document = json.loads(table.json())
        for column in document["columns"]:
            if column["kind"] in ("number", "whole", "flag"):
                said = [row[column["key"]] for row in document["rows"]]
                assert by_arrow[column["key"]].to_pylist() == said
        for i, name in enumerate(table.columns):
            own = table[name]
            same_values(by_arrow[name].to_pylist(), own)
            same_values(by_polars[name].to_list(), own)
            same_values([row[i] for row in by_duck], own)
            same_values([None if pandas.isna(one) else one for one in by_pandas[name].tolist()], own)
            kind = str(by_arrow.schema.field(name).type)
            nulls[kind] = nulls.get(kind, 0) + by_arrow[name].null_count
            if isinstance(own, np.ndarray):
                assert kind == {"f": "double", "i": "int64"}[own.dtype.kind]
                assert by_arrow[name].null_count == np.isnan(own).sum()
            else:
                assert kind in ("string", "bool")
                assert by_arrow[name].null_count == own.count(None)
    # All kinds occur, and something is absent of those of which something can be.
    assert set(nulls) == {"double", "int64", "string", "bool"}
    assert nulls["double"] > 0 and nulls["string"] > 0 and nulls["int64"] == 0


def test_a_table_says_its_units_and_headings() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    kinds = set()
    for lang in ("en", "zh"):
        jp.set_language(lang)
        for table in tables():
            schema = pyarrow.schema(table)
            assert schema.equals(pyarrow.table(table).schema, check_metadata=True)
            assert schema.metadata == {b"id": table.id.encode(), b"title": table.title.encode()}
            for name in table.columns:
                said = {b"heading": table.headings[name].encode()}
                unit = table.units.get(name)
                kinds.add(type(unit))
                if unit is not None:
                    said[b"unit"] = (unit if isinstance(unit, str) else "\n".join(unit)).encode()
                assert schema.field(name).metadata == said
    assert kinds == {type(None), str, list}


def test_a_table_without_rows_has_its_columns() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    table = jp.builtin(EMPTY).run().targets
    whole = jp.builtin(PLANNED).run().targets
    assert len(table) == 0 and len(whole) > 0
    for own, other in zip(pyarrow.schema(table), pyarrow.schema(whole), strict=True):
        # Of whole numbers none is absent where there are none.
        assert own.type == other.type or (own.type, other.type) == (pyarrow.int64(), pyarrow.float64())
    assert polars.DataFrame(table).shape == (0, len(table.columns))
    found = duckdb.from_arrow(table)
    assert found.columns == table.columns and found.fetchall() == []


def test_pandas_and_polars_have_what_the_table_has() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    for table in tables():
        frame = table.to_pandas()
        assert frame.attrs == {"units": table.units, "title": table.title}
        pandas.testing.assert_frame_equal(frame, pandas.DataFrame(table.to_dict(), columns=table.columns))
        assert table.to_polars().equals(polars.DataFrame(table))


def bits(column: Any) -> npt.NDArray[np.uint64]:
    """The bits of numbers of Arrow; null is no number."""
    numbers = column.to_numpy().astype(np.float64)
    numbers[np.isnan(numbers)] = np.nan
    return np.asarray(numbers.view(np.uint64))


def unsound() -> dict[str, Any]:
    """Inputs of which some draws have no result."""
    sc = jp.builtin(PLANNED)
    return {
        "rail": jp.level("rail", normal=(0.4, 0.3)),
        "wide": jp.level(sc.measures[-1], 0.0, 1.0),
    }


def test_a_stream_is_the_rows_of_its_block() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    for plan in [jp.builtin(SWEPT).compile(draws=40_000), jp.builtin(PLANNED).compile(unsound(), draws=20_000)]:
        draws = plan.stream(123, 18_001, seed=5)
        found, block = pyarrow.table(draws), plan.block(123, 18_001, seed=5)
        names = ["draw", *plan.input_names, *plan.block_names]
        assert found.column_names == draws.columns == names
        assert len(draws) == len(found) == 18_001 - 123
        assert found["draw"].type == pyarrow.uint64() and found["draw"].to_pylist() == list(range(123, 18_001))
        by_polars = polars.DataFrame(draws)
        whole = np.hstack([block.inputs, block.outputs])
        for i, one in enumerate([*plan.inputs, *plan.block_outputs]):
            column, field = found[one.name], found.schema.field(one.name)
            own = np.where(np.isnan(whole[:, i]), np.nan, whole[:, i])
            np.testing.assert_array_equal(bits(column), own.view(np.uint64), err_msg=one.name)
            assert column.null_count == by_polars[one.name].null_count() == np.isnan(own).sum()
            said = {} if one.label is None else {b"heading": one.label.encode()}
            if field.type == pyarrow.bool_():
                assert one.unit == "" and set(np.unique(own)) <= {0.0, 1.0}
            else:
                said[b"unit"] = one.unit.encode()
            assert (field.metadata or {}) == said
        assert pyarrow.schema(draws).equals(found.schema, check_metadata=True)
        assert found.schema.metadata[b"seed"] == b"5" and found.schema.metadata[b"id"] == plan.id.encode()
        # More than one batch, none of which is large.
        chunks = [len(chunk) for chunk in found["draw"].chunks]
        assert len(chunks) > 1 and max(chunks) <= 16_384
    assert found["NOx@2025"].null_count > 0


def same_as_parquet(draws: Any, file: Path) -> None:
    """A stream has the types, nulls and bits of the file of a sweep."""
    import pyarrow
    import pyarrow.parquet

    ours, theirs = pyarrow.table(draws), pyarrow.parquet.read_table(file)
    assert ours.column_names == theirs.column_names
    for mine, other in zip(ours.schema, theirs.schema, strict=True):
        assert mine.nullable == other.nullable, mine.name
        assert mine.name == "draw" or mine.type == other.type, mine.name
        a, b = ours[mine.name], theirs[mine.name]
        assert a.null_count == b.null_count
        if mine.type == pyarrow.float64():
            np.testing.assert_array_equal(bits(a), bits(b), err_msg=mine.name)
        else:
            assert a.to_pylist() == b.to_pylist(), mine.name


def test_a_stream_is_the_parquet_file_of_its_sweep(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    sc = jp.builtin(PLANNED)
    for number, inputs in enumerate([unsound(), None]):
        start = sc if inputs else jp.builtin(SWEPT)
        out = tmp_path / str(number)
        sweep = start.sweep(inputs, draws=18_000, seed=3, to=out, format="parquet", charts=False)
        assert sweep.folder is not None
        same_as_parquet(sweep, Path(sweep.folder) / "draws.parquet")
        same_as_parquet(start.compile(inputs, draws=18_000).stream(seed=3), Path(sweep.folder) / "draws.parquet")


def test_what_a_list_carries_along_is_in_the_stream(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    lines = ["id,n,x,ok,boilers,rail"]
    for i in range(17_000):
        lines.append(f"县{i},{i},{i / 7},{'True' if i % 3 else 'false'},{(40 + i % 60) / 100},{(50 + i % 40) / 100}")
    (tmp_path / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sc = jp.load(ROOT / "scenarios" / f"{PLANNED}.toml")
    inputs = {"boilers": jp.level("boilers-le35", 0, 1), "rail": jp.level("rail", 0, 1)}
    plan = sc.compile(inputs, design="list", list=str(tmp_path / "list.csv"))
    sweep = plan.sweep(to=tmp_path, format="parquet", charts=False)
    assert sweep.folder is not None
    same_as_parquet(sweep, Path(sweep.folder) / "draws.parquet")
    part = pyarrow.table(plan.stream(16_000, 17_000))
    assert part.column_names == ["draw", *sweep.columns, "id", "n", "x", "ok"] == plan.stream().columns
    assert [str(kind) for kind in part.schema.types[-4:]] == ["string", "int64", "double", "bool"]
    assert part["id"].to_pylist() == [f"县{i}" for i in range(16_000, 17_000)]
    assert part["n"].to_pylist() == list(range(16_000, 17_000))
    assert part["x"].to_pylist() == [i / 7 for i in range(16_000, 17_000)]
    assert part["ok"].to_pylist() == [i % 3 != 0 for i in range(16_000, 17_000)]


def test_duckdb_counts_what_numpy_counts() -> None:
    duckdb = pytest.importorskip("duckdb")
    sweep = jp.builtin(SWEPT).sweep(draws=100_000, seed=7, charts=False)
    block, columns = sweep.rows(), sweep.columns
    at = {name: i - block.inputs.shape[1] for i, name in enumerate(columns)}
    nox, met = block.outputs[:, at["NOx@2025"]], block.outputs[:, at["all_met"]]
    assert 0 < met.sum() < len(met)
    sql = """select count(*), sum(draw), avg("NOx@2025"), min("NOx@2025"), max("NOx@2025"),
             count(*) filter (where all_met), avg("NOx@2025") filter (where all_met)"""
    for source in (sweep, sweep.stream()):
        assert source is not None
        [found] = duckdb.sql(sql + " from source").fetchall()
        assert found[:2] == (100_000, 100_000 * 99_999 // 2)
        assert found[3:6] == (nox.min(), nox.max(), met.sum())
        np.testing.assert_allclose([found[2], found[6]], [nox.mean(), nox[met == 1].mean()], rtol=1e-12)


def test_nothing_is_read_of_no_draws() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    draws = jp.builtin(SWEPT).compile(draws=100).stream(100)
    assert len(draws) == 0
    assert pyarrow.table(draws).schema == pyarrow.schema(draws) and len(pyarrow.table(draws)) == 0
    assert polars.DataFrame(draws).shape == (0, len(draws.columns))
    assert duckdb.from_arrow(draws).fetchall() == []


def test_bounds_are_those_of_a_block() -> None:
    plan = jp.builtin(SWEPT).compile(draws=100)
    sweep = jp.builtin(SWEPT).sweep(draws=100, charts=False)
    for lang in ("en", "zh"):
        jp.set_language(lang)
        for start, stop in [(-1, 5), (5, 4), (0, 101), (101, 101), (0, -1), (2**62, 2**63 - 1)]:
            said = []
            asked: list[Callable[[int, int], Any]] = [plan.block, plan.stream, sweep.rows, sweep.stream]
            for ask in asked:
                with pytest.raises(ValueError) as caught:
                    ask(start, stop)
                said.append(str(caught.value))
            assert len(set(said)) == 1 and str(start) in said[0] and str(stop) in said[0]
    assert (repr(plan.stream(10, 30)), plan.stream(10, 30).start) == ("<Draws shaanxi-14fyp: 20 × 57>", 10)
    with pytest.raises(TypeError, match="打包"):
        plan.stream().__reduce__()


def test_readers_of_one_object_do_not_disturb_each_other() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    draws = jp.builtin(SWEPT).compile(draws=40_000).stream()
    whole = pyarrow.table(draws)
    one, other = (pyarrow.RecordBatchReader.from_stream(draws) for _ in range(2))
    first = one.read_next_batch()
    rest = other.read_all()
    assert first.equals(whole.slice(0, len(first)).combine_chunks().to_batches()[0])
    assert rest.equals(whole)
    assert pyarrow.Table.from_batches([first, *one]).equals(whole)


def test_threads_read_without_the_interpreter() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    draws = jp.builtin(SWEPT).compile(draws=40_000).stream()
    whole = pyarrow.table(draws)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(pyarrow.table(draws))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(one.equals(whole) for one in found)


def test_a_stream_outlives_its_plan() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    plan = jp.builtin(SWEPT).compile(draws=40_000)
    whole = pyarrow.table(plan.stream(seed=2))
    reader = pyarrow.RecordBatchReader.from_stream(plan.stream(seed=2))
    del plan
    gc.collect()
    assert reader.read_all().equals(whole)


def test_a_capsule_is_taken_once() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = jp.builtin(PLANNED).run().targets
    for source in (table, jp.builtin(SWEPT).compile(draws=500).stream()):
        capsule = source.__arrow_c_stream__()
        taken = pyarrow.RecordBatchReader._import_from_c_capsule(capsule).read_all()
        assert taken.equals(pyarrow.table(source))
        with pytest.raises((ValueError, pyarrow.ArrowInvalid)):
            pyarrow.RecordBatchReader._import_from_c_capsule(capsule)
        # What was taken lives on.
        del capsule
        gc.collect()
        assert taken.equals(pyarrow.table(source))
    # What is requested may be left alone.
    asked = pyarrow.schema([("target", pyarrow.string())]).__arrow_c_schema__()
    assert table.__arrow_c_stream__(asked) is not None


GROWTH = """
import gc, os
import jianpai as jp, pyarrow

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

def grows(act, times):
    # Once it has settled.
    for _ in range(times // 4):
        act()
    gc.collect()
    before = resident()
    for _ in range(times):
        act()
    gc.collect()
    return (resident() - before) / times

def read(source):
    return pyarrow.RecordBatchReader.from_stream(source)

table = jp.builtin("shaanxi-14fyp-planned").run().targets
draws = jp.builtin("sweeps/shaanxi-14fyp").compile(draws=5_000_000, model_error=False).stream()
"""


def growth(*acts: tuple[str, int]) -> list[float]:
    """Bytes by which the memory of a process of its own grows each time that it does something."""
    code = GROWTH + "".join(f"print(grows(lambda: {act}, {times}))\n" for act, times in acts)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    print(said.stdout)
    return [float(line) for line in said.stdout.split()]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by Linux")
def test_exports_leave_nothing_behind() -> None:
    pytest.importorskip("pyarrow")
    dropped, schema, taken = growth(
        ("table.__arrow_c_stream__()", 100_000),
        ("table.__arrow_c_schema__()", 20_000),
        ("read(table).read_all()", 20_000),
    )
    # The least array takes more than twice that, with what counts its owners.
    assert dropped < 50 and schema < 100 and taken < 100


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by Linux")
def test_who_stops_early_frees_all() -> None:
    pytest.importorskip("pyarrow")
    dropped, stopped, whole = growth(
        ("draws.__arrow_c_stream__()", 2000),
        ("read(draws).read_next_batch()", 150),
        ("[None for batch, _ in zip(read(draws), range(20))]", 10),
    )
    # One column of a batch takes 131,072 bytes.
    assert dropped < 2000 and stopped < 60_000 and whole < 500_000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork there")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*")
def test_a_stream_can_be_read_where_a_fork_has_led() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    draws = jp.builtin(SWEPT).compile(draws=20_000).stream()
    wanted = pyarrow.RecordBatchReader.from_stream(draws).read_next_batch()
    reader = pyarrow.RecordBatchReader.from_stream(draws)
    child = os.fork()
    if child == 0:
        os._exit(0 if reader.read_next_batch().equals(wanted) else 1)
    for _ in range(600):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            assert os.waitstatus_to_exitcode(status) == 0
            break
        time.sleep(0.1)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the child waits for threads that it does not have")


WITHOUT = """
import sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Without())
import jianpai as jp

table = jp.builtin("shaanxi-14fyp-planned").run().targets
draws = jp.builtin("sweeps/shaanxi-14fyp").compile(draws=20_000).stream()
for source in (table, draws):
    source.__arrow_c_stream__(), source.__arrow_c_schema__()
assert not {{"pyarrow", "pandas", "polars", "duckdb"}} & set(sys.modules)
"""


@pytest.mark.parametrize("reader", ["nobody", "polars", "duckdb"])
def test_pyarrow_is_not_needed(reader: str) -> None:
    code = WITHOUT.format(blocked=("pyarrow", "pandas"))
    if reader == "polars":
        pytest.importorskip("polars")
        code += "import polars\nfound = [len(polars.DataFrame(one)) for one in (table, draws)]\n"
        code += "assert len(table.to_polars()) == len(table)\n"
    elif reader == "duckdb":
        pytest.importorskip("duckdb")
        code += "import duckdb\n"
        code += "found = [duckdb.sql('select count(*) from one').fetchall()[0][0] for one in (table, draws)]\n"
    if reader != "nobody":
        code += "assert found == [len(table), 20_000], found\n"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_draws_are_arrow_without_a_copy() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    plan = jp.builtin(SWEPT).compile(draws=2000)
    block = plan.block(100, 1100)
    before = pyarrow.total_allocated_bytes()
    found = frames.block_to_arrow(plan, block)
    # The indices alone are new.
    assert pyarrow.total_allocated_bytes() - before <= 3 * 8 * 1000
    assert found.column_names == ["draw", *plan.input_names, *plan.block_names]
    assert found["draw"].to_pylist() == list(range(100, 1100))
    at = plan.block_names.index("NOx@2025")
    np.testing.assert_array_equal(found["NOx@2025"].to_numpy(), block.outputs[:, at])
    address = found["NOx@2025"].chunk(0).buffers()[1].address
    assert address == block.outputs[:, at].__array_interface__["data"][0]
    assert found.schema.field("NOx@2025").metadata == {b"unit": b"t"}

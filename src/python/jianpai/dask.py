"""Sweeps on a cluster of Dask, with the bytes of one machine.

The unit is a slice of a sweep, a function of the scenario, the seed and the indices of its
draws, and of nothing else: a lost worker or a second try changes nothing.

>>> import jianpai as jp
>>> import jianpai.dask                                            # doctest: +SKIP
>>> sc = jp.builtin("sweeps/shaanxi-14fyp")
>>> sw = jianpai.dask.sweep(sc, draws=10**9, seed=7)               # doctest: +SKIP
>>> swept = jianpai.dask.sweep(sc, draws=10**8, to="results")      # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np

from . import _shards
from ._errors import ScenarioError
from ._native import Plan, Scenario, Sweep, restore_scenario, set_threads
from ._shards import Order, Rows, Swept
from ._texts import say
from ._types import Block

__all__ = ["BlocksError", "Swept", "blocks", "evaluate", "regions", "sweep"]

PER_SLICE = 1 << 20
"""Draws of a slice, if nothing is said: some seconds of a core where rows are kept."""
PER_PART = 1 << 22
"""Draws that a worker adds up at a time, if nothing is said: some seconds of a core."""
PER_BLOCK = 1 << 16
"""Draws of a block of arrays, if nothing is said."""


class BlocksError(ScenarioError):
    """Some blocks came to no good end; all others did, and are kept."""

    failed: dict[str, str]
    """What each of them said, by its name."""

    def __init__(self, failed: dict[str, str], of: int) -> None:
        listed = "\n".join(f"  {name}: {said}" for name, said in failed.items())
        super().__init__(
            say(
                f"{of} 块中 {len(failed)} 块未成；其余已成，再次运行只补缺：\n{listed}",
                f"{len(failed)} of {of} blocks failed; the others are done, and another run does only these:\n{listed}",
            )
        )
        self.failed = failed

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (str(self), self.failed)


def _again(text: str, failed: dict[str, str]) -> BlocksError:
    error = BlocksError.__new__(BlocksError)
    ScenarioError.__init__(error, text)
    error.failed = failed
    return error


def _client(client: Any) -> Any:
    """The client that was given, or the one that there is."""
    from distributed import Client, get_client

    if client is None:
        client = get_client()
    if not isinstance(client, Client):
        raise TypeError(say("client 应为 distributed.Client", "client is a distributed.Client"))
    return client


def _unpack(packed: bytes) -> Any:
    """What was sent. It is a task of its own: sent once, and again where it was lost."""
    return pickle.loads(packed)


def _sent(client: Any, what: Any) -> Any:
    """Sends something once: a future of it."""
    packed = pickle.dumps(what)
    key = f"jianpai-{hashlib.sha256(packed).hexdigest()[:24]}"
    return client.submit(_unpack, packed, key=key, pure=True)


def _gathered(
    named: dict[str, Any], told: Callable[[int, int], object] | None
) -> dict[str, Any]:
    """Results by name; what failed is raised when all others are through."""
    from distributed import as_completed

    names = {future.key: name for name, future in named.items()}
    found: dict[str, Any] = {}
    failed: dict[str, str] = {}
    futures: Any = as_completed
    for future, result in futures(list(named.values()), with_results=True, raise_errors=False):
        name = names[future.key]
        if future.status == "finished":
            found[name] = result
        else:
            error = result[1] if isinstance(result, tuple) else result
            failed[name] = str(error) or type(error).__name__
        if told is not None:
            told(len(found) + len(failed), len(named))
    if failed:
        raise BlocksError({name: failed[name] for name in named if name in failed}, len(named))
    return {name: found[name] for name in named}


def _slice(i: int, order: Order, folder: str) -> str:
    """A slice on a worker."""
    if not (Path(folder) / _shards.MARK).is_file():
        raise ScenarioError(
            say(
                f"本机看不到 {folder}：to 应为各机共享的目录",
                f"{folder} is not to be seen from here: `to` is a folder that all machines share",
            )
        )
    return str(_shards.run(order, i, Path(folder)))


@overload
def sweep(
    scenario: Scenario | Plan,
    draws: int | None = None,
    seed: int | None = None,
    *,
    to: None = None,
    inputs: Mapping[str, Mapping[str, Any]] | None = None,
    client: Any = None,
    block: int | None = None,
    trajectories: bool = False,
    model_error: bool = True,
    charts: bool = True,
    progress: Callable[[int, int], object] | None = None,
) -> Sweep: ...


@overload
def sweep(
    scenario: Scenario,
    draws: int | None = None,
    seed: int | None = None,
    *,
    to: str | os.PathLike[str],
    client: Any = None,
    block: int | None = None,
    format: Rows = "parquet",
    trajectories: bool = False,
    model_error: bool = True,
    charts: bool = True,
    progress: Callable[[int, int], object] | None = None,
    keep: bool = False,
) -> Swept: ...


def sweep(
    scenario: Scenario | Plan,
    draws: int | None = None,
    seed: int | None = None,
    *,
    to: str | os.PathLike[str] | None = None,
    inputs: Mapping[str, Mapping[str, Any]] | None = None,
    client: Any = None,
    block: int | None = None,
    format: Rows = "parquet",
    trajectories: bool = False,
    model_error: bool = True,
    charts: bool = True,
    progress: Callable[[int, int], object] | None = None,
    keep: bool = False,
) -> Swept | Sweep:
    """Runs the draws of a scenario's sweep, or of a plan, on a cluster.

    Without `to` nothing is written, and no folder has to be shared: each worker adds up its
    draws, some tens of kilobytes a column and block come back, and what they are together is to the bit
    what `Scenario.sweep` gives. `inputs` says what varies, as in `Scenario.compile`.

    With `to`, a folder that all machines share, below it stands what `jianpai sweep` puts
    there, the rows of all draws among it: the same bytes. What a run before left is gone on
    with. Slices are taken away when they are joined, unless they are to be kept. What varies
    is then the `[sweep]` of the scenario.

    About `block` draws are a task. `progress` is told how many blocks are done, and of how many.

    Raises `BlocksError` with the name of every block that failed, after all others are done;
    `ScenarioError` where a worker has another version of the program or of its data.
    """
    client = _client(client)
    if block is not None and block < 1:
        raise ValueError(say(f"block {block} 应不小于 1", f"block {block}: at least 1 is wanted"))
    if to is None:
        if isinstance(scenario, Scenario):
            scenario = scenario.compile(
                inputs, draws=draws, seed=seed, trajectories=trajectories, model_error=model_error
            )
        elif inputs is not None or trajectories or not model_error or draws not in (None, scenario.draws):
            raise TypeError(
                say(
                    "方案已定下输入、次数与逐年、误差与否：compile(inputs, draws=…) 给出",
                    "a plan has its inputs, draws, years and error: compile(inputs, draws=…) says them",
                )
            )
        return _summed(scenario, seed, client, block or PER_PART, charts, progress)
    if inputs is not None or not isinstance(scenario, Scenario):
        raise TypeError(
            say(
                "写出逐次结果（to）时，变动的输入须在情景的 [sweep] 里：sc.set(sweep={…})",
                "with `to`, what varies is the [sweep] of a scenario: sc.set(sweep={…}) says it",
            )
        )
    order = _shards.order(
        scenario,
        per_slice=block or PER_SLICE,
        draws=draws,
        seed=seed,
        format=format,
        trajectories=trajectories,
        model_error=model_error,
        charts=charts,
    )
    target = Path(to).resolve()
    folder = order.folder(target)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _shards.MARK).write_text(order.digest)
    sent = _sent(client, order)
    numbers = range(1, order.slices + 1)
    work = client.map(_slice, numbers, order=sent, folder=str(folder), pure=False)
    _gathered({f"slice {i} of {order.slices}": one for i, one in zip(numbers, work, strict=True)}, progress)
    swept = _shards.join(order, folder, target)
    if not keep:
        _shards.clear(folder)
    return swept


def _summed(
    plan: Plan,
    seed: int | None,
    client: Any,
    block: int,
    charts: bool,
    progress: Callable[[int, int], object] | None,
) -> Sweep:
    """The sweep of a plan from what workers add up."""
    parts = max(1, -(-plan.draws // block))
    sent = _sent(client, plan)
    numbers = range(1, parts + 1)
    work = client.map(_part, numbers, of=parts, plan=sent, seed=seed, pure=False)
    named = {f"part {i} of {parts}": one for i, one in zip(numbers, work, strict=True)}
    found: dict[str, bytes] = _gathered(named, progress)
    return plan.join(list(found.values()), seed=seed, charts=charts)


def _part(i: int, of: int, plan: Plan, seed: int | None) -> bytes:
    """A part on a worker."""
    _share()
    return plan.part(i, of, seed=seed)


_is_shared = False


def _share() -> None:
    """A worker takes as many threads as it has tasks at a time: one a core, where it is started
    so. What `RAYON_NUM_THREADS` says stays."""
    global _is_shared
    if _is_shared or "RAYON_NUM_THREADS" in os.environ:
        return
    from distributed import get_worker

    _is_shared = True
    cores = os.cpu_count() or 1
    set_threads(min(cores, get_worker().state.nthreads))


def evaluate(plan: Plan, start: int, stop: int, seed: int | None = None) -> Block:
    """The draws `start` to `stop` of a plan: the unit for whatever runs functions elsewhere
    (`ray.remote(evaluate)`)."""
    return plan.block(start, stop, seed=seed)


def blocks(
    plan: Plan,
    draws: int | None = None,
    seed: int | None = None,
    *,
    client: Any = None,
    block: int = PER_BLOCK,
    then: Callable[[Block], Any] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[Any]:
    """The draws of a plan as arrays, block by block in order, computed on a cluster.

    `then` is what becomes of a block on its worker: a function of arrays that gives less than
    it takes. Without it the blocks themselves come: `jianpai.dask.joined` is one array of them.

    Raises `BlocksError` with the draws of every block that failed.
    """
    client = _client(client)
    if block < 1:
        raise ValueError(say(f"block {block} 应不小于 1", f"block {block}: at least 1 is wanted"))
    count = plan.draws if draws is None else draws
    if not 0 <= count <= plan.draws:
        raise ValueError(
            say(
                f"抽样 {count} 次，而方案的设计为 {plan.draws} 次：compile(draws=…) 给出次数",
                f"{count} draws of a design that has {plan.draws}: compile(draws=…) says how many",
            )
        )
    sent = _sent(client, plan)
    cuts = [(start, min(start + block, count)) for start in range(0, count, block)]
    work = client.map(_block, cuts, plan=sent, seed=seed, then=then, pure=False)
    named = {f"draws {a} to {b}": one for (a, b), one in zip(cuts, work, strict=True)}
    return list(_gathered(named, progress).values())


def _block(
    cut: tuple[int, int], plan: Plan, seed: int | None, then: Callable[[Block], Any] | None
) -> Any:
    _share()
    found = evaluate(plan, *cut, seed)
    return found if then is None else then(found)


def joined(blocks: Iterable[Block]) -> Block:
    """Blocks in order as one."""
    listed = list(blocks)
    if not listed:
        raise ValueError(say("没有块", "there are no blocks"))
    return Block(
        listed[0].start,
        np.concatenate([one.inputs for one in listed]),
        np.concatenate([one.outputs for one in listed]),
    )


@dataclass(frozen=True)
class Region:
    """What one region gives."""

    region: str
    targets: dict[str, Any]
    """Of a run its targets, of a sweep how often each is met: columns by key."""
    document: str
    """What `jianpai run --json` or `jianpai sweep --json` prints."""


def regions(
    scenario: Scenario | None = None,
    regions: Sequence[str | Scenario] = (),
    *,
    draws: int | None = None,
    seed: int | None = None,
    client: Any = None,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Region]:
    """Runs a scenario for many regions on a cluster; with `draws`, sweeps it for each of them.

    A region is the name of one that the data know, for which `scenario` is run, or a scenario
    by itself: a county with a file of its own, say. The result is in the order of `regions`.

    Raises `BlocksError` with every region that failed.
    """
    client = _client(client)
    sent = None if scenario is None else _sent(client, scenario)
    named: dict[str, Any] = {}
    for one in regions:
        if isinstance(one, Scenario):
            name, work = one.id, client.submit(_region, _sent(client, one), None, draws, seed, pure=False)
        elif sent is not None:
            name, work = one, client.submit(_region, sent, one, draws, seed, pure=False)
        else:
            raise TypeError(say(f"地区 {one!r} 须有情景", f"region {one!r} wants a scenario"))
        if name in named:
            raise ValueError(say(f"`{name}` 出现两次", f"`{name}` comes twice"))
        named[name] = work
    found: dict[str, Region] = _gathered(named, progress)
    return found


def _region(scenario: Scenario, region: str | None, draws: int | None, seed: int | None) -> Region:
    if region is not None:
        state: Any = scenario.__reduce__()[1]
        version, data, path, _, *rest = state
        scenario = restore_scenario(version, data, path, region, *rest)
    if draws is None:
        run = scenario.run()
        return Region(scenario.region, run.targets.to_dict(), run.json())
    swept = scenario.sweep(draws=draws, seed=seed, charts=False)
    return Region(scenario.region, swept.attainment.to_dict(), swept.json())

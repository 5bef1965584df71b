"""Emissions-reduction scenarios: water, air and carbon in one run.

>>> import jianpai as jp
>>> sc = jp.builtin("shaanxi-15fyp-planned")
>>> run = sc.run()
>>> run.targets["target"][0] in sc.targets
True
"""

from __future__ import annotations

import os as _os

from . import _connect, _native
from ._errors import Diagnostic, Float32Warning, ScenarioError, ScenarioWarning
from ._inputs import elasticity, end, factor, growth, level, mix, start, target
from ._native import (
    Answer,
    Draws,
    Figure,
    Plan,
    Run,
    Scenario,
    Sweep,
    Table,
    Variable,
    builtin,
    builtins,
    data_hash,
    diff,
    get_language,
    load,
    scenario,
    set_language,
    set_threads,
)
from ._options import options
from ._shards import Swept, merge, shard
from ._types import Block

__version__: str = _native.VERSION

__all__ = [
    "Answer",
    "Block",
    "Diagnostic",
    "Draws",
    "Figure",
    "Float32Warning",
    "Plan",
    "Run",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "Sweep",
    "Swept",
    "Table",
    "Variable",
    "__version__",
    "builtin",
    "builtins",
    "data_hash",
    "diff",
    "elasticity",
    "end",
    "factor",
    "get_language",
    "growth",
    "level",
    "load",
    "merge",
    "mix",
    "options",
    "scenario",
    "set_language",
    "set_threads",
    "shard",
    "start",
    "target",
]

# Threads do not survive a fork: a child makes its own.
if hasattr(_os, "register_at_fork"):
    _os.register_at_fork(after_in_child=_native._forked)

_connect.connect()

"""Target options compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._native import Answer, Scenario


def options(
    options: Iterable[Mapping[str, Any]],
    scenario: Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    model_error: bool = True,
) -> Answer:
    """Compares target options of a scenario: feasible, at what cost, how surely, with what
    regret. Each is what ``[[option]]`` of a file holds."""
    listed = [dict(one) for one in options]
    return scenario.set(option=listed).options(draws=draws, seed=seed, model_error=model_error)

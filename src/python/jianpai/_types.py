"""Small values."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt


class Block(NamedTuple):
    """Draws of a design: a function of the seed and the index of each."""

    start: int
    """The index of the first draw."""
    inputs: npt.NDArray[np.float64]
    """Shape (draws, inputs)."""
    outputs: npt.NDArray[np.float64]
    """Shape (draws, outputs); NaN where a draw has no result."""

    @classmethod
    def _of(cls, start: int, columns: Any, inputs: int) -> Block:
        return cls(start, columns[:, :inputs], columns[:, inputs:])

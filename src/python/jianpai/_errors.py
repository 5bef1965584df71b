"""What can be wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong, or to be doubted, with its place.

    The place is a line of a file, or, of a ``dict``, the ``path`` of a key:
    ``measures.rail.growth``.
    """

    code: str
    """The kind of mistake: ``unknown-key``."""
    severity: str
    """``error``, ``warning``, or how much it is to be doubted."""
    message: str
    """What is wrong, in one line."""
    file: str | None = None
    line: int | None = None
    """From 1."""
    column: int | None = None
    """From 1, in characters."""
    path: str | None = None
    label: str | None = None
    """What is said of the place."""
    notes: tuple[str, ...] = ()
    help: str | None = None
    """What to do."""


class ScenarioError(ValueError):
    """A scenario that cannot be read or run, with everything that is wrong.

    >>> import jianpai as jp
    >>> jp.set_language("en")
    >>> sc = jp.builtin("shaanxi-15fyp-planned")
    >>> try:
    ...     sc.set(growth={"gpd": "5 %"})
    ... except jp.ScenarioError as error:
    ...     print(error.diagnostics[0].path, "|", error.diagnostics[0].message)
    growth.gpd | there is no driver `gpd`
    """

    diagnostics: list[Diagnostic]
    """Each problem."""

    def __init__(self, text: str, diagnostics: list[Diagnostic] | None = None) -> None:
        super().__init__(text, diagnostics or [])
        self.diagnostics = diagnostics or []

    def __str__(self) -> str:
        return str(self.args[0])


class ScenarioWarning(UserWarning):
    """Something about a scenario that keeps it from nothing."""


class Float32Warning(UserWarning):
    """Inputs came with half the digits and were made whole."""

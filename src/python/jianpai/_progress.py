"""How far a sweep has come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


def bar(total: int) -> Callable[[int, int], None]:
    """A bar: of tqdm where it is installed, else a line that is written again."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _line(total)
    shown = tqdm(total=total, unit="draw", unit_scale=True)

    def tell(done: int, of: int) -> None:
        shown.update(done - shown.n)
        if done >= of:
            shown.close()

    return tell


def _line(total: int) -> Callable[[int, int], None]:
    started = time.monotonic()
    told = 0.0

    def tell(done: int, of: int) -> None:
        nonlocal told
        now = time.monotonic()
        if done < of and now - told < 0.2:
            return
        told = now
        rate = done / max(now - started, 1e-9)
        full = round(30 * done / max(of, 1))
        text = f"\r{'█' * full}{'·' * (30 - full)} {done:,}/{of:,}  {rate:,.0f}/s"
        sys.stderr.write(text + ("\n" if done >= of else ""))
        sys.stderr.flush()

    return tell

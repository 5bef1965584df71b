"""The command line, as the program by itself has it."""

from __future__ import annotations

import signal
import sys

from . import _native


def main() -> int:
    """Runs the command on what stands behind it; the exit code."""
    # As in the program by itself: an interrupt ends it at once, unless the command sees to it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native._command(["jianpai", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

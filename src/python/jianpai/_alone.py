"""The command in a process of its own, which ends when the process that started it does.

A worker that is killed leaves nothing running: its end closes the pipe that is read here.
"""

from __future__ import annotations

import os
import sys
import threading

from . import _native


def _watch() -> None:
    # Nothing is ever written to it: a read returns when the other end is gone.
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    code = _native._command(["jianpai", *sys.argv[1:]])
    sys.stdout.flush()
    sys.stderr.flush()
    # The watcher still reads: there is nothing to wait for.
    os._exit(code)

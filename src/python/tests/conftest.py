"""What all tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import jianpai as jp

ROOT = Path(os.environ["JIANPAI_ROOT"])


@pytest.fixture(autouse=True)
def english() -> None:
    """Messages in English, whatever the locale."""
    jp.set_language("en")


def command(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command line: the program named by JIANPAI, or that of the wheel."""
    program = os.environ.get("JIANPAI")
    start = [program] if program else [sys.executable, "-m", "jianpai"]
    return subprocess.run(
        [*start, "--lang", "en", *args], capture_output=True, text=True, cwd=cwd or ROOT, check=False
    )

"""The texts of a scenario, laid out as files again, and the command run on them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ._errors import ScenarioError
from ._native import VERSION, Scenario, data_hash, get_language


def say(zh: str, en: str) -> str:
    """What is said, in the language that is spoken."""
    return zh if get_language() == "zh" else en


@dataclass(frozen=True)
class Texts:
    """All that a scenario was read from: it goes to other machines as it is."""

    version: str
    """The version of the program that read it."""
    data: str
    """The hash of the data that it was read with."""
    top: str
    """The path of its file."""
    region: str | None
    """The region asked for instead of the file's own."""
    files: tuple[tuple[str, bytes], ...]
    """Every file by its path, sorted."""

    @classmethod
    def of(cls, scenario: Scenario) -> Texts:
        """The texts of a scenario. What was set lies over its file as one that extends it."""
        state: Any = scenario.__reduce__()[1]
        version, data, path, region, id_, layers, texts = state
        files = {name: bytes(text) for name, text in texts.items()}
        if not layers:
            return cls(version, data, path, region, tuple(sorted(files.items())))
        named = {name: text for name, text in layers}
        # The uppermost layer is the scenario's file: it is called what the scenario is.
        last = layers[-1][0]
        wanted = PurePosixPath(path).with_name(f"{id_}.toml").as_posix() if path != last else f"{id_}.toml"
        if wanted in files:
            under = PurePosixPath(wanted)
            moved = under.with_name(f"{under.stem}-as-read.toml")
            files[moved.as_posix()] = files.pop(wanted)
            first, text = layers[0]
            said = f'"extends" = {json.dumps(under.name, ensure_ascii=False)}'
            named[first] = text.replace(said, f'"extends" = {json.dumps(moved.name, ensure_ascii=False)}', 1)
        for name, text in named.items():
            files[wanted if name == last else name] = text.encode()
        return cls(version, data, wanted, region, tuple(sorted(files.items())))

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(text) for _, text in self.files)

    @property
    def digest(self) -> str:
        """A hash of all that it is."""
        whole = hashlib.sha256()
        for part in (self.version, self.data, self.top, self.region or ""):
            whole.update(part.encode() + b"\n")
        for name, text in self.files:
            whole.update(f"{name}\n{len(text)}\n".encode() + text)
        return whole.hexdigest()

    def check(self) -> None:
        """Refuses where the program or its data are others than those that it was read with."""
        if (self.version, self.data) == (VERSION, data_hash()):
            return
        raise ScenarioError(
            say(
                f"发出时为 jianpai {self.version}、数据 {self.data}；此处为 jianpai {VERSION}、"
                f"数据 {data_hash()}：请在各处装同一版本",
                f"it was sent by jianpai {self.version} with data {self.data}; here are jianpai "
                f"{VERSION} and data {data_hash()}: install the same version everywhere",
            )
        )

    def laid_out(self, folder: Path) -> tuple[Path, str]:
        """Writes the files below `folder`: where the command is to run, and the path of the
        scenario from there. Where all of them stand on this disk as they were read, they stay
        where they are."""
        if all(_is(Path(name), text) for name, text in self.files):
            return Path.cwd(), self.top
        ups = [sum(part == ".." for part in Path(name).parts) for name, _ in self.files]
        here = folder.joinpath("here", *["deeper"] * max(ups, default=0))
        here.mkdir(parents=True, exist_ok=True)

        def place(name: str) -> Path:
            path = Path(name)
            return folder / "disk" / path.relative_to(path.anchor) if path.is_absolute() else here / path

        for name, text in self.files:
            path = place(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        return here, str(place(self.top).resolve()) if Path(self.top).is_absolute() else self.top


def _is(path: Path, text: bytes) -> bool:
    """Whether a file holds this."""
    try:
        return path.read_bytes() == text
    except OSError:
        return False


def command(args: Sequence[str], cwd: Path) -> str:
    """Runs the command in a process of its own; what it prints.

    Raises `ScenarioError` with what it says where it comes to no good end.
    """
    start = [sys.executable, "-m", "jianpai._alone", "--lang", get_language(), *args]
    work = subprocess.Popen(
        start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
    )
    assert work.stdin is not None and work.stdout is not None and work.stderr is not None
    try:
        # `communicate` would close the pipe whose end is the sign to stop.
        said: list[bytes] = []
        stderr = work.stderr
        reader = threading.Thread(target=lambda: said.append(stderr.read()))
        reader.start()
        printed = work.stdout.read()
        reader.join()
        code = work.wait()
    except BaseException:
        work.kill()
        work.wait()
        raise
    finally:
        for pipe in (work.stdin, work.stdout, work.stderr):
            pipe.close()
    if code != 0:
        text = b"".join(said).decode(errors="replace").strip()
        raise ScenarioError(text or say(f"命令以 {code} 结束", f"the command ended with {code}"))
    return printed.decode()

"""A text that helps to find a fault and says nothing about the user or the photos."""

from __future__ import annotations

import getpass
import os
import platform
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fashion_finder.data_folder import DataFolder
from fashion_finder.own_files import open_regular

MOST_RECORDS = 30  # of the log
LOG_BYTES = 200_000  # at its end, that are searched
CRASH_BYTES = 20_000

_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?P<level>[A-Z]+) ")
_GRAVE = {"WARNING", "ERROR", "CRITICAL"}
_NAME_VARIABLES = ("USER", "LOGNAME", "USERNAME", "SUDO_USER")

_FRAME = re.compile(r'(?<=File ")[^"\n]+(?=", line \d+)')
# What comes before the public end of a path in our code, a package or Python's library.
_PUBLIC = re.compile(
    r"^.*[\\/](?:(?:site|dist)-packages|python3\.\d+)[\\/]|^.*[\\/](?=fashion_finder[\\/])"
)
_START = r"(?:[A-Za-z]:[\\/]|\\\\|/+|~[\\/])(?=[^\s\\/])"
_QUOTED = re.compile(rf"""(["'])(?:file:)?{_START}(?:(?!\1)[^\n])*\1""")
# Names may contain spaces, so a bare path is taken to end at a colon or the end of the line.
_BARE = re.compile(rf"(?<![\w<>.~/\\])(?:file:)?{_START}[^\n]*?(?=: |$)", re.MULTILINE)

Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What identifies the user, apart from paths in general."""

    user_names: tuple[str, ...] = ()
    computer: str = ""
    folders: tuple[Path, ...] = ()


def gather(
    data_dir: Path, versions: Iterable[tuple[str, str]], facts: Facts = (), trace: str = ""
) -> str:
    """Versions, the system, `facts`, a fault's trace, the last crash and the log's grave records.

    Reads files: not for the GUI thread.
    """
    folder = DataFolder(data_dir)
    crash, reported = folder.crash_log, folder.crash_log.with_suffix(".1.log")
    system = (
        ("system", platform.platform()),
        ("processor", f"{platform.machine()}, {os.cpu_count()} cores"),
    )
    summary = "\n".join(f"{name}: {value}" for name, value in (*versions, *system, *facts))
    excerpts = (
        ("This fault", trace),
        # The trace that no start has reported yet, else the last one reported.
        ("Last crash", _end_of(crash, CRASH_BYTES) or _end_of(reported, CRASH_BYTES)),
        ("Log", grave_records(_end_of(folder.log_file, LOG_BYTES))),
    )
    sections = "".join(f"\n\n{title}\n{text.strip()}" for title, text in excerpts if text.strip())
    return summary + without_user(sections, _secrets(data_dir)) + "\n"


def grave_records(log: str) -> str:
    """The latest warnings and errors of a log, with their traces."""
    records: list[list[str]] = []
    level = ""
    for line in log.splitlines():
        if begin := _RECORD.match(line):
            level = begin["level"]
            if level in _GRAVE:
                records.append([])
        if level in _GRAVE:
            records[-1].append(line)
    return "\n".join("\n".join(record) for record in records[-MOST_RECORDS:])


def _end_of(path: Path, most: int) -> str:
    """The last bytes of a file as text; "" when it cannot be read."""
    try:
        with open_regular(path) as file:
            file.seek(max(0, path.stat().st_size - most))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _secrets(data_dir: Path) -> Secrets:
    names = {os.environ.get(name, "") for name in _NAME_VARIABLES}
    folders = [data_dir]
    with suppress(OSError):  # nowhere is room for a temporary file
        folders.append(Path(tempfile.gettempdir()))
    try:
        names.add(getpass.getuser())
        home = Path.home()
        folders.append(home)
        names.add(home.name)
    except (KeyError, OSError, RuntimeError, ImportError):
        pass  # a user without an entry in the system's list, or without a home
    return Secrets(
        user_names=tuple(sorted(names - {""}, key=len, reverse=True)),
        computer=platform.node(),
        folders=tuple(path for path in folders if len(path.parts) > 1),
    )


# ---------------------------------------------------------------- redaction


def without_user(text: str, secrets: Secrets) -> str:
    """The text without the user's paths and names.

    Frames of a trace keep the end of their path that is the same on every computer.
    """
    text = _FRAME.sub(lambda frame: _public_part(frame[0]), text)
    for folder in sorted(map(str, secrets.folders), key=len, reverse=True):
        text = re.sub(
            rf"{re.escape(folder)}[^\n]*?(?=: |[\"']|$)", "<path>", text, flags=re.MULTILINE
        )
    text = _QUOTED.sub(r"\1<path>\1", text)
    text = _BARE.sub("<path>", text)
    for name in filter(None, secrets.user_names):
        text = _word(name).sub("<user>", text)
    return _word(secrets.computer).sub("<computer>", text) if secrets.computer else text


def _public_part(path: str) -> str:
    public = _PUBLIC.sub("", path)
    if public != path or not re.match(_START, path):
        return public
    return re.split(r"[\\/]", path)[-1]


def _word(name: str) -> re.Pattern[str]:
    """The name as a whole word in any case: 'anna' is not in 'savannah'."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)

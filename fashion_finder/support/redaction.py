"""Removes the user's names and paths from a text that strangers will read. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FRAME = re.compile(r'(?<=File ")[^"\n]+(?=", line \d+)')
# What comes before the public end of a path in our code, a package or Python's library.
_PUBLIC = re.compile(
    r"^.*[\\/](?:(?:site|dist)-packages|python3\.\d+)[\\/]|^.*[\\/](?=fashion_finder[\\/])"
)
_START = r"(?:[A-Za-z]:[\\/]|\\\\|/+|~[\\/])(?=[^\s\\/])"
_QUOTED = re.compile(rf"""(["'])(?:file:)?{_START}(?:(?!\1)[^\n])*\1""")
# Names may hold blanks, so a bare path is taken to end at a colon or the end of the line.
_BARE = re.compile(rf"(?<![\w<>.~/\\])(?:file:)?{_START}[^\n]*?(?=: |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What identifies the user, apart from paths in general."""

    user_names: tuple[str, ...] = ()
    computer: str = ""
    folders: tuple[Path, ...] = ()


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

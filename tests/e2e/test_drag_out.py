"""Answers dragged out of the real window, into another program."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from tests.e2e.conftest import Mouse, Program, Start

pytestmark = pytest.mark.e2e

TARGET = (80, 80)  # in the middle of the window of drop_target.py


@pytest.fixture
def target(start: Start, window: Program) -> Program:
    """A program that takes drops, beside the window."""
    program = start("drop_target.py")
    program.lines.wait(lambda line: line == "ready", "the target's window")
    return program


def link(path: str) -> str:
    """A file's address."""
    return QUrl.fromLocalFile(path).toString()


def test_tiles_leave_as_exactly_their_files(
    mouse: Mouse, window: Program, target: Program, wardrobe: Path
) -> None:
    """One, then several: never another answer's file, always a copy, nothing gone afterwards."""
    before = sorted(path.name for path in wardrobe.iterdir())
    window.say(f"ask {wardrobe / 'dress-a-line-emerald.jpg'}")
    answered = window.wait_for("answered")
    files, places = answered["shown"], [tuple(place) for place in answered["places"]]

    mouse.drag(target, places[2], TARGET)
    dropped = target.wait_for("dropped")
    assert dropped["urls"] == [link(files[2])]
    assert dropped["offered"] == ["CopyAction"]

    mouse.click(places[0])
    mouse.click(places[4], "ctrl")
    mouse.drag(target, places[4], TARGET)
    assert sorted(target.wait_for("dropped")["urls"]) == sorted([link(files[0]), link(files[4])])
    assert sorted(path.name for path in wardrobe.iterdir()) == before


def test_a_program_that_hesitates_gets_the_file(
    start: Start, mouse: Mouse, window: Program, wardrobe: Path
) -> None:
    """It welcomes nothing before the button is up, as PCManFM may not before it has the list."""
    target = start("drop_target.py", "hesitant")
    target.lines.wait(lambda line: line == "ready", "the target's window")
    window.say(f"ask {wardrobe / 'dress-a-line-emerald.jpg'}")
    answered = window.wait_for("answered")
    mouse.drag(target, tuple(answered["places"][2]), TARGET, told="refused")
    assert target.wait_for("dropped")["urls"] == [link(answered["shown"][2])]

"""The real clipboard, between the real window and another program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QUrl

from tests.e2e.conftest import TIMEOUT, Program, Start
from tests.timeouts import until

pytestmark = pytest.mark.e2e


def other_program(start: Start, *arguments: str | Path) -> Program:
    """A program beside the window, that has copied something."""
    program = start("clipboard_program.py", *arguments)
    program.lines.wait(lambda line: line == "ready", "the other program's window")
    return program


def clipboard(program: Program, what: str, wanted: object) -> dict[str, Any]:
    """What another program finds on the clipboard, once it has heard that there is something new."""
    found: dict[str, Any] = {}

    def is_there() -> bool:
        program.say("look")
        found.update(program.wait_for("clipboard"))
        return bool(found[what] == wanted)

    until(is_there, TIMEOUT, lambda: f"no {what} {wanted}: {found}")
    return found


def test_a_file_copied_in_a_file_manager_is_asked(
    start: Start, window: Program, wardrobe: Path
) -> None:
    """Its links come without any text, and with a mark that they were copied."""
    piece = wardrobe / "dress-a-line-emerald.jpg"
    other_program(start, "files", piece)
    window.say("paste")
    answered = window.wait_for("answered")
    assert (answered["question"], answered["itself"]) == (piece.name, str(piece))
    assert len(answered["shown"]) == 5


def test_a_picture_copied_in_an_editor_is_asked(
    start: Start, window: Program, wardrobe: Path
) -> None:
    """It has no file, and still finds the piece that it shows."""
    piece = wardrobe / "dress-a-line-emerald.jpg"
    other_program(start, "image", piece)
    window.say("paste")
    answered = window.wait_for("answered")
    assert answered["question"] == "pasted picture"
    assert answered["shown"][0] == str(piece)


def test_an_answer_is_copied_as_file_as_picture_and_as_path(
    start: Start, window: Program, wardrobe: Path
) -> None:
    """For file managers, for documents, and for anything that takes text."""
    other = other_program(start)
    window.say(f"ask {wardrobe / 'dress-a-line-emerald.jpg'}")
    best = window.wait_for("answered")["shown"][0]
    link = QUrl.fromLocalFile(best).toString()

    window.say("copy files")
    assert window.wait_for("told")["text"] == "File copied"
    found = clipboard(other, "mark", f"copy\n{link}")
    assert (found["urls"], found["text"]) == ([link], best)

    window.say("copy picture")
    assert window.wait_for("told")["text"] == "Image copied"
    with Image.open(best) as photo:
        clipboard(other, "image", list(photo.size))

    window.say("copy paths")
    assert window.wait_for("told")["text"] == "Path copied"
    assert clipboard(other, "text", best)["urls"] == []

"""The real clipboard, between the real window and another program."""

from __future__ import annotations

import json
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


def wait_for_clipboard(program: Program, **wanted: object) -> None:
    """Until another program finds all this there: on a busy machine, one format may come too late."""
    found: dict[str, Any] = {}

    def is_there() -> bool:
        program.say("look")
        found.update(program.wait_for("clipboard"))
        return wanted.items() <= found.items()

    until(is_there, TIMEOUT, lambda: f"no {wanted}: {found}")


def paste(window: Program) -> dict[str, Any]:
    """Paste until it is answered: on a busy machine the other program may be too slow for Qt."""
    answered: list[dict[str, Any]] = []

    def is_answered() -> bool:
        window.say("paste")
        line = window.lines.look_for(lambda line: '"event": "answered"' in line, TIMEOUT / 4)
        answered.extend([] if line is None else [json.loads(line)])
        return answered != []

    until(is_answered, TIMEOUT, lambda: "nothing that is pasted is answered")
    return answered[0]


def test_a_file_copied_in_a_file_manager_is_asked(
    start: Start, window: Program, wardrobe: Path
) -> None:
    """Its links come without any text, and with a mark that they were copied."""
    piece = wardrobe / "dress-a-line-emerald.jpg"
    other_program(start, "files", piece)
    answered = paste(window)
    assert (answered["question"], answered["itself"]) == (piece.name, str(piece))
    assert len(answered["shown"]) == 5


def test_a_picture_copied_in_an_editor_is_asked(
    start: Start, window: Program, wardrobe: Path
) -> None:
    """It has no file, and still finds the piece that it shows."""
    piece = wardrobe / "dress-a-line-emerald.jpg"
    other_program(start, "image", piece)
    answered = paste(window)
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
    wait_for_clipboard(other, mark=f"copy\n{link}", urls=[link], text=best)

    window.say("copy picture")
    assert window.wait_for("told")["text"] == "Image copied"
    with Image.open(best) as photo:
        wait_for_clipboard(other, image=list(photo.size))

    window.say("copy paths")
    assert window.wait_for("told")["text"] == "Path copied"
    wait_for_clipboard(other, text=best, urls=[], mark="")

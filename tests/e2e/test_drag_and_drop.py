"""Real drags between two processes, onto the real window, answered by the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import TIMEOUT, Mouse, Program, Start
from tests.timeouts import until

pytestmark = pytest.mark.e2e

SOURCE = (80, 80)  # in the middle of the window of drag_source.py
TARGET = (750, 380)  # in the middle of the window of observed_window.py


def drag(start: Start, mouse: Mouse, kind: str, *loads: str | Path) -> None:
    """Drag from another program onto the window; it lives on, as its data is fetched from it."""
    source = start("drag_source.py", kind, *loads)
    source.lines.wait(lambda line: line == "ready", "the source's window")
    mouse.drag(source, SOURCE, TARGET)
    source.lines.wait(lambda line: line == "dropped CopyAction", "the end of the drag")


def first_message(window: Program) -> dict[str, str]:
    """What the window says in a bar, once it says something: a drop is understood beside it."""
    told: list[dict[str, str]] = []

    def is_told() -> bool:
        window.say("messages")
        told.extend(window.wait_for("messages")["shown"])
        return told != []

    until(is_told, TIMEOUT)
    return told[0]


def test_a_dragged_file_shows_the_five_most_similar_in_order(
    start: Start, mouse: Mouse, window: Program, wardrobe: Path, model: Path, tmp_path: Path
) -> None:
    """The same five, in the same order, as the engine gives to anybody who asks."""
    piece = wardrobe / "dress-a-line-emerald.jpg"
    drag(start, mouse, "url", piece)
    answered = window.wait_for("answered")
    assert answered["question"] == piece.name
    assert answered["itself"] == str(piece)
    assert len(answered["shown"]) == 5
    assert str(piece) not in answered["shown"]
    best = Path(answered["shown"][0]).name
    assert best.startswith("dress") and "emerald" in best
    assert answered["shown"] == expected(window, piece, model, tmp_path)


def test_dragged_picture_data_is_answered_without_its_link(
    start: Start, mouse: Mouse, window: Program, wardrobe: Path
) -> None:
    """A browser offers address, HTML, bytes and pixels; the bytes are asked, and known again."""
    piece = wardrobe / "dress-maxi-ruby-floral.jpg"
    drag(start, mouse, "image", piece)
    answered = window.wait_for("answered")
    assert answered["question"] == "dropped picture"
    assert answered["itself"] == str(piece)
    assert len(answered["shown"]) == 5


def test_a_dragged_link_is_answered_with_advice(
    start: Start, mouse: Mouse, window: Program
) -> None:
    """Nothing is fetched: a sentence says how to bring the picture."""
    drag(start, mouse, "link", "https://shop.example/dress")
    assert "Copy Image" in first_message(window)["text"]


def test_a_program_that_ends_before_it_hands_over_is_named_as_the_cause(
    start: Start, mouse: Mouse, window: Program
) -> None:
    """Nobody is told of a link, and the window goes on."""
    source = start("drag_source.py", "dying")
    source.lines.wait(lambda line: line == "ready", "the source's window")
    mouse.drag(source, SOURCE, TARGET)
    source.lines.wait(lambda line: line == "asked", "the end of the program")
    assert "did not hand the picture over" in first_message(window)["text"]


def test_a_dragged_text_file_called_jpg_is_refused_in_words(
    start: Start, mouse: Mouse, window: Program, tmp_path: Path
) -> None:
    """And the window goes on."""
    impostor = tmp_path / "notes.jpg"
    impostor.write_text("no picture")
    drag(start, mouse, "url", impostor)
    assert window.wait_for("failed") == {
        "event": "failed",
        "name": "notes.jpg",
        "title": "This picture cannot be read",
    }


def expected(window: Program, piece: Path, model: Path, tmp_path: Path) -> list[str]:
    """What the engine answers, asked in this process over the window's own data."""
    from fashion_finder.domain import PictureFile
    from fashion_finder.engine import Engine

    window.say("quit")
    assert window.process.wait(60) == 0
    with Engine.open(tmp_path / "data", model) as engine:
        answer = engine.find_similar(PictureFile(piece), apart=True)
    return [str(match.path) for match in answer.matches]

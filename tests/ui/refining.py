"""A question that is being refined, on the real window with a fake engine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from fashion_finder.domain import Refinement
from fashion_finder.ui.question.picture import QuestionPicture
from tests.ui.fakes import FakeEngine

FIRST, SECOND, THIRD = (Path(f"/q/{name}.jpg") for name in ("first", "second", "third"))
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def latest(engine: FakeEngine) -> Refinement:
    """How the last question was refined."""
    return engine.refined[-1]


def picks(picture: QuestionPicture) -> bool:
    """Whether the eyedropper is out."""
    return picture.is_picking


def place(picture: QuestionPicture, across: float, down: float) -> QPoint:
    """A place of the picture on its widget."""
    box = picture.target()
    return QPoint(round(box.left() + across * box.width()), round(box.top() + down * box.height()))


def drag(picture: QuestionPicture, *path: tuple[float, float]) -> None:
    """With the mouse, from the first place to the last."""
    QTest.mousePress(picture, LEFT, NONE, place(picture, *path[0]))
    for point in path[1:]:
        QTest.mouseMove(picture, place(picture, *point))
    QTest.mouseRelease(picture, LEFT, NONE, place(picture, *path[-1]))

"""The question's panel in windows of any height."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import AS_IT_IS, PictureFile, Recognised, Status
from fashion_finder.ui.question.panel import QuestionPanel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader
from tests.ui.fakes import MODEL, FakeHandle, answer, matches, read
from tests.ui.refining import FIRST


@pytest.fixture
def panel(qtbot: QtBot, handle: FakeHandle) -> Iterator[QuestionPanel]:
    """Everything that can be shown is shown."""
    loader = ThumbnailLoader(handle)
    window = QWidget()  # a window itself grows to what its contents need at least
    panel = QuestionPanel(loader, window)
    qtbot.addWidget(window)
    panel.resize(300, 1200)
    with qtbot.waitExposed(window):
        window.show()
    panel.show_status(Status((), 0, (), MODEL))
    panel.show_question("first.jpg")
    found = answer(PictureFile(FIRST))
    words = (Recognised("type", "Dresses", 0.9),)
    panel.show_answer(replace(found, itself=matches()[0], picture=read(), recognised=words))
    panel.show_refinement(AS_IT_IS, matches()[:1], ())
    yield panel
    loader.close()


@pytest.mark.usefixtures("theme")
def test_what_can_be_missed_gives_way_first(panel: QuestionPanel) -> None:
    """In a lower and lower window one after the other goes; the controls go last."""
    order = (
        *(panel.hint, panel.tags, panel.open_button, panel.itself),
        *(panel.balance, panel.tools.colour, panel.examples),
    )
    assert all(widget.isVisible() for widget in order)
    counts = set()
    for height in range(1200, 200, -10):
        panel.resize(300, height)
        QApplication.processEvents()
        hidden = [widget for widget in order if not widget.isVisible()]
        assert hidden == list(order[: len(hidden)])
        counts.add(len(hidden))
    assert counts == set(range(len(order) + 1))
    panel.resize(300, 1200)
    assert all(widget.isVisible() for widget in order)

"""No text is ever cut off: it wraps, shortens itself with an ellipsis, or is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    Answer,
    Closeness,
    ContentId,
    Match,
    Question,
    Recognised,
    SyncPhase,
    SyncProgress,
)
from fashion_finder.errors import PictureUnreadable
from fashion_finder.ui.filters.words_field import WordsField
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, answer, listing, matches

LONG = Path("/photos/deep/folder/with a long name/" + "screenshot from the phone " * 4 + ".jpg")
SIZES = [(820, 560), (900, 600), (1280, 800)]


@pytest.fixture(params=[10.0, 14.0], ids=["usual letters", "large letters"])
def letters(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    """The user's letters, before the window is made."""
    usual = QFont(qapp.font())
    chosen = QFont(usual)
    chosen.setPointSizeF(request.param)
    qapp.setFont(chosen)
    yield request.param
    qapp.setFont(usual)


def cut_off(window: MainWindow) -> list[str]:
    """The texts that have less room than they need."""
    found = []
    for button in window.findChildren(QPushButton):
        needed = button.fontMetrics().horizontalAdvance(button.text())
        if button.isVisible() and button.width() < needed:
            found.append(f"button {button.text()!r}")
    for field in window.findChildren(WordsField):
        needed = field.fontMetrics().horizontalAdvance(field.placeholderText())
        if field.isVisible() and field.room < needed:
            found.append(f"field {field.placeholderText()!r}")
    for label in window.findChildren(QLabel):
        if not label.isVisible() or isinstance(label, ElidedLabel) or not label.text():
            continue
        wide, high = label.width(), label.height()
        if label.wordWrap():
            needed = label.heightForWidth(wide)
        else:
            needed = label.sizeHint().height()
            if wide < label.fontMetrics().horizontalAdvance(label.text()):
                found.append(f"label {label.text()!r} is too narrow")
        if high < needed:
            found.append(f"label {label.text()!r} is too low: {high} < {needed}")
    return found


def fail(question: Question) -> Answer:
    """What the engine says of a broken picture."""
    raise PictureUnreadable(LONG, "it is damaged, or not a picture of a known format")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.usefixtures("letters")
def test_nothing_is_cut_off(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, size: tuple[int, int]
) -> None:
    """On every page, with everything shown that can be shown at once."""
    window = open_window()
    window.resize(*size)
    QApplication.processEvents()
    assert cut_off(window) == []

    own = Match(ContentId(7), LONG, 1.0, Closeness.VERY_CLOSE, (LONG,))
    words = (Recognised("type", "Night suits", 0.9), Recognised("colour_name", "Turquoise", 0.8))
    far = tuple(replace(one, closeness=Closeness.FAR) for one in matches())
    engine.answer_to = lambda question: replace(
        answer(question, far), itself=own, recognised=words, searched=123456
    )
    engine.reports = (
        SyncProgress(SyncPhase.READING, LONG, 98500, 12040, 98500, 1200, 67.3, 1280.0),
    )
    engine.syncing.clear()
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(LONG)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(LONG)
    QApplication.processEvents()
    assert cut_off(window) == []

    engine.answer_to = fail
    with qtbot.waitSignal(window.search.failed):
        window.search.ask_file(LONG)
    QApplication.processEvents()
    assert cut_off(window) == []

    engine.listing_of = lambda filters: listing(0 if filters else 123456, filters)
    for name in ("", "zorbing " * 12):
        window.menus.browse.trigger()
        window.browse.filters.field.setText(name)
        window.browse.filters.apply_words()
        qtbot.waitUntil(lambda: not window.browsing.is_waiting)
        QApplication.processEvents()
        assert cut_off(window) == []

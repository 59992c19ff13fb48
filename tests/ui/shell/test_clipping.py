"""No text is ever cut off: it wraps, shortens itself with an ellipsis, or is not shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
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
from fashion_finder.ui.filters.filter_bar import WordsField
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.state_page import Choice, State, StatePage
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, answer, listing, matches

LONG = Path("/photos/deep/folder/with a long name/" + "screenshot from the phone " * 4 + ".jpg")
SIZES = [(820, 560), (900, 600), (1280, 800)]


FONTS = {"DejaVu Sans": "fonts-dejavu-core", "Noto Sans": "fonts-noto-core"}
"""Fonts of different shapes, and the Debian packages that `make setup` installs for these tests."""


@pytest.fixture(params=[10.0, 14.0], ids=["usual letters", "large letters"])
def size_of_letters(request: pytest.FixtureRequest) -> float:
    """Points."""
    points: float = request.param
    return points


@pytest.fixture(params=FONTS)
def letters(
    request: pytest.FixtureRequest, qapp: QApplication, size_of_letters: float
) -> Iterator[None]:
    """The user's letters, before the window is made."""
    family: str = request.param
    if family not in QFontDatabase.families():
        if sys.platform == "linux":
            pytest.fail(f"{family} is missing: install Debian's package {FONTS[family]}", False)
        pytest.skip(f"this system has no {family}")
    usual = QFont(qapp.font())
    chosen = QFont(family)
    chosen.setPointSizeF(size_of_letters)
    qapp.setFont(chosen)
    yield
    qapp.setFont(usual)


def cut_off(window: QWidget) -> list[str]:
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

    own = Match(ContentId(7), LONG, 1.0, Closeness.SAME_PIECE, (LONG,))
    words = (Recognised("type", "Night suits", 0.9), Recognised("colour_name", "Turquoise", 0.8))
    far = tuple(replace(one, closeness=Closeness.DISSIMILAR) for one in matches())
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


@pytest.mark.usefixtures("letters")
def test_a_small_page_keeps_what_it_is_about(qtbot: QtBot) -> None:
    """Title, file, advice and buttons are whole; emblem, reason and footnote have made room."""
    page = StatePage()
    qtbot.addWidget(page)
    page.resize(424, 280)
    page.show_state(
        State(
            title="This picture cannot be read",
            text="Open it in another program and save it again as JPEG or PNG.",
            subject=str(LONG),
            reason="it is damaged, or not a picture of a known format",
            footnote="Everything stays on this computer.",
            choices=(Choice("Open Picture…", page.hide, is_primary=True),),
            is_failure=True,
        )
    )
    page.show()
    QApplication.processEvents()
    assert cut_off(page) == []
    (button,) = page.choices
    assert page.rect().contains(QRect(button.mapTo(page, QPoint()), button.size()))

"""Every string can be translated, none is cut when it grows, and everything has a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Filters
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, answer, listing, matches
from tests.ui.shell.test_clipping import cut_off

OPENING, CLOSING = "⟦", "⟧"
# What is not ours to translate: names of files and folders, words of the model.
DATA = {"question.jpg", "/photos", "Dresses", "Mauve", "zorbing"} | {
    f"piece {i}.jpg" for i in range(1, 31)
}


class PseudoLocale(QTranslator):
    """A language that marks every translated string and is a third longer than English."""

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return f"{OPENING}{source}{'~' * (len(source) // 3)}{CLOSING}"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    """The strange language, for windows made from here on."""
    translator = PseudoLocale()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def show_an_answer(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    """Fill the page: more answers than five, chips with counts, nothing close."""
    engine.answer_to = lambda question: answer(question, matches(12))
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(Path("/q/question.jpg"))
    qtbot.waitUntil(window.results.filters.types.isEnabled)


def texts(window: MainWindow) -> set[str]:
    """What is written on the window, and said of it."""
    found: set[str] = set()
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        found |= {widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        elif isinstance(widget, QLineEdit):
            found.add(widget.placeholderText())
    for action in window.findChildren(QAction):
        owner = action.parent()
        if isinstance(owner, QWidget) and not owner.isVisible():
            continue
        found.add(action.text())
    return {text for text in found if any(letter.isalpha() for letter in text)}


@pytest.mark.usefixtures("pseudo_locale")
def test_every_string_goes_through_the_translation(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    """On the page of answers and in the large preview."""
    window = open_window()
    show_an_answer(qtbot, window, engine)
    window.results.preview.show_match(window.results.model.matches[0])
    qtbot.waitUntil(lambda: len(window.results.preview.sheet.facts) > 3)
    untranslated = {
        text
        for text in texts(window)
        if OPENING not in text and not any(word in text for word in DATA)
    }
    assert untranslated == set()


@pytest.mark.usefixtures("pseudo_locale")
def test_every_string_of_the_page_of_everything_too(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    """With pictures, with none, and with one shown large."""
    window = open_window()
    found: set[str] = set()
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: window.browse.model.count > 0)
    qtbot.waitUntil(window.browse.filters.types.isEnabled)
    found |= texts(window)
    window.browse.preview.show_match(window.browse.grid.in_sight()[0])
    qtbot.waitUntil(lambda: len(window.browse.preview.sheet.facts) > 2)
    found |= texts(window)
    window.browse.preview.dismiss()
    engine.listing_of = lambda filters: listing(0, filters)
    for wanted in (Filters(names=("zorbing",)), Filters(types=("Dresses",))):
        window.browse.filters.set_filters(wanted)
        qtbot.waitUntil(lambda: not window.browsing.is_waiting)
        found |= texts(window)
    assert any("zorbing" in text for text in found)
    untranslated = {
        text for text in found if OPENING not in text and not any(word in text for word in DATA)
    }
    assert untranslated == set()


@pytest.mark.parametrize("size", [(900, 600), (1280, 800)])
@pytest.mark.usefixtures("pseudo_locale")
def test_longer_words_are_not_cut(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, size: tuple[int, int]
) -> None:
    """A third longer than English, as German is."""
    window = open_window()
    window.resize(*size)
    show_an_answer(qtbot, window, engine)
    QApplication.processEvents()
    assert cut_off(window) == []
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: window.browse.model.count > 0)
    QApplication.processEvents()
    assert cut_off(window) == []


def test_everything_has_a_name_for_screen_readers(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """Whatever can be focused, pressed or read off."""
    show_an_answer(qtbot, window, engine)
    window.results.preview.show_match(window.results.model.matches[0])
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSlider, QLineEdit, QProgressBar)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in window.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not isinstance(widget, QScrollBar)
        and widget.objectName() != "qt_menubar_ext_button"  # Qt's own
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not isinstance(widget.parent(), QLineEdit)
    ]
    assert nameless == []

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

from fashion_finder.domain import Filters
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenPage
from tests.ui.fakes import FakeEngine, answer, listing, matches
from tests.ui.shell.test_clipping import cut_off
from tests.ui.window_page import WindowPage

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


def show_an_answer(page: WindowPage, engine: FakeEngine) -> None:
    """Fill the page: more answers than five, chips with counts, nothing close."""
    engine.answer_to = lambda question: answer(question, matches(12))
    with page.painted():
        page.begin_question(Path("/q/question.jpg"))
    page.until(page.results.filters.types.isEnabled)


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
def test_every_string_goes_through_the_translation(open_page: OpenPage, engine: FakeEngine) -> None:
    """On the page of answers and in the large preview."""
    page = open_page()
    show_an_answer(page, engine)
    page.results.preview.show_match(page.answers[0])
    page.until(lambda: len(page.results.preview.sheet.facts) > 3)
    untranslated = {
        text
        for text in texts(page.window)
        if OPENING not in text and not any(word in text for word in DATA)
    }
    assert untranslated == set()


@pytest.mark.usefixtures("pseudo_locale")
def test_every_string_of_the_page_of_everything_too(
    open_page: OpenPage, engine: FakeEngine
) -> None:
    """With pictures, with none, and with one shown large."""
    page = open_page()
    found: set[str] = set()
    page.menus.browse.trigger()
    page.until(lambda: page.browse.model.count > 0)
    page.until(page.browse.filters.types.isEnabled)
    found |= texts(page.window)
    page.browse.preview.show_match(page.browse.grid.in_sight()[0])
    page.until(lambda: len(page.browse.preview.sheet.facts) > 2)
    found |= texts(page.window)
    page.browse.preview.dismiss()
    engine.listing_of = lambda filters: listing(0, filters)
    for wanted in (Filters(names=("zorbing",)), Filters(types=("Dresses",))):
        page.browse.filters.set_filters(wanted)
        page.until(lambda: not page.window.browsing.is_waiting)
        found |= texts(page.window)
    assert any("zorbing" in text for text in found)
    untranslated = {
        text for text in found if OPENING not in text and not any(word in text for word in DATA)
    }
    assert untranslated == set()


@pytest.mark.parametrize("size", [(900, 600), (1280, 800)])
@pytest.mark.usefixtures("pseudo_locale")
def test_longer_words_are_not_cut(
    open_page: OpenPage, engine: FakeEngine, size: tuple[int, int]
) -> None:
    """A third longer than English, as German is."""
    page = open_page()
    page.window.resize(*size)
    show_an_answer(page, engine)
    QApplication.processEvents()
    assert cut_off(page.window) == []
    page.menus.browse.trigger()
    page.until(lambda: page.browse.model.count > 0)
    QApplication.processEvents()
    assert cut_off(page.window) == []


def test_everything_has_a_name_for_screen_readers(page: WindowPage, engine: FakeEngine) -> None:
    """Whatever can be focused, pressed or read off."""
    show_an_answer(page, engine)
    page.results.preview.show_match(page.answers[0])
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSlider, QLineEdit, QProgressBar)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in page.window.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not isinstance(widget, QScrollBar)
        and widget.objectName() != "qt_menubar_ext_button"  # Qt's own
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not isinstance(widget.parent(), QLineEdit)
    ]
    assert nameless == []

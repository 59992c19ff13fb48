"""Help > User Guide: the guide beside the window, without a browser and without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder import paths
from fashion_finder.ui.kit.theme import DARK, LIGHT, Theme
from fashion_finder.ui.shell.guide import MARGIN, Guide, GuideWindow, read_guide
from fashion_finder.ui.shell.main_window import MainWindow

TEXT = "\n\n".join(
    (
        "# Guide",
        "See [below](#the-end), or [the web](https://example.org).",
        "![A dress](wide.png)",
        "| key | does |\n|---|---|\n| F1 | help |",
        "## Middle",
        *(f"Line {number} about a dress." for number in range(80)),
        "## The end",
        "Bye.",
    )
)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow) -> GuideWindow:
    """The guide, opened from the menu."""
    window.menus.guide.trigger()
    qtbot.waitUntil(lambda: window.findChild(GuideWindow) is not None)
    guide = window.findChild(GuideWindow)
    assert isinstance(guide, GuideWindow)
    with qtbot.waitExposed(guide):
        guide.activateWindow()
    return guide


@pytest.fixture
def small(qtbot: QtBot, theme: Theme) -> GuideWindow:
    """A guide of ours, with links and a wide picture."""
    picture = QImage(3000, 300, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    guide = GuideWindow(Guide(TEXT, {"wide.png": picture}))
    qtbot.addWidget(guide)
    with qtbot.waitExposed(guide):
        guide.show()
    guide.activateWindow()
    guide.field.setFocus()
    return guide


def at_top(guide: GuideWindow) -> str:
    """The first line that can be read."""
    return guide.page.cursorForPosition(guide.page.viewport().rect().topLeft()).block().text()


def picture_width(guide: GuideWindow) -> float:
    """Of the wide picture as it is drawn, in logical pixels."""
    kind = QTextDocument.ResourceType.ImageResource.value
    image = guide.page.document().resource(kind, QUrl("wide.png"))
    assert isinstance(image, QImage)
    return image.width() / image.devicePixelRatio()


@pytest.mark.usefixtures("gui_thread_is_free")
def test_the_guide_opens_beside_the_window(qtbot: QtBot, window: MainWindow) -> None:
    """Read by a worker; the window can be used meanwhile, and a second F1 opens no second one."""
    window.menus.guide.trigger()
    qtbot.waitUntil(lambda: window.findChild(GuideWindow) is not None)
    window.menus.guide.trigger()
    QTest.qWait(0)
    (guide,) = window.findChildren(GuideWindow)
    assert guide.isVisible() and not guide.isModal()
    assert "five most similar" in guide.page.toPlainText()
    assert guide.page.isReadOnly()
    assert at_top(guide) == "User guide"


def test_its_keys(qtbot: QtBot, window: MainWindow, opened: GuideWindow) -> None:
    """Tab reaches everything, Ctrl+F the field, Enter there the next place; Escape closes."""
    assert opened.page.hasFocus()
    reached = set()
    for _ in range(8):
        widget = QApplication.focusWidget()
        assert widget is not None
        reached.add(widget)
        assert widget.accessibleName() or widget.property("text")
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert {opened.field, opened.headings, opened.page} < reached
    QTest.keyClick(opened.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(opened.field.hasFocus)
    QTest.keyClicks(opened.field, "slider")
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert opened.isVisible()
    assert opened.page.textCursor().selectedText() == "slider"
    QTest.keyClick(opened.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(GuideWindow) is None)


def test_every_picture_of_the_guide_is_shown() -> None:
    """With its description below it."""
    guide = read_guide()
    assert guide.text.count("![") == len(guide.pictures) > 5
    assert "\n*The start page*\n" in guide.text


def test_enter_does_not_close_the_guide(small: GuideWindow) -> None:
    """On a heading it would otherwise press the default button."""
    small.headings.setFocus()
    QTest.keyClick(small.headings, Qt.Key.Key_Return)
    assert small.isVisible()


def test_a_guide_asked_for_twice_opens_once(qtbot: QtBot, window: MainWindow) -> None:
    """F1 can be pressed again before the text has been read."""
    window.menus.guide.trigger()
    window.menus.guide.trigger()
    qtbot.waitUntil(lambda: window.findChild(GuideWindow) is not None)
    with qtbot.waitSignal(window.catalogue_status.changed):  # behind both readings
        window.catalogue_status.refresh()
    assert len(window.findChildren(GuideWindow)) == 1


def test_headings_lead_to_their_text(small: GuideWindow) -> None:
    """With the mouse or the arrow keys, and again after scrolling away."""
    items = small.headings.findItems("", Qt.MatchFlag.MatchContains)
    assert [item.text(0) for item in items] == ["Guide", "Middle", "The end"]
    small.headings.setCurrentItem(items[0])
    assert at_top(small) == "Guide"
    QTest.keyClick(small.headings, Qt.Key.Key_Down)
    assert at_top(small) == "Middle"
    small.page.verticalScrollBar().setValue(0)
    middle = small.headings.visualRect(small.headings.currentIndex()).center()
    QTest.mouseClick(small.headings.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert at_top(small) == "Middle"


def test_the_search_goes_on_and_round(small: GuideWindow) -> None:
    """While typing it stays at a place that still fits; what is not there is said to be so."""

    def place() -> tuple[str, str]:
        cursor = small.page.textCursor()
        return cursor.block().text(), cursor.selectedText()

    QTest.keyClicks(small.field, "line 7")
    assert place() == ("Line 7 about a dress.", "Line 7")
    QTest.keyClick(small.field, Qt.Key.Key_Return)
    assert place() == ("Line 70 about a dress.", "Line 7")
    QTest.keyClicks(small.field, "9")
    assert place() == ("Line 79 about a dress.", "Line 79")
    QTest.keyClick(small.field, Qt.Key.Key_Return)
    assert place() == ("Line 79 about a dress.", "Line 79")
    assert small.not_found.isHidden()
    QTest.keyClicks(small.field, "x")
    assert small.not_found.isVisible()
    small.field.clear()
    assert small.not_found.isHidden()


def test_pictures_follow_the_width(qtbot: QtBot, small: GuideWindow) -> None:
    """Nothing has to be scrolled sideways."""
    for width in (900, 700):
        small.resize(width, 600)
        qtbot.waitUntil(
            lambda: abs(picture_width(small) - small.page.viewport().width() + 2 * MARGIN) < 1
        )
        assert small.page.horizontalScrollBar().maximum() == 0


def test_pictures_are_as_sharp_as_the_screen(
    small: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it has two pixels for one, a picture is drawn with as many."""
    before = picture_width(small)
    monkeypatch.setattr(type(small.page), "devicePixelRatioF", lambda _page: 2.0)
    small.resize(small.width() + 1, small.height())
    kind = QTextDocument.ResourceType.ImageResource.value
    image = small.page.document().resource(kind, QUrl("wide.png"))
    assert isinstance(image, QImage)
    assert image.width() > 2 * before
    assert picture_width(small) == before + 1


def test_lines_of_tables_follow_the_theme(small: GuideWindow, theme: Theme) -> None:
    """They are part of the text, which Qt does not colour again by itself."""

    def line() -> str:
        (table,) = small.page.document().rootFrame().childFrames()
        assert isinstance(table, QTextTable)
        return table.format().borderBrush().color().name()

    assert line() == LIGHT.border
    try:
        theme.force(Qt.ColorScheme.Dark)
        assert line() == DARK.border
    finally:
        theme.force(Qt.ColorScheme.Light)


def test_links_never_leave_the_guide(
    small: GuideWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One to a heading goes there; no other is followed, and nothing is loaded for it."""
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", asked.append)

    def click(words: str) -> None:
        cursor = small.page.document().find(words)
        cursor.setPosition(cursor.position() - 1)
        place = small.page.cursorRect(cursor).center()
        QTest.mouseClick(small.page.viewport(), Qt.MouseButton.LeftButton, pos=place)

    click("the web")
    assert at_top(small) == "Guide"
    click("below")
    assert small.page.textCursor().block().text() == "The end"
    assert asked == []
    secret = tmp_path / "secret.png"
    QImage(4, 4, QImage.Format.Format_RGB32).save(str(secret))
    kind = QTextDocument.ResourceType.ImageResource.value
    for name in (QUrl.fromLocalFile(str(secret)), QUrl("https://example.org/dress.png")):
        loaded = small.page.document().resource(kind, name)
        assert isinstance(loaded, QImage) and loaded.isNull()


@pytest.mark.parametrize("content", [None, b"\xff"], ids=["gone", "damaged"])
def test_a_guide_that_cannot_be_read_is_reported(
    qtbot: QtBot,
    window: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    content: bytes | None,
) -> None:
    """With what to do about it."""
    if content is not None:
        folder = tmp_path / "fashion_finder" / "guide"
        folder.mkdir(parents=True)
        (folder / "user-guide.md").write_bytes(content)
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "fashion_finder" / "paths.py"))
    window.menus.guide.trigger()
    qtbot.waitUntil(lambda: bool(window.messages.messages))
    (message,) = window.messages.messages
    assert message.title == "The user guide is missing"
    assert "Reinstall" in message.text


def test_a_picture_that_is_gone_leaves_its_description(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The rest of the guide is read all the same."""
    folder = tmp_path / "fashion_finder" / "guide"
    folder.mkdir(parents=True)
    (folder / "user-guide.md").write_text("# Guide\n\n![A dress](screenshots/dress.png)\n")
    monkeypatch.setattr(paths, "__file__", str(folder.parent / "paths.py"))
    assert read_guide() == Guide("# Guide\n\n*A dress*\n", {})


def test_the_guide_does_not_outlive_the_window(window: MainWindow, opened: GuideWindow) -> None:
    """Qt ends a program with its last window that belongs to no other."""
    handle = opened.windowHandle()
    assert handle is not None
    assert handle.transientParent() is window.windowHandle()

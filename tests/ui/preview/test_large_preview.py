"""One answer large: opened and closed by keys, with its details and the reasons for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Closeness, ContentId, Match, PictureFile
from fashion_finder.errors import PictureMissing
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.preview.picture_pane import PicturePane, heat_image
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.tiles.grid_layout import fitted
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader
from tests.ui.fakes import FakeEngine, FakeHandle, answer, listing, matches

QUESTION = Path("/elsewhere/dress.jpg")


@pytest.fixture
def preview(qtbot: QtBot, window: MainWindow) -> LargePreview:
    """Opened with Space on the second of five answers."""
    grid = window.results.grid
    window.activateWindow()
    with qtbot.waitSignal(grid.pictures_painted):
        window.search.ask_file(QUESTION)
    grid.setFocus()
    grid.go_to(matches()[1])
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert window.results.preview.isVisible()
    return window.results.preview


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def heats(preview: LargePreview) -> list[bool]:
    """Whether there is a map over the question, and over the answer."""
    return [has_heat(preview.question), has_heat(preview.answer)]


def has_heat(pane: PicturePane) -> bool:
    """Whether a picture of one colour is lit in its middle and veiled at its edge."""
    if pane.picture is None:
        return False
    picture = fitted(pane.picture.size(), QRectF(pane.rect()))
    edge = QPointF(picture.center().x(), picture.top() + 0.1 * picture.height())
    image = pane.grab().toImage()
    lit, veiled = (image.pixelColor(place.toPoint()) for place in (picture.center(), edge))
    return lit.lightness() > veiled.lightness() + 20


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_a_key_closes_the_preview(window: MainWindow, preview: LargePreview, key: Qt.Key) -> None:
    """And the keyboard is back on the tile."""
    press(key)
    assert not preview.isVisible()
    assert QApplication.focusWidget() is window.results.grid
    assert window.results.grid.current_match() == matches()[1]


def test_arrows_move_between_the_answers(window: MainWindow, preview: LargePreview) -> None:
    """To the ends and no further; the grid follows."""
    seen = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, *[Qt.Key.Key_Right] * 5):
        press(key)
        assert preview.match is not None
        seen.append(preview.match.content)
    assert seen == [1, 1, 2, 3, 4, 5, 5]
    assert not preview.on_button.isEnabled()
    assert window.results.grid.current_match() == preview.match


def test_buttons_move_between_the_answers(window: MainWindow, preview: LargePreview) -> None:
    """As the arrows do; at either end there is one less."""
    preview.on_button.click()
    assert preview.match == matches()[2]
    preview.back_button.click()
    preview.back_button.click()
    assert preview.match == matches()[0]
    assert (preview.back_button.isEnabled(), preview.on_button.isEnabled()) == (False, True)
    preview.close_button.click()
    assert not preview.isVisible()


@pytest.mark.parametrize("row, fetched", [(4, {4, 5, 6}), (0, {1, 2}), (8, {8, 9})])
def test_the_next_picture_is_there_before_it_is_asked_for(
    qtbot: QtBot,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    row: int,
    fetched: set[int],
) -> None:
    """The neighbours of a large picture are loaded ahead, and nothing beyond them."""
    asked: set[int] = set()
    read = engine.thumbnail

    def thumbnail(content: ContentId) -> bytes | None:
        asked.add(content)
        return read(content)

    monkeypatch.setattr(engine, "thumbnail", thumbnail)
    loader = ThumbnailLoader(FakeHandle(engine))
    page = QWidget()
    qtbot.addWidget(page, before_close_func=lambda _page: loader.close())
    model = BrowseModel(page)
    model.show(listing(9))
    match = model.match_at(model.index(row))
    assert match is not None
    LargePreview(model, loader, page).show_match(match)
    qtbot.waitUntil(lambda: len(asked) >= len(fetched) and not loader.is_loading)
    assert asked == fetched


@pytest.mark.parametrize("key", ["Left", "Right", "Up", "Down", "Space", "Escape"])
def test_keys_of_the_preview_are_its_own(
    window: MainWindow, preview: LargePreview, key: str
) -> None:
    """The menus of the window do not get them while the preview is open."""
    stolen: list[bool] = []
    action = QAction("of the window", window)
    action.setShortcut(key)
    action.triggered.connect(lambda: stolen.append(True))
    window.addAction(action)
    QTest.keyClick(preview, getattr(Qt.Key, f"Key_{key}"))
    assert stolen == []
    assert preview.match != matches()[1]


@pytest.mark.parametrize(
    "act, signal",
    [
        (lambda preview: QTest.keyClick(preview, Qt.Key.Key_Return), "open_requested"),
        (lambda preview: preview.sheet.open_requested.emit(), "open_requested"),
        (lambda preview: preview.sheet.show_requested.emit(), "show_requested"),
    ],
    ids=["Enter", "Open", "Show in Folder"],
)
def test_the_file_that_is_seen_is_opened_or_shown(
    qtbot: QtBot, preview: LargePreview, act: Callable[[LargePreview], object], signal: str
) -> None:
    """And the preview stays to come back to."""
    files = getattr(preview, signal)
    files.disconnect()  # from the desktop
    with qtbot.waitSignal(files) as requested:
        act(preview)
    assert requested.args == [matches()[1]]
    assert preview.isVisible()


def test_the_preview_is_sharp_and_covers_the_page(
    qtbot: QtBot, window: MainWindow, preview: LargePreview
) -> None:
    """Whatever the window's size; nothing is decoded on the GUI thread."""
    window.resize(1500, 1000)
    qtbot.waitUntil(lambda: preview.geometry() == window.results.rect())

    def is_sharp() -> bool:
        picture = preview.answer.picture
        return picture is not None and picture.height() >= preview.answer.height()

    qtbot.waitUntil(is_sharp)


def test_a_picture_alone_has_all_the_room(qtbot: QtBot, preview: LargePreview) -> None:
    """The question beside it takes its half only while it is shown."""
    room = preview.width() - preview.sheet.width()
    qtbot.waitUntil(lambda: preview.answer.width() > 0.8 * room)
    press(Qt.Key.Key_W)
    qtbot.waitUntil(lambda: 0.35 * room < preview.answer.width() < 0.55 * room)
    assert abs(preview.answer.width() - preview.question.width()) < 0.1 * room


def test_the_details_of_the_answer_are_told(
    qtbot: QtBot, window: MainWindow, preview: LargePreview, engine: FakeEngine
) -> None:
    """What was recognised with some certainty, and the facts of the file."""
    qtbot.waitUntil(lambda: "Type" in preview.sheet.facts)
    assert preview.sheet.facts == {
        "Similarity": "Same piece",
        "Type": "T-shirts",
        "Size": "1200 × 1600, 337.58 KiB",
        "Modified": "5/17/24",
        "Folder": "/photos",
    }
    assert preview.sheet.name.text() == "piece 2.jpg"
    assert preview.sheet.place.text() == "2 of 5"
    assert not engine.is_on_gui_thread
    assert window.results.preview.accessibleName() == "Large preview: piece 2.jpg"


def test_picture_that_is_cut_short_says_so(
    qtbot: QtBot, preview: LargePreview, engine: FakeEngine
) -> None:
    """What is white at its end may have been something."""
    qtbot.waitUntil(lambda: "Type" in preview.sheet.facts)
    shown = matches()[1]
    preview.show_details(shown.content, replace(engine.details(shown), cut_short=True))
    assert preview.sheet.facts["File"] == "Cut short: the end of the file is missing"


def test_details_that_come_late_are_not_shown_with_another_picture(
    qtbot: QtBot, preview: LargePreview, engine: FakeEngine
) -> None:
    """Neither its size nor why it could not be explained."""
    press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "Size" in preview.sheet.facts)
    before = preview.sheet.facts
    left = matches()[1]
    preview.show_details(left.content, replace(engine.details(left), width=7777))
    preview.show_agreement_failure(left.content, "It is gone.")
    assert preview.sheet.facts == before
    assert not preview.sheet.reasons.isVisible()


def test_details_of_a_file_that_has_gone_are_taken_back(
    qtbot: QtBot,
    window: MainWindow,
    engine: FakeEngine,
    preview: LargePreview,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When its answer is refreshed, nothing stale is said of it."""

    def gone(match: Match) -> object:
        raise PictureMissing(match.path)

    qtbot.waitUntil(lambda: "Size" in preview.sheet.facts)
    monkeypatch.setattr(engine, "details", gone)
    engine.answer_to = lambda question: answer(question, matches()[:3])
    with qtbot.waitSignal(window.results.model.modelReset):
        window.search.refresh()
    qtbot.waitUntil(lambda: "Size" not in preview.sheet.facts)
    assert preview.match == matches()[1]


def test_every_copy_is_named(qtbot: QtBot, preview: LargePreview) -> None:
    """Exact copies and near duplicates, by their whole paths."""
    copies = (Path("/old/a.jpg"), Path("/old/b.jpg"))
    near = replace(matches()[0], path=Path("/web/c.webp"))
    preview.show_match(replace(matches()[2], copies=copies, near=(near,)))

    def texts() -> set[str]:
        labels = preview.sheet.findChildren(QLabel)
        return {label.text() for label in labels if label.isVisible()}

    qtbot.waitUntil(lambda: {"/old/a.jpg", "/old/b.jpg", "/web/c.webp"} <= texts())


def test_nothing_is_said_of_a_closeness_that_was_not_judged(preview: LargePreview) -> None:
    """A model without measured bounds makes no claim."""
    assert "Similarity" in preview.sheet.facts
    preview.show_match(replace(matches()[2], closeness=Closeness.UNJUDGED))
    assert "Similarity" not in preview.sheet.facts


def test_the_reasons_are_shown_and_said(qtbot: QtBot, preview: LargePreview) -> None:
    """A map over both pictures, and words; the next answer gets its own."""
    press(Qt.Key.Key_W)
    qtbot.waitUntil(preview.question.isVisible)
    assert heats(preview) == [True, True]
    assert preview.question.picture is not None
    assert preview.sheet.reasons.text().splitlines() == [
        "•  Same type",
        "•  Similar cut and pattern",
    ]
    press(Qt.Key.Key_Right)
    assert heats(preview) == [False, False]
    assert not preview.sheet.reasons.isVisible()
    qtbot.waitUntil(lambda: heats(preview) == [True, True])
    press(Qt.Key.Key_W)
    assert not heats(preview)[1]
    assert not preview.question.isVisible()


def test_reasons_are_asked_for_anew_after_closing(qtbot: QtBot, preview: LargePreview) -> None:
    """The next picture that is opened is first of all a picture."""
    press(Qt.Key.Key_W)
    qtbot.waitUntil(preview.question.isVisible)
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Space)
    assert preview.isVisible()
    assert not preview.sheet.why.isChecked()
    assert not preview.question.isVisible()
    assert not preview.sheet.reasons.isVisible()


def test_pictures_that_agree_in_nothing_with_a_name_are_explained_all_the_same(
    preview: LargePreview,
) -> None:
    """In words rather than by an empty place."""
    preview.sheet.show_likenesses(())
    assert preview.sheet.reasons.isVisible()
    assert preview.sheet.reasons.text().strip()


def test_reasons_that_cannot_be_found_are_explained(
    qtbot: QtBot, preview: LargePreview, engine: FakeEngine
) -> None:
    """Where the reasons would be."""
    engine.explain_error = PictureMissing(Path("/photos/piece 2.jpg"))
    press(Qt.Key.Key_W)
    qtbot.waitUntil(preview.sheet.reasons.isVisible)
    assert "Picture not found" in preview.sheet.reasons.text()


def test_what_comes_late_is_not_shown(qtbot: QtBot, preview: LargePreview) -> None:
    """Reasons of an answer that was left do not appear over the next."""
    press(Qt.Key.Key_W)
    press(Qt.Key.Key_W)
    press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "Type" in preview.sheet.facts)
    assert preview.match is not None and preview.match.content == 3
    preview.show_agreement(
        matches()[0].content, FakeEngine().explain(answer(PictureFile(QUESTION)), matches()[0])
    )
    assert not has_heat(preview.answer)


def test_the_answer_becomes_the_next_question(
    qtbot: QtBot, window: MainWindow, preview: LargePreview
) -> None:
    """And the preview makes room for its answers."""
    with qtbot.waitSignal(window.search.asked):
        preview.sheet.search_requested.emit()
    assert not preview.isVisible()


def test_the_preview_closes_when_its_picture_is_no_answer_any_more(
    qtbot: QtBot, window: MainWindow, preview: LargePreview, engine: FakeEngine
) -> None:
    """While it is still one, it stays."""
    engine.answer_to = lambda question: answer(question, matches()[:2])
    with qtbot.waitSignal(window.search.answered):
        window.search.refresh()
    assert preview.isVisible()
    engine.answer_to = lambda question: answer(question, matches(5, start=50))
    with qtbot.waitSignal(window.search.answered):
        window.search.refresh()
    assert not preview.isVisible()


def test_warm_places_are_lit_and_cold_ones_veiled() -> None:
    """On any cloth, and without hiding it."""
    heat = FakeEngine().explain(answer(PictureFile(QUESTION)), matches()[0]).match_heat
    assert heat is not None
    layer = heat_image(heat)
    warm, cold = layer.pixelColor(15, 20), layer.pixelColor(0, 0)
    assert warm.red() > 200 and warm.alphaF() < 0.6
    assert cold.lightness() == 0 and 0.4 < cold.alphaF() < 0.8


def test_a_picture_that_cannot_be_had_has_a_sign(qtbot: QtBot) -> None:
    """One that is still on its way has none."""
    pane = PicturePane()
    qtbot.addWidget(pane)
    pane.resize(200, 200)
    pane.show_picture(None)
    waiting = pane.grab().toImage()
    pane.show_picture(None, is_missing=True)
    assert pane.grab().toImage() != waiting

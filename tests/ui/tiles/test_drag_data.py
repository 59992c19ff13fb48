"""What a drag and the clipboard carry, and what hangs at the mouse meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.ui.tiles.drag_data import (
    CARRIED_SIDE,
    FANNED,
    GTK_COPIED,
    KDE_CUT,
    copy_of,
    drag_of,
    file_links,
    pile,
)
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader
from tests.ui.fakes import FakeEngine, FakeHandle, matches

MIDDLE = QPoint(CARRIED_SIDE // 2, CARRIED_SIDE // 2)
COLOURS = ("red", "lime", "blue")


def data_of(mime: QMimeData, kind: str) -> bytes:
    """What is offered in a format."""
    return bytes(mime.data(kind).data())


def square(colour: str) -> QPixmap:
    """A picture of one colour."""
    pixmap = QPixmap(CARRIED_SIDE, CARRIED_SIDE)
    pixmap.fill(QColor(colour))
    return pixmap


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    """Whose letters and colours are used."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.mark.usefixtures("qapp")
def test_file_managers_are_told_to_copy_and_never_to_cut() -> None:
    """Pasting must not move a photo: GTK and KDE each look for a mark of their own."""
    mime = copy_of(matches(2), "words")
    links = [b"file:///photos/piece%201.jpg", b"file:///photos/piece%202.jpg"]
    assert data_of(mime, GTK_COPIED) == b"\n".join([b"copy", *links])
    assert data_of(mime, KDE_CUT) == b"0"
    assert [url.toLocalFile() for url in mime.urls()] == [
        *("/photos/piece 1.jpg", "/photos/piece 2.jpg")
    ]
    assert mime.text() == "words"


@pytest.mark.usefixtures("qapp")
def test_a_drag_carries_links_alone() -> None:
    """A program that prefers text would paste paths instead of taking the files."""
    assert file_links(matches(2)).formats() == ["text/uri-list"]


def test_the_first_picture_lies_on_top_of_the_pile(widget: QWidget) -> None:
    """The others look out from behind it, in their order."""
    image = pile([square(colour) for colour in COLOURS], 1, widget, 1.0).toImage()
    assert image.pixelColor(MIDDLE) == QColor("red")
    step = (image.width() - CARRIED_SIDE) // (FANNED - 1)
    looking_out = [image.pixelColor(CARRIED_SIDE + step * place - 5, 60) for place in (1, 2)]
    assert looking_out == [QColor("lime"), QColor("blue")]


def differs(one: QImage, other: QImage) -> bool:
    """Whether the corner where the number stands looks different."""
    return one.copy(0, 0, 40, 30) != other.copy(0, 0, 40, 30)


def test_several_files_are_counted_on_the_pile(widget: QWidget) -> None:
    """Also those whose pictures have no room on it; one file needs no number."""
    one, two, ten = (pile([square("red")], count, widget, 1.0).toImage() for count in (1, 2, 10))
    assert one.pixelColor(10, 10) == QColor("red")
    assert differs(one, two) and differs(two, ten)


def test_a_drag_of_pictures_that_are_not_loaded_yet_still_has_a_shape(
    widget: QWidget, engine: FakeEngine
) -> None:
    """The files are what counts; they are carried, all of them."""
    loader = ThumbnailLoader(FakeHandle(engine))
    loader.stop()
    drag = drag_of(matches(5), loader, widget)
    assert [Path(url.toLocalFile()).name for url in drag.mimeData().urls()] == [
        f"piece {number}.jpg" for number in range(1, 6)
    ]
    assert not drag.pixmap().isNull()
    loader.close()

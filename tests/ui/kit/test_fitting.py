"""What gives way where a page is too low for everything, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.ui.kit.fitting import Fitting
from fashion_finder.ui.kit.state_page import Emblem, State, StatePage

PART = 100  # pixels high


class Picture(QWidget):
    """As high as it is wide, where there is room for that; else as low as 40 pixels."""

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 40)


@pytest.fixture
def column(qtbot: QtBot) -> Iterator[QWidget]:
    """Three parts below each other; it may become too low for them, as part of a window may."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QWidget(window)
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for name in ("first", "second", "needed"):
        part = QLabel(name)
        part.setObjectName(name)
        part.setFixedHeight(PART)
        layout.addWidget(part)
    yield column
    window.close()


def parts(column: QWidget, *names: str) -> list[QWidget]:
    """Parts of a column by their names."""
    found = [column.findChild(QWidget, name) for name in names]
    return [part for part in found if part is not None]


def shown(column: QWidget) -> list[str]:
    """The parts that are not hidden."""
    names = ("first", "second", "needed")
    return [part.objectName() for part in parts(column, *names) if not part.isHidden()]


@pytest.mark.parametrize(
    "height, wanted",
    [
        (3 * PART, ["first", "second", "needed"]),
        (3 * PART - 1, ["second", "needed"]),
        (2 * PART, ["second", "needed"]),
        (2 * PART - 1, ["needed"]),
        (PART - 50, ["needed"]),
    ],
)
def test_parts_give_way_one_after_the_other(
    column: QWidget, height: int, wanted: list[str]
) -> None:
    """The least important first, no more of them than must, and never what is needed."""
    fitting = Fitting(column, parts(column, "first", "second"))
    column.resize(200, height)
    fitting.fit()
    assert shown(column) == wanted


def test_parts_come_back_when_there_is_room(column: QWidget) -> None:
    """All but those that have nothing to show."""
    fitting = Fitting(column, parts(column, "first", "second"))
    column.resize(200, PART)
    fitting.fit()
    column.resize(200, 3 * PART)
    fitting.fit()
    assert shown(column) == ["first", "second", "needed"]
    fitting.set_wanted(parts(column, "first")[0], False)
    fitting.fit()
    assert shown(column) == ["second", "needed"]


@pytest.mark.parametrize("height, has_part", [(150, True), (130, False)])
def test_a_picture_shrinks_before_a_part_gives_way(
    qtbot: QtBot, height: int, has_part: bool
) -> None:
    """A smaller picture with words is worth more than a large one without."""
    window = QWidget()
    qtbot.addWidget(window)
    page, picture, words = QWidget(window), Picture(), QLabel("words")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    words.setFixedHeight(PART)
    layout.addWidget(picture)
    layout.addWidget(words)
    page.resize(300, height)
    Fitting(page, [words], elastic=picture).fit()
    assert words.isHidden() is not has_part


def test_a_low_page_keeps_its_advice(qtbot: QtBot) -> None:
    """As it gets lower, the emblem goes before the footnote, and that before the reason."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 600)
    page = StatePage(window)
    page.show_state(
        State(
            title="This picture cannot be read",
            text="Open it in another program and save it again.",
            subject="/photos/dress.jpg",
            reason="Reason: it is damaged",
            footnote="Photos are never changed.",
            is_failure=True,
        )
    )
    with qtbot.waitExposed(window):
        window.show()
    labels = {label.text(): label for label in page.findChildren(QLabel)}
    watched = {
        "emblem": page.findChildren(Emblem)[0],
        "footnote": labels["Photos are never changed."],
        "reason": labels["Reason: it is damaged"],
    }
    gone: list[str] = []
    for height in range(600, 60, -4):
        page.resize(600, height)
        QApplication.processEvents()
        gone += [name for name, part in watched.items() if part.isHidden() and name not in gone]
    assert gone == ["emblem", "footnote", "reason"]
    kept = ("This picture cannot be read", "Open it in another program and save it again.")
    assert all(labels[text].isVisible() for text in kept)

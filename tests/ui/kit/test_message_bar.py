"""Messages stand above the page, few at a time, until they are answered or closed."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from fashion_finder.ui.kit.message_bar import MOST_BARS, Message, MessageArea, MessageBar

MOST_READ = 4  # messages at once; more are a wall that nobody reads


@pytest.fixture
def area(qtbot: QtBot) -> MessageArea:
    """Without a message."""
    area = MessageArea()
    qtbot.addWidget(area)
    return area


def keys(area: MessageArea) -> list[str]:
    """The messages that are shown, from top to bottom."""
    return [message.key for message in area.messages]


def shown(area: MessageArea) -> list[str]:
    """The titles that can be seen, in the order of the alphabet."""
    bars = area.findChildren(MessageBar)
    return sorted(bar.message.title for bar in bars if bar.isVisible())


def test_only_the_latest_messages_stay(area: MessageArea) -> None:
    """They leave most of the window to the pictures: the oldest gives way to a new one."""
    for number in range(10):
        area.show_message(Message(str(number), f"Message {number}"))
    assert len(keys(area)) == MOST_BARS <= MOST_READ
    assert keys(area) == [str(number) for number in range(10 - MOST_BARS, 10)]
    assert area.bar("0") is None


@pytest.mark.parametrize("count", range(MOST_BARS))
def test_news_of_the_same_thing_replace_what_was_said(
    qtbot: QtBot, area: MessageArea, count: int
) -> None:
    """One bar with the latest words; the other messages stay, however many there are."""
    others = [str(number) for number in range(count)]
    for key in (*others, "folder"):
        area.show_message(Message(key, "Something"))
    area.show_message(Message("folder", "2 photos"))
    assert sorted(keys(area)) == sorted(["folder", *others])
    qtbot.waitUntil(lambda: shown(area) == ["2 photos", *["Something"] * len(others)])


def test_a_button_acts_and_takes_its_message_away(area: MessageArea) -> None:
    """The answer was given; the others still wait for theirs."""
    done: list[str] = []
    area.show_message(Message("one", "One", actions=(("Do", lambda: done.append("one")),)))
    area.show_message(Message("two", "Two", actions=(("Do", lambda: done.append("two")),)))
    bar = area.bar("one")
    assert bar is not None
    bar.buttons[0].click()
    assert done == ["one"]
    assert keys(area) == ["two"]


def test_a_message_can_be_closed_without_an_answer(area: MessageArea) -> None:
    """Nothing is done then, and without messages nothing takes up room."""
    done: list[bool] = []
    area.show_message(Message("one", "One", actions=(("Do", lambda: done.append(True)),)))
    assert not area.isHidden()
    bar = area.bar("one")
    assert bar is not None
    bar.close_button.click()
    assert (keys(area), done, area.isHidden()) == ([], [], True)


def test_taking_away_what_is_not_shown_does_nothing(area: MessageArea) -> None:
    """The user may have closed it already."""
    area.show_message(Message("one", "One"))
    area.dismiss("two")
    assert keys(area) == ["one"]

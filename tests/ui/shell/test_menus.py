"""The folders that the menus offer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from fashion_finder.ui.shell.menus import Menus

SPRING, AUTUMN = Path("/photos/spring & summer"), Path("/photos/autumn")


@pytest.fixture
def menus(qtbot: QtBot) -> Iterator[Menus]:
    """Of a window without anything else."""
    window = QMainWindow()
    qtbot.addWidget(window)
    yield Menus(window)
    window.close()


def texts(menus: Menus) -> tuple[list[str], list[str]]:
    """What can be updated, and what can be forgotten."""
    recent = [action.text() for action in menus.recent.actions()]
    return recent, [action.text() for action in menus.remove_folder.actions()]


def test_recent_folders_are_updated_and_all_can_be_forgotten(menus: Menus) -> None:
    """In the given order; an ampersand in a name is not a key."""
    menus.show_folders([AUTUMN], [SPRING, AUTUMN])
    assert texts(menus) == (
        ["/photos/autumn"],
        ["/photos/spring && summer", "/photos/autumn"],
    )


def test_a_folder_is_told_by_its_path(qtbot: QtBot, menus: Menus) -> None:
    """Each menu asks for its own thing."""
    menus.show_folders([SPRING, AUTUMN], [SPRING])
    with qtbot.assertNotEmitted(menus.remove_chosen), qtbot.waitSignal(menus.folder_chosen) as used:
        menus.recent.actions()[1].trigger()
    with qtbot.assertNotEmitted(menus.folder_chosen), qtbot.waitSignal(menus.remove_chosen) as gone:
        menus.remove_folder.actions()[0].trigger()
    assert (used.args, gone.args) == ([AUTUMN], [SPRING])
    with qtbot.waitSignal(menus.read_again_chosen) as again:
        menus.read_again.actions()[0].trigger()
    assert again.args == [SPRING]


def test_a_menu_without_folders_does_not_open(menus: Menus) -> None:
    """Nor does it keep folders that are gone."""
    menus.show_folders([SPRING], [SPRING])
    assert menus.recent.isEnabled() and menus.remove_folder.isEnabled()
    menus.show_folders([], [SPRING])
    assert (menus.recent.isEnabled(), menus.remove_folder.isEnabled()) == (False, True)
    assert texts(menus)[0] == []

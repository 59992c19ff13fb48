"""Help > Keyboard Shortcuts lists every key, and no key does two things."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar

from fashion_finder.ui.shell.help import ShortcutsDialog, grid_keys, menu_keys
from fashion_finder.ui.shell.main_window import MainWindow


def rows(dialog: ShortcutsDialog) -> dict[str, str]:
    """The dialog's rows: what is done, and by which key."""
    groups = [dialog.list.topLevelItem(i) for i in range(dialog.list.topLevelItemCount())]
    found = {}
    for group in groups:
        assert group is not None
        for number in range(group.childCount()):
            row = group.child(number)
            assert row is not None
            found[row.text(0)] = row.text(1)
    return found


def test_every_key_of_the_menus_is_listed(window: MainWindow) -> None:
    """Under the menu's own words, without ampersands and dots."""
    window.menus.shortcuts.trigger()
    dialog = window.findChild(ShortcutsDialog)
    assert isinstance(dialog, ShortcutsDialog)
    told = rows(dialog)
    assert told["Open Picture"] == QKeySequence(QKeySequence.StandardKey.Open).toString()
    bar = window.menuBar()
    assert isinstance(bar, QMenuBar)
    listed = [keys for _, group in menu_keys(bar) for _, keys in group]
    assert set(listed) <= set(told.values())
    assert len(listed) >= 8
    assert {name for name, _ in grid_keys()} <= told.keys()
    assert not any("&" in name or "…" in name for name in told)
    dialog.accept()


def test_no_key_does_two_things(window: MainWindow) -> None:
    """Qt would ignore a key that two actions share."""
    keys = Counter(
        key.toString() for action in window.findChildren(QAction) for key in action.shortcuts()
    )
    assert [key for key, count in keys.items() if count > 1] == []

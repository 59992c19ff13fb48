"""What the executable leaves to the programs that it opens."""

from __future__ import annotations

import sys

import pytest

from fashion_finder.__main__ import give_back_environment

INSIDE = "/opt/fashion-finder/_internal"


@pytest.fixture
def started() -> dict[str, str]:
    """As the starter of the executable leaves it."""
    return {
        "PATH": "/usr/bin",
        "LD_LIBRARY_PATH": INSIDE,
        "QT_PLUGIN_PATH": f"{INSIDE}/PySide6/Qt/plugins",
        "QML2_IMPORT_PATH": f"{INSIDE}/PySide6/Qt/qml",
    }


def test_nothing_of_ours_is_left(started: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the wish that our own workers are set up anew."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    give_back_environment(started)
    assert started == {"PATH": "/usr/bin", "PYINSTALLER_RESET_ENVIRONMENT": "1"}


def test_what_the_user_had_set_comes_back(
    started: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The starter has kept it."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    started["LD_LIBRARY_PATH_ORIG"] = "/home/zoe/lib"
    give_back_environment(started)
    assert started["LD_LIBRARY_PATH"] == "/home/zoe/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in started


def test_from_source_nothing_is_touched(started: dict[str, str]) -> None:
    """There it is the user's own."""
    before = dict(started)
    give_back_environment(started)
    assert started == before

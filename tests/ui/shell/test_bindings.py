"""The version of PySide6 in use does not damage the interpreter."""

from __future__ import annotations

import sys

import PySide6
import pytest
from PySide6.QtWidgets import QLabel


@pytest.mark.usefixtures("qapp")
def test_calls_into_qt_keep_the_reference_count_of_none() -> None:
    """On Python 3.11 each call must give back the reference it takes, or the program dies.

    PySide6 6.12.0 is built as if None were immortal, which it is from Python 3.12 on: every call
    that returns None drops a reference, and after some thousands the interpreter aborts with
    "deallocating None".
    """
    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(500):
        label.update()
    lost = before - sys.getrefcount(None)
    assert lost < 100, f"PySide6 {PySide6.__version__} loses references; pin another version"

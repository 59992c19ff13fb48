"""What tests of the notices share."""

from __future__ import annotations

import pytest

from shipping import collected
from shipping.collected import Part


@pytest.fixture
def starter(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyInstaller itself is only installed where executables are made."""
    part = Part("PyInstaller bootloader", "6", "GPL-2.0-or-later WITH Bootloader-exception", "text")
    monkeypatch.setattr(collected, "_starter", lambda: part)

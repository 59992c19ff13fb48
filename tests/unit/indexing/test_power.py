"""A laptop on battery is recognised."""

from __future__ import annotations

from pathlib import Path

from fashion_finder.indexing.watch import is_on_battery


def supply(folder: Path, name: str, **entries: str) -> None:
    """One power supply, as the kernel shows it."""
    (folder / name).mkdir()
    for entry, value in entries.items():
        (folder / name / entry).write_text(f"{value}\n")


def test_a_draining_battery_counts(tmp_path: Path) -> None:
    """Until it is charged, or full."""
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(tmp_path, "BAT0", type="Battery", status="Discharging")
    assert is_on_battery(tmp_path)
    (tmp_path / "BAT0" / "status").write_text("Charging\n")
    assert not is_on_battery(tmp_path)


def test_a_mouse_does_not_count(tmp_path: Path) -> None:
    """Its battery is always draining."""
    supply(tmp_path, "hidpp", type="Battery", status="Discharging", scope="Device")
    assert not is_on_battery(tmp_path)


def test_a_system_that_does_not_tell_is_not_on_battery(tmp_path: Path) -> None:
    """Nothing is slowed down on a guess."""
    assert not is_on_battery(tmp_path / "none")

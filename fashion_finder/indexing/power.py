"""Whether the computer runs on battery, when background work should wait longer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_SUPPLIES: Final = Path("/sys/class/power_supply")


def is_on_battery(supplies: Path = _SUPPLIES) -> bool:
    """True when a battery is discharging; False where that cannot be told (outside Linux).

    The format is the kernel's ABI/testing/sysfs-class-power. The battery of a mouse or pen has the
    scope ``Device`` and does not count.
    """
    try:
        found = list(supplies.iterdir())
    except OSError:
        return False
    return any(
        _read(supply / "type") == "Battery"
        and _read(supply / "scope") != "Device"
        and _read(supply / "status") == "Discharging"
        for supply in found
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""

"""Whether the computer runs on its battery: what can wait waits longer then."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_SUPPLIES: Final = Path("/sys/class/power_supply")


def is_on_battery(supplies: Path = _SUPPLIES) -> bool:
    """True when a battery is being drained; False wherever that cannot be told (Linux only).

    The format is the kernel's ABI/testing/sysfs-class-power. Batteries of a mouse or a pen have
    the scope ``Device`` and do not count.
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

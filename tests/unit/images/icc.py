"""ICC profiles that the tests make for themselves (ICC.1:2001-04)."""

from __future__ import annotations

import struct

_WHITE = (0.9642, 1.0, 0.8249)  # D50, of the connection space
_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
"""Red, green and blue of Display P3 in CIE XYZ, adapted to D50."""


def profile(kind: bytes, parts: dict[bytes, bytes]) -> bytes:
    """A profile of version 2, of these parts and the required ones (6.1 and 6.2)."""
    parts = {
        b"desc": b"desc" + bytes(4) + (5).to_bytes(4, "big") + b"test\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + _xyz(_WHITE),
        **parts,
    }
    start = 128 + 4 + 12 * len(parts)
    index, body = b"", b""
    for tag, part in parts.items():
        index += tag + struct.pack(">II", start + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    size = struct.pack(">I", start + len(body))
    header = size + bytes(4) + b"\x02\x40\0\0" + kind + bytes(12) + b"acsp" + bytes(28)
    return header + _xyz(_WHITE) + bytes(48) + struct.pack(">I", len(parts)) + index + body


def display_p3_profile(padding: int = 0) -> bytes:
    """Display P3, with so many bytes in a part that nobody reads."""
    levels = [value / 1023 for value in range(1024)]
    curve = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    stored = struct.pack(">1024H", *(round(value * 65535) for value in curve))
    parts = {
        tag: b"XYZ " + bytes(4) + _xyz(primary)
        for tag, primary in zip((b"rXYZ", b"gXYZ", b"bXYZ"), _P3, strict=True)
    }
    for tag in (b"rTRC", b"gTRC", b"bTRC"):
        parts[tag] = b"curv" + bytes(4) + struct.pack(">I", 1024) + stored
    if padding:
        parts[b"zzzz"] = b"data" + bytes(4) + bytes(range(256)) * (padding // 256)
    return profile(b"mntrRGB XYZ ", parts)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"".join(round(value * 65536).to_bytes(4, "big", signed=True) for value in values)

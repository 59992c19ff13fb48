"""BMP files without compression that Pillow refuses: any bit masks, 2 bits a pixel, any header.

Sources: the structures BITMAPINFOHEADER to BITMAPV5HEADER of Windows, BITMAPINFOHEADER2 of OS/2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

SIGNATURE: Final = b"BM"

_FILE_HEADER: Final = 14
_CORE: Final = 12  # size of the oldest header, with sides of 16 bits and colours of 3 bytes
_INFO: Final = 40
_WITH_ALPHA: Final = 56  # from this size on, a header has a mask for alpha
_RGB, _JPEG, _PNG, _BIT_FIELDS, _ALPHA_BIT_FIELDS = 0, 4, 5, 3, 6
_PILLOWS_HEADERS: Final = (12, 40, 52, 56, 64, 108, 124)
_PILLOWS_MASKS: Final = ((0xFF0000, 0xFF00, 0xFF), (0xF800, 0x7E0, 0x1F), (0x7C00, 0x3E0, 0x1F))
_MASKS: Final = {16: (0x7C00, 0x03E0, 0x001F, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0)}


@dataclass(frozen=True, slots=True)
class Header:
    """What the headers of a BMP say."""

    size: tuple[int, int]  # pixels
    is_top_down: bool
    bits: int  # a pixel
    compression: int
    pixels: int  # where they start
    palette: int  # where it starts
    colour_bytes: int  # of an entry of the palette
    masks: tuple[int, int, int, int]  # red, green, blue, alpha
    header_bytes: int  # of the second header

    @property
    def is_ours(self) -> bool:
        """Whether Pillow refuses it: other masks than the usual, 2 bits, too long a palette."""
        if self.compression not in (_RGB, _BIT_FIELDS, _ALPHA_BIT_FIELDS):
            return False
        if self.bits in (16, 32):
            return self.compression != _RGB and self.masks[:3] not in _PILLOWS_MASKS
        too_long = self.pixels - self.palette > 256 * self.colour_bytes
        is_odd = self.header_bytes not in _PILLOWS_HEADERS
        return self.bits == 2 or (self.bits in (1, 4, 8) and (too_long or is_odd))


def read_header(data: bytes) -> Header | None:
    """The headers of a BMP; None when there are none, or they make no sense."""
    if not data.startswith(SIGNATURE) or len(data) < _FILE_HEADER + _CORE:
        return None
    pixels, size = struct.unpack_from("<II", data, 10)
    try:
        if size == _CORE:
            width, height, _, bits = struct.unpack_from("<HHHH", data, _FILE_HEADER + 4)
            compression = _RGB
        else:
            width, height, _, bits = struct.unpack_from("<iiHH", data, _FILE_HEADER + 4)
            compression = struct.unpack_from("<I", data, 30)[0] if size >= 20 else _RGB
        masks = _MASKS.get(bits, (0, 0, 0, 0))
        palette = _FILE_HEADER + size
        if compression in (_BIT_FIELDS, _ALPHA_BIT_FIELDS):
            has_alpha = size >= _WITH_ALPHA or compression == _ALPHA_BIT_FIELDS
            count = 4 if has_alpha else 3
            masks = (*struct.unpack_from(f"<{count}I", data, 54), 0)[:4]
            palette += 4 * count if size == _INFO else 0
    except struct.error:
        return None
    if width <= 0 or height == 0 or not _CORE <= size <= len(data):
        return None
    return Header(
        size=(width, abs(height)),
        is_top_down=height < 0,
        bits=bits,
        compression=compression,
        pixels=pixels,
        palette=palette,
        colour_bytes=3 if size == _CORE else 4,
        masks=masks,
        header_bytes=size,
    )


def unread_kind(header: Header) -> str | None:
    """What kind of BMP this is, when nothing here decodes it."""
    return {_JPEG: "BMP with a JPEG in it", _PNG: "BMP with a PNG in it"}.get(header.compression)


def decode(data: bytes, header: Header) -> Image.Image:
    """Decode a BMP that is ``is_ours`` to mode RGB or RGBA.

    Raises:
        ValueError: it ends too early, or its masks make no sense.
    """
    width, height = header.size
    row_bytes = (width * header.bits + 31) // 32 * 4
    stored = data[header.pixels : header.pixels + row_bytes * height]
    if len(stored) < row_bytes * height:
        raise ValueError("truncated")
    rows = np.frombuffer(stored, np.uint8).reshape(height, row_bytes)
    if not header.is_top_down:
        rows = rows[::-1]
    if header.bits in (16, 32):
        values = np.ascontiguousarray(rows).view(f"<u{header.bits // 8}")[:, :width]
        channels = [_channel(values, mask) for mask in header.masks if mask]
        if len(channels) == 4 and not channels[3].any():  # a mask for alpha, but none stored
            channels.pop()
        if len(channels) not in (3, 4):
            raise ValueError("masks")
        return Image.fromarray(np.stack(channels, axis=2))
    return Image.fromarray(_colours(data, header)[_indices(rows, header.bits, width)])


def _channel(values: npt.NDArray[Any], mask: int) -> npt.NDArray[np.uint8]:
    """The bits under a mask, scaled to 0 to 255."""
    lowest = mask & -mask
    levels = ((values & mask) // lowest).astype(np.float32)
    return (levels * (255 / (mask // lowest)) + 0.5).astype(np.uint8)


def _colours(data: bytes, header: Header) -> npt.NDArray[np.uint8]:
    """The palette as RGB, [256, 3]; colours that are missing are black."""
    count = 1 << header.bits
    end = min(header.palette + count * header.colour_bytes, header.pixels)
    stored = data[header.palette : max(end, header.palette)]
    entries = len(stored) // header.colour_bytes
    colours = np.zeros((256, 3), np.uint8)
    table = np.frombuffer(stored, np.uint8, entries * header.colour_bytes)
    colours[:entries] = table.reshape(entries, header.colour_bytes)[:, 2::-1]
    return colours


def _indices(rows: npt.NDArray[np.uint8], bits: int, width: int) -> npt.NDArray[np.uint8]:
    """Numbers of colours, [height, width]; the leftmost pixel is in the highest bits."""
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    indices = (rows[..., None] >> shifts) & ((1 << bits) - 1)
    return np.asarray(indices.reshape(len(rows), -1)[:, :width], np.uint8)

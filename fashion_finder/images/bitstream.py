"""The colours that a coded picture tells in its own header, where the file around it tells none.

Sources: HEVC, ITU-T H.265 (2021), 7.3.2.2 and E.2.1; AV1 bitstream specification, 5.5.
"""

from __future__ import annotations

from typing import Final

CodePoints = tuple[int, int]
"""Primaries and transfer of ITU-T H.273."""

_SEQUENCE_PARAMETERS: Final = 33  # type of the HEVC unit
_MOST_LEADING_ZEROS: Final = 32
_SEQUENCE_HEADER: Final = 1  # type of the AV1 unit


class BitReader:
    """Reads numbers of any width, the most significant bit first. Raises EOFError at the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def bits(self, count: int) -> int:
        """The next bits, as a number."""
        if count > self._left:
            raise EOFError
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def flag(self) -> bool:
        """The next bit."""
        return bool(self.bits(1))

    def exp_golomb(self) -> int:
        """An unsigned number in the code of H.265, 9.2, and of AV1's uvlc()."""
        zeros = 0
        while not self.bits(1):
            zeros += 1
            if zeros > _MOST_LEADING_ZEROS:
                raise EOFError
        return (1 << zeros) - 1 + self.bits(zeros)


def of_hevc(configuration: bytes) -> CodePoints | None:
    """The code points in the sequence parameters of a box hvcC (ISO/IEC 14496-15, 8.3.3)."""
    try:
        place = 23
        for _ in range(configuration[22]):
            kind = configuration[place] & 0x3F
            count = int.from_bytes(configuration[place + 1 : place + 3], "big")
            place += 3
            for _ in range(count):
                size = int.from_bytes(configuration[place : place + 2], "big")
                unit = configuration[place + 2 : place + 2 + size]
                place += 2 + size
                if kind == _SEQUENCE_PARAMETERS:
                    return _of_parameters(BitReader(unit[2:].replace(b"\0\0\3", b"\0\0")))
    except (EOFError, IndexError):
        pass
    return None


def of_av1(units: bytes) -> CodePoints | None:
    """The code points in the sequence header among the first units of a coded picture."""
    try:
        place = 0
        while place < len(units):
            header = units[place]
            place += 2 if header & 4 else 1
            size, shift = len(units) - place, 0
            if header & 2:
                size = 0
                while True:
                    byte = units[place]
                    place += 1
                    size |= (byte & 0x7F) << shift
                    shift += 7
                    if not byte & 0x80 or shift > 28:
                        break
            if header >> 3 & 15 == _SEQUENCE_HEADER:
                return _of_sequence(BitReader(units[place : place + size]))
            place += size
    except (EOFError, IndexError):
        pass
    return None


def _of_parameters(read: BitReader) -> CodePoints | None:
    """From the sequence parameter set, up to the colours in its usability information."""
    read.bits(4)
    layers = read.bits(3)
    read.bits(1 + 96)  # of profile, tier and level
    present = [(read.flag(), read.flag()) for _ in range(layers)]
    read.bits(2 * (8 - layers) if layers else 0)
    for has_profile, has_level in present:
        read.bits(88 * has_profile + 8 * has_level)
    read.exp_golomb()
    if read.exp_golomb() == 3:  # 4:4:4
        read.bits(1)
    _skip_numbers(read, 2)
    if read.flag():  # a window
        _skip_numbers(read, 4)
    _skip_numbers(read, 2)
    order_bits = read.exp_golomb() + 4
    _skip_numbers(read, 3 * (layers + 1 if read.flag() else 1))
    _skip_numbers(read, 6)
    if read.flag() and read.flag():  # scaling lists, stored ones
        _skip_scaling_lists(read)
    read.bits(2)
    if read.flag():  # PCM
        read.bits(8)
        _skip_numbers(read, 2)
        read.bits(1)
    if not _skip_reference_sets(read):
        return None
    if read.flag():  # long-term references
        for _ in range(read.exp_golomb()):
            read.bits(order_bits + 1)
    read.bits(2)
    return _of_usability(read) if read.flag() else None


def _of_usability(read: BitReader) -> CodePoints | None:
    if read.flag() and read.bits(8) == 255:  # the shape of a pixel
        read.bits(32)
    if read.flag():  # overscan
        read.bits(1)
    if read.flag():  # the signal
        read.bits(4)
        if read.flag():
            return read.bits(8), read.bits(8)
    return None


def _skip_numbers(read: BitReader, count: int) -> None:
    for _ in range(count):
        read.exp_golomb()


def _skip_scaling_lists(read: BitReader) -> None:
    for size in range(4):
        for _ in range(2 if size == 3 else 6):
            if read.flag():
                _skip_numbers(read, min(64, 1 << (4 + 2 * size)) + (size > 1))
            else:
                read.exp_golomb()


def _skip_reference_sets(read: BitReader) -> bool:
    """Whether that worked: sets that refer to others do not occur in still pictures."""
    for number in range(read.exp_golomb()):
        if number and read.flag():
            return False
        for _ in range(read.exp_golomb() + read.exp_golomb()):
            read.exp_golomb()
            read.bits(1)
    return True


def _of_sequence(read: BitReader) -> CodePoints | None:
    """From AV1's sequence header, up to the colours."""
    profile = read.bits(3)
    read.bits(1)
    is_reduced = read.flag()
    if is_reduced:
        read.bits(5)
    else:
        _skip_operating_points(read)
    sides = (read.bits(4) + 1, read.bits(4) + 1)
    read.bits(sum(sides))
    if not is_reduced and read.flag():  # numbers of frames
        read.bits(7)
    read.bits(3)
    if not is_reduced:
        _skip_tools(read)
    read.bits(3)
    is_deep = read.flag()
    if profile == 2 and is_deep:
        read.bits(1)
    if profile != 1:
        read.bits(1)
    return (read.bits(8), read.bits(8)) if read.flag() else None


def _skip_operating_points(read: BitReader) -> None:
    delay_bits = 0
    if read.flag():  # timing
        read.bits(64)
        if read.flag():
            read.exp_golomb()
        if read.flag():  # the decoder's model
            delay_bits = read.bits(5) + 1
            read.bits(42)
    has_delays = read.flag()
    for _ in range(read.bits(5) + 1):
        read.bits(12)
        if read.bits(5) > 7:
            read.bits(1)
        if delay_bits and read.flag():
            read.bits(2 * delay_bits + 1)
        if has_delays and read.flag():
            read.bits(4)


def _skip_tools(read: BitReader) -> None:
    read.bits(4)
    has_order = read.flag()
    if has_order:
        read.bits(2)
    has_screen_tools = read.flag() or read.flag()
    if has_screen_tools and not read.flag():
        read.bits(1)
    if has_order:
        read.bits(3)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.images.bitstream import BitReader, of_av1, of_hevc
from fashion_finder.images.decode import decode
from fashion_finder.images.isobmff import read_boxes
from tests.unit.images.boxes import box, container, heic, parts_of, size_box
from tests.unit.images.pictures import DATA, assert_near, corners, encode, pixels_of, quarters


class Bits:
    """Writes what `BitReader` reads."""

    def __init__(self) -> None:
        self.text = ""

    def bits(self, value: int, count: int) -> Bits:
        """A number of so many bits."""
        self.text += f"{value:0{count}b}" if count else ""
        return self

    def flags(self, text: str) -> Bits:
        """Bits as they stand."""
        self.text += text.replace(" ", "")
        return self

    def numbers(self, *values: int) -> Bits:
        """Numbers in the code of Golomb."""
        for value in values:
            digits = f"{value + 1:b}"
            self.text += "0" * (len(digits) - 1) + digits
        return self

    def data(self) -> bytes:
        """With a stop bit and zeros up to a whole byte."""
        text = self.text + "1"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def parameters(
    primaries: int,
    transfer: int,
    *,
    layers: int = 0,
    lists: bool = False,
    sets: int = 0,
    chroma: int = 1,
) -> bytes:
    """A HEVC sequence parameter set with colours (H.265, 7.3.2.2)."""
    out = Bits().bits(0, 4).bits(layers, 3).flags("1").bits(0, 96)
    for _ in range(layers):
        out.flags("1 1")
    out.bits(0, 2 * (8 - layers) if layers else 0).bits(0, 96 * layers)
    out.numbers(0, chroma).flags("1" if chroma == 3 else "").numbers(96, 64).flags("1").numbers(
        0, 0, 0, 0
    ).numbers(0, 0, 4)
    out.flags("0").numbers(0, 0, 0)  # order of layers, of the highest only
    out.numbers(0, 3, 0, 3, 0, 0)
    if lists:
        out.flags("1 1")
        for size in range(4):
            for number in range(2 if size == 3 else 6):
                if number % 2:
                    out.flags("0").numbers(1)
                else:
                    count = min(64, 1 << (4 + 2 * size)) + (size > 1)
                    out.flags("1").numbers(*range(count))
    else:
        out.flags("0")
    out.flags("1 0 1").bits(0x77, 8).numbers(0, 1).flags("0")  # PCM
    out.numbers(sets)
    for number in range(sets):
        out.flags("0" if number else "").numbers(1, 2).numbers(0).flags("1")
        out.numbers(0).flags("1").numbers(3).flags("0")
    out.flags("1").numbers(1).bits(5, 8).flags("1")  # long-term references
    out.flags("0 1 1")
    out.flags("1").bits(255, 8).bits(1, 32).flags("1 0")  # the shape of a pixel, overscan
    return (
        out.flags("1")
        .bits(5, 3)
        .flags("1 1")
        .bits(primaries, 8)
        .bits(transfer, 8)
        .bits(9, 8)
        .data()
    )


def configuration(unit: bytes) -> bytes:
    """A box hvcC's body that holds one unit of another kind, and this one."""
    escaped = b""
    for byte in b"\x42\1" + unit:
        escaped += (b"\3" if escaped[-2:] == b"\0\0" and byte <= 3 else b"") + bytes((byte,))
    other = bytes((32, 0, 1, 0, 3)) + b"\x40\1\x0c"
    stored = bytes((0xA0 | 33, 0, 1)) + len(escaped).to_bytes(2, "big") + escaped
    return bytes(22) + b"\2" + other + stored


def test_colours_of_a_hevc_picture() -> None:
    """Past everything that may stand before them."""
    assert of_hevc(configuration(parameters(9, 16))) == (9, 16)
    assert of_hevc(configuration(parameters(12, 13, layers=2))) == (12, 13)
    assert of_hevc(configuration(parameters(9, 18, lists=True))) == (9, 18)
    assert of_hevc(configuration(parameters(1, 1, sets=3))) == (1, 1)
    assert of_hevc(configuration(parameters(12, 13, chroma=3))) == (12, 13)


def test_colours_of_the_picture_itself_count() -> None:
    """A HEIC by x265 whose boxes tell none is shown in the colours that its picture tells."""
    own, coded = parts_of((DATA / "quarters.heic").read_bytes())
    size = next(each for each in own if each[4:8] == b"ispe")
    found = next(each for each in own if each[4:8] == b"hvcC")
    assert of_hevc(found[8:]) in (None, (2, 2), (1, 13))
    told = bytearray(found[8:])
    told[22] += 1  # one more array, before those that libde265 uses
    unit = b"\x42\1" + parameters(12, 13).replace(b"\0\0", b"\0\0\3")
    array = bytes((0xA0 | 33, 0, 1)) + len(unit).to_bytes(2, "big") + unit
    data = container(
        coded, [box(b"hvcC", bytes(told[:23]) + array + bytes(told[23:])), size], b"hvc1"
    )
    wide = pixels_of(data[:8] + b"heic" + data[12:])
    plain = corners(pixels_of(heic()))
    assert abs(int(corners(wide)[0][0]) - plain[0][0]) > 5
    assert decode(data[:8] + b"heic" + data[12:], 100).image.size == (96, 64)
    assert_near(corners(wide)[3][2], 0, 40)


def sequence(primaries: int, transfer: int, *, reduced: bool, profile: int = 1) -> bytes:
    """An AV1 sequence header with colours (AV1, 5.5)."""
    out = Bits().bits(profile, 3).flags("1").flags("1" if reduced else "0")
    if reduced:
        out.bits(4, 5)
    else:
        out.flags("1").bits(1, 64).flags("1").numbers(7)  # timing
        out.flags("1").bits(9, 5).bits(0, 32).bits(9, 5).bits(9, 5)  # the decoder's model
        out.flags("1").bits(1, 5)
        out.bits(1, 12).bits(8, 5).flags("1").flags("1").bits(0, 21).flags("1").bits(2, 4)
        out.bits(2, 12).bits(3, 5).flags("0").flags("0")
    out.bits(8, 4).bits(7, 4).bits(95, 9).bits(63, 8)
    if not reduced:
        out.flags("1").bits(5, 7)
    out.flags("0 1 1")
    if not reduced:
        out.flags("1 1 1 1 1").flags("1 1").flags("0 1").flags("0 1").bits(6, 3)
    out.flags("1 1 0").flags("1")
    out.flags("1" if profile == 2 else "").flags("" if profile == 1 else "0")
    return out.flags("1").bits(primaries, 8).bits(transfer, 8).bits(0, 8).data()


def test_colours_of_an_av1_picture() -> None:
    """Past everything that may stand before them, in units with a size and without."""
    for profile in (0, 1, 2):
        for reduced in (False, True):
            header = sequence(9, 16, reduced=reduced, profile=profile)
            sized = bytes((1 << 3 | 2, len(header))) + header
            assert of_av1(b"\x12\0" + sized) == (9, 16)
            assert of_av1(bytes((1 << 3,)) + header) == (9, 16)


def test_colours_of_the_av1_picture_count() -> None:
    """An AVIF whose boxes tell no colours has those of its picture; libaom writes them there."""
    own, coded = parts_of(encode(quarters(), "AVIF"))
    kept = [each for each in own if each[4:8] != b"colr"]
    assert coded[:3] == b"\x12\0\x0a"  # a delimiter, and a sequence header with a size
    header = sequence(9, 16, reduced=True)
    told = bytes((1 << 3 | 2, len(header))) + header
    assert read_boxes(container(told + coded, kept)).code_points == (9, 16)
    grid = container(
        told + coded, kept, grid=(2, 2, 192, 128), grid_properties=[size_box(192, 128)]
    )
    assert read_boxes(grid).code_points == (9, 16)


@given(st.binary(max_size=200))
def test_any_bytes_have_colours_or_none(data: bytes) -> None:
    """Nothing is raised, and nothing takes long."""
    for found in (of_hevc(data), of_av1(data), of_hevc(configuration(data))):
        assert found is None or len(found) == 2


@given(st.lists(st.integers(0, 2**32 - 2), max_size=20))
def test_numbers_are_read_as_written(numbers: list[int]) -> None:
    """Of any size."""
    read = BitReader(Bits().numbers(*numbers).data())
    assert [read.exp_golomb() for _ in numbers] == numbers

"""A short run over damaged files of every format; the soak does the same with thousands."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from fashion_finder.domain import PreparedPicture
from fashion_finder.errors import PictureError
from tests.unit.images.pictures import every_format, prepared

_CASES_PER_FORMAT = 50


def damaged(data: bytes, cases: int, seed: int) -> Iterator[bytes]:
    """Truncations, flipped bits, overwritten and repeated stretches; the start is hit most."""
    rng = random.Random(seed)
    for case in range(cases):
        broken = bytearray(data)
        match case % 4:
            case 0:
                del broken[rng.randrange(len(broken)) :]
            case 1:
                for _ in range(rng.choice((1, 3, 20))):
                    place = int(len(broken) * rng.random() ** 2)
                    broken[place] ^= 1 << rng.randrange(8)
            case 2:
                place = int(len(broken) * rng.random() ** 2)
                stretch = rng.randrange(1, 16)
                broken[place : place + stretch] = rng.randbytes(stretch)
            case _:
                place = rng.randrange(len(broken))
                broken[place:place] = broken[place : place + rng.randrange(1, 64)]
        yield bytes(broken)


@pytest.mark.parametrize("name", list(every_format()))
def test_damaged_files_give_a_picture_or_a_picture_error(name: str) -> None:
    """Whatever is wrong with a file: no other exception, no warning, a reason in plain words."""
    for broken in damaged(every_format()[name], _CASES_PER_FORMAT, seed=11):
        outcome = _outcome(broken)
        if isinstance(outcome, PictureError):
            assert outcome.detail
            assert "0x" not in outcome.detail
        else:
            assert outcome.square.shape == (224, 224, 3)


def _outcome(data: bytes) -> PreparedPicture | PictureError:
    try:
        return prepared(data, preview=64)
    except PictureError as error:
        return error

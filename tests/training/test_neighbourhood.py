"""What training asks of the embedding: that neighbours match, and that a piece finds itself."""

import math
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from torch.nn import functional  # noqa: E402

from fashion_training.material import Targets  # noqa: E402
from fashion_training.neighbourhood import (  # noqa: E402
    APART_TEMPERATURE,
    NEARBY_TEMPERATURE,
    QUEUE,
    Known,
    Neighbourhood,
    apart,
    nearby,
    nearby_loss,
)
from fashion_training.network import Answers  # noqa: E402

A, B = [1.0, 0.0], [0.0, 1.0]
OWN = torch.tensor([False])


def views(
    rows: list[list[float]], groups: list[int], types: list[int], colours: Any = None
) -> Known:
    """Return views whose two parts are equal, of unit length."""
    parts = functional.normalize(torch.tensor(rows), dim=1)
    names = types if colours is None else colours
    return Known(parts, parts, torch.tensor(types), torch.tensor(names), torch.tensor(groups))


def test_a_view_is_told_apart_from_other_photos() -> None:
    """Standing on another photo's vector costs; standing on one's own among others does not."""
    known = views([A, B], [1, 2], [0, 0])
    assert float(apart(views([A], [1], [0]), known, OWN)) == pytest.approx(0.0, abs=1e-4)
    lost = float(apart(views([B], [1], [0]), known, OWN))
    assert lost == pytest.approx(1 / APART_TEMPERATURE, rel=1e-3)


def test_copies_of_the_photo_are_no_mistakes() -> None:
    """A photo of the same group is left out, although the view equals it."""
    known = views([A, B], [7, 7], [0, 0])
    assert float(apart(views([B], [7], [0]), known, OWN)) == pytest.approx(0.0)


def test_a_recoloured_view_is_compared_by_style_alone() -> None:
    """Its colour part may be anything."""
    plain = views([A, B], [0, 1], [0, 1])
    parts = functional.normalize(torch.tensor([A, B]), dim=1)
    turned = Known(parts, parts.flip(0), plain.type, plain.colour_name, plain.group)
    kept, ignored = (
        float(apart(turned, plain, torch.tensor([recoloured] * 2))) for recoloured in (False, True)
    )
    assert ignored < 1e-3
    assert kept == pytest.approx(math.log(2), abs=1e-3)


def test_a_neighbour_of_the_right_kind_costs_little_and_one_of_another_much() -> None:
    """Nearest neighbours decide, not the mean over all of a kind."""
    known = views([A, B], [1, 2], [0, 1])
    right = nearby(views([A], [9], [0]), known, OWN, 0.5)
    wrong = nearby(views([A], [9], [1]), known, OWN, 0.5)
    assert float(right) < 1e-3
    assert float(wrong) == pytest.approx(1 / NEARBY_TEMPERATURE, rel=1e-3)


def test_a_photo_is_not_its_own_neighbour() -> None:
    """Copies are left out; a photo without any neighbour of its kind counts for nothing."""
    known = views([A, B], [1, 2], [0, 1])
    assert float(nearby(views([A], [1], [0]), known, OWN, 0.5)) == 0.0
    similar = torch.tensor([[0.9, 0.1], [0.2, 0.3]])
    right = torch.tensor([[True, False], [False, False]])
    none = torch.zeros(2, 2, dtype=torch.bool)
    both, one = nearby_loss(similar, right, none), nearby_loss(similar[:1], right[:1], none[:1])
    assert float(both) == pytest.approx(float(one))


def test_the_colour_of_a_recoloured_view_has_no_right_neighbours() -> None:
    """Only its type is asked for."""
    known = views([A, B], [1, 2], [0, 0], colours=[0, 1])
    asked = views([A], [9], [0], colours=[1])
    turned = float(nearby(asked, known, torch.tensor([True]), 0.5))
    assert turned < 1e-3
    assert float(nearby(asked, known, OWN, 0.5)) > 1.0


def test_unknown_words_match_nothing() -> None:
    """Two photos without a label are not thereby alike."""
    known = views([A, B], [1, 2], [-1, 0])
    assert float(nearby(views([A], [9], [-1]), known, OWN, 0.5)) == 0.0


def test_former_photos_are_remembered_up_to_a_number() -> None:
    """A later batch is compared with earlier ones; the oldest photos are forgotten."""
    count = QUEUE // 2 + 1
    targets = Targets(
        types=np.eye(2, dtype=np.bool_)[np.arange(3 * count) % 2],
        gender=np.zeros(3 * count, dtype=np.int64),
        colour_name=np.zeros(3 * count, dtype=np.int64),
    )
    kept = Neighbourhood(targets, np.arange(3 * count), torch.device("cpu"))
    for start in (0, count, 2 * count):
        parts = functional.normalize(torch.randn(count, 4), dim=1).requires_grad_()
        blank = torch.zeros(count, 2)
        said = Answers(style=parts, colour=parts, type=blank, gender=blank, colour_name=blank)
        own = kept.described(np.arange(start, start + count), said)
        around = kept.around(own)
        assert torch.equal(around.group[:count], own.group)
        assert len(around) == count + min(start, QUEUE)
        kept.keep(own)
    former = kept.around(own)
    assert int(former.group[count:].min()) >= count - 2
    own_side = former.style[count:].sum()
    own_side.backward()
    assert float(parts.grad.abs().sum()) == 0.0

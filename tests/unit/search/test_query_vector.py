"""Moving, colouring and weighing a question's vector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Part, Vectors, colour_part
from fashion_finder.search import exact
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.query_vector import (
    balance,
    effort,
    in_colour,
    toward,
    weighed,
)
from fashion_finder.search.recent import Recent
from fashion_finder.search.snapshot import Snapshot

PARTS = (Part("style", 0, 3, 0.25), Part("colour", 3, 5, 0.75))
NONE = np.empty((0, 5), np.float32)


def vector(style: tuple[float, ...], colour: tuple[float, ...]) -> Vectors:
    """An indexed vector: unit parts, each scaled by the root of its weight."""
    parts = (np.array(values, np.float32) for values in (style, colour))
    scaled = (
        one / np.linalg.norm(one) * np.sqrt(part.weight)
        for one, part in zip(parts, PARTS, strict=True)
    )
    return np.concatenate(list(scaled)).astype(np.float32)


def cosine(first: Vectors, second: Vectors, part: Part) -> float:
    """Of one part."""
    a, b = first[part.start : part.stop], second[part.start : part.stop]
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


QUESTION = vector((1, 2, 0), (1, 1))
OTHER = vector((0, 1, 1), (3, 1))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.75, 1.0])
def test_weights_weigh_the_cosines_on_the_same_index(share: float) -> None:
    """The inner product with an indexed vector is the weighted sum of the parts' cosines."""
    asked = weighed(QUESTION, PARTS, {"style": 1 - share, "colour": share})
    style, colour = (cosine(QUESTION, OTHER, part) for part in PARTS)
    assert float(asked @ OTHER) == pytest.approx((1 - share) * style + share * colour, abs=1e-6)


def test_no_weights_are_the_models_own() -> None:
    """A question that wants nothing else is the embedding itself."""
    assert np.allclose(weighed(QUESTION, PARTS, balance(PARTS, {})), QUESTION)


def test_a_colour_replaces_the_colour_and_nothing_else() -> None:
    """The cut stays, the direction's length does not matter."""
    asked = in_colour(QUESTION, PARTS, np.array([0, 5], np.float32))
    assert np.array_equal(asked[:3], QUESTION[:3])
    assert asked[3:].tolist() == pytest.approx([0, np.sqrt(0.75)])


def test_a_model_without_a_colour_part_is_left_alone() -> None:
    """There is nothing to put a colour into."""
    parts = (Part("all", 0, 5, 1.0),)
    assert colour_part(parts) is None
    assert in_colour(QUESTION, parts, np.ones(2, np.float32)) is QUESTION


def test_more_like_moves_closer_and_less_like_away_in_every_part() -> None:
    """Whatever is marked, the parts keep their lengths."""
    closer = toward(QUESTION, PARTS, OTHER[None], NONE)
    away = toward(QUESTION, PARTS, NONE, OTHER[None])
    for part in PARTS:
        assert cosine(closer, OTHER, part) > cosine(QUESTION, OTHER, part)
        assert cosine(away, OTHER, part) < cosine(QUESTION, OTHER, part)
        for moved in (closer, away):
            length = np.linalg.norm(moved[part.start : part.stop])
            assert length == pytest.approx(np.sqrt(part.weight), abs=1e-6)


def test_many_examples_count_by_their_mean() -> None:
    """Marking the same piece twice does not pull twice."""
    once = toward(QUESTION, PARTS, OTHER[None], NONE)
    twice = toward(QUESTION, PARTS, np.stack([OTHER, OTHER]), NONE)
    assert np.allclose(once, twice)


def test_no_examples_move_nothing() -> None:
    """A cleared mark is as if it had never been."""
    assert np.allclose(toward(QUESTION, PARTS, NONE, NONE), QUESTION, atol=1e-6)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_further_the_weights_the_broader_the_search(one: float, other: float) -> None:
    """Usual at the model's own, at most eight times as broad."""
    near, far = sorted((one, other), key=lambda share: abs(share - 0.25))
    efforts = [effort(PARTS, {"style": share, "colour": 1 - share}) for share in (near, far)]
    assert 1 <= efforts[0] <= efforts[1] <= 8
    assert effort(PARTS, balance(PARTS, {})) == effort(PARTS, {"style": 0.25, "colour": 0.75}) == 1
    assert effort(PARTS, {"style": 1.0, "colour": 0.0}) == 8


def test_with_all_weight_on_the_lesser_part_neighbours_are_still_found() -> None:
    """A graph links by the model's weights: at the usual breadth, many of them are missed."""
    parts = (Part("style", 0, 48, 0.05), Part("colour", 48, 64, 0.95))
    random = np.random.default_rng(0)
    count, asked = 8000, 60
    pieces = []
    for part, spread in zip(parts, (0.5, 0.2), strict=True):
        width = part.stop - part.start
        centres = random.normal(size=(200, width))
        points = centres[random.integers(0, 200, count + asked)]
        points = points + spread * random.normal(size=points.shape)
        points *= np.sqrt(part.weight) / np.linalg.norm(points, axis=1, keepdims=True)
        pieces.append(points)
    vectors = np.hstack(pieces).astype(np.float32)
    labels = np.arange(count)
    graph = Graph.build([(labels.tolist(), vectors[:count])], count, 64, threads=2)
    snapshot = Snapshot("model", Recent(64), (graph,))
    weights = {"style": 1.0, "colour": 0.0}
    questions = [weighed(vector, parts, weights) for vector in vectors[count:]]

    def recall(breadth: int) -> float:
        found = 0
        for question in questions:
            truth = {one for one, _ in exact.nearest(labels, vectors[:count], question, 5)}
            found += len(truth & {one for one, _ in snapshot.nearest(question, 5, effort=breadth)})
        return found / (5 * asked)

    assert recall(1) < 0.9
    assert recall(effort(parts, weights)) > 0.97

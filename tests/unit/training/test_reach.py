"""The table of what is asked, on vectors and labels that are easy to see through."""

import numpy as np
import pytest

from evaluation.model_file import Arrays, ModelFile
from evaluation.pattern_swap import laid_over
from evaluation.reach import GOALS, Line, by_group, near_agreement, shares, table
from evaluation.reranking import Ranking, ranked_again
from evaluation.scores import Figure


class Model:
    """What a ranking asks of a model file."""

    def __init__(self) -> None:
        """Two parts of two numbers, and two types."""
        self.parts = {"cut": (0, 2), "colour": (2, 4)}
        self.vocabularies = {"type": ["dress", "boots"]}
        self.document = {"temperatures": {"type": 1.0}}


MODEL: ModelFile = Model()  # type: ignore[assignment]


def pictures(colours: list[float], dress: list[float]) -> Arrays:
    """Return pictures of one cut; ``colours`` are angles and ``dress`` the odds of being one."""
    angles = np.array(colours)
    part = 0.5**0.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    cut = np.tile([0.5**0.5, 0.0], (len(colours), 1))
    scores = np.stack([np.array(dress), np.zeros(len(dress))], axis=1)
    return {
        "embedding": np.hstack([cut, part]).astype(np.float32),
        "type": scores.astype(np.float32),
    }


def test_words_lift_answers_of_the_asked_type() -> None:
    """Black boots are nearest to a black dress in colour; the words say that they are boots."""
    asked = pictures([0.0], [4.0])
    gallery = pictures([0.05, 0.3, 1.5], [-4.0, 4.0, 4.0])
    nothing = np.zeros((1, 3), dtype=np.bool_)
    weights = {"cut": 0.5, "colour": 0.5}
    alone = ranked_again(MODEL, Ranking(3, weights, {}), asked, gallery, nothing, 2)
    assert alone.tolist() == [[0, 1]]
    words = Ranking(3, weights, {"type": 0.2})
    assert ranked_again(MODEL, words, asked, gallery, nothing, 2).tolist() == [[1, 2]]
    # What the index does not find first is never seen.
    shallow = Ranking(2, weights, {"type": 0.2})
    assert ranked_again(MODEL, shallow, asked, gallery, nothing, 2).tolist() == [[1, 0]]
    hidden = np.array([[False, True, False]])
    assert ranked_again(MODEL, words, asked, gallery, hidden, 2).tolist() == [[2, 0]]


def test_a_ranking_needs_the_parts_and_words_that_it_speaks_of() -> None:
    """A ranking for other parts, or for words that a model lacks, is not used."""
    fits = Ranking.from_json({"depth": 50, "weights": {"cut": 1, "colour": 2}, "words": {}})
    assert fits.fits(MODEL) and fits.depth == 50
    assert not Ranking(50, {"style": 1.0}, {}).fits(MODEL)
    assert not Ranking(50, {"cut": 0.5, "colour": 0.5}, {"pattern": 0.1}).fits(MODEL)


def test_neighbouring_colours_and_shares() -> None:
    """Neighbours agree, the unknown agrees with nothing; groups are spelt out."""
    alike = near_agreement(["navy", ""], ["black", "white", "navy", ""])
    assert alike.tolist() == [[True, False, True, False], [False] * 4]
    found = np.array([[0, 1], [2, 3]])
    assert shares(alike, found).tolist() == [0.5, 0.0]
    assert by_group(np.array([1.0, 0.0, 0.5]), ["b", "b", "a"]) == "a 0.50 of 1, b 0.50 of 2"


def test_the_table_names_every_measure() -> None:
    """What was measured stands beside its bar; the rest is said to be missing."""
    line = Line("ordinary: type", Figure(0.7, 0.68, 0.72, 600), Figure(0.8, 0.78, 0.82, 600))
    rows = list(table([line]))
    text = "\n".join(rows)
    print(text)
    assert all(name in text for name in GOALS)
    assert "bar reached" in text and text.count("not measured") == len(GOALS)
    worse = Line("ordinary: type", Figure(0.7, 0.68, 0.72, 600))
    assert any("0.080 short" in row for row in table([worse]))


@pytest.mark.parametrize("identifier", range(6))
def test_another_pattern_keeps_the_mean_colour_and_the_backdrop(identifier: int) -> None:
    """The pattern can be seen, and only the pattern."""
    picture = np.full((150, 120, 3), 255, np.uint8)
    picture[30:120, 30:90] = (120, 60, 150)
    changed = laid_over(picture, identifier, 0)
    outside = np.ones((150, 120), dtype=np.bool_)
    outside[30:120, 30:90] = False
    assert (changed[outside] == 255).all()
    inside = changed[30:120, 30:90].reshape(-1, 3)
    assert np.abs(inside.mean(axis=0) - (120, 60, 150)).max() < 3
    assert inside.std(axis=0).min() > 10

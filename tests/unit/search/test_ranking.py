"""Answers are worded honestly and ordered as a person expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from fashion_finder.domain import Closeness, ContentId
from fashion_finder.search.ranking import closeness, rank

THRESHOLDS = {Closeness.VERY_CLOSE: 0.9, Closeness.CLOSE: 0.7, Closeness.WEAKER: 0.5}
ONE, TWO, THREE = ContentId(1), ContentId(2), ContentId(3)


@pytest.mark.parametrize(
    "similarity, word",
    [
        (1.0, Closeness.VERY_CLOSE),
        (0.9, Closeness.VERY_CLOSE),
        (0.89, Closeness.CLOSE),
        (0.7, Closeness.CLOSE),
        (0.5, Closeness.WEAKER),
        (0.49, Closeness.FAR),
        (-1.0, Closeness.FAR),
    ],
)
def test_each_threshold_opens_its_word(similarity: float, word: Closeness) -> None:
    """A threshold belongs to the closer word."""
    assert closeness(similarity, THRESHOLDS) is word


def test_copies_fold_into_one_match() -> None:
    """Files with the same bytes are one answer with its copies."""
    (match,) = rank([(ONE, 0.8)], {ONE: [Path("/a"), Path("/b")]}, THRESHOLDS)
    assert (match.path, match.copies) == (Path("/a"), (Path("/b"),))


def test_the_question_itself_comes_before_its_equals() -> None:
    """A picture saved twice in different bytes ties with itself."""
    locations = {ONE: [Path("/saved-again")], TWO: [Path("/asked"), Path("/copy")]}
    matches = rank([(ONE, 1.0), (TWO, 0.9999999)], locations, THRESHOLDS, itself=TWO)
    assert [match.path for match in matches] == [Path("/asked"), Path("/saved-again")]
    assert matches[0].copies == (Path("/copy"),)


def test_what_went_away_is_left_out_and_similarity_stays_in_range() -> None:
    """A content without files is no answer; rounding never makes more than identical."""
    matches = rank([(ONE, 1.0000002), (THREE, 0.9)], {ONE: [Path("/a")]}, THRESHOLDS)
    assert [(match.content, match.similarity) for match in matches] == [(ONE, 1.0)]

"""Answers are worded honestly and ordered as a person expects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.search.ranking import Scored, closeness, fold, rank

THRESHOLDS = {Closeness.SAME_PIECE: 0.9, Closeness.VERY_SIMILAR: 0.7, Closeness.SIMILAR: 0.5}
ONE, TWO, THREE = ContentId(1), ContentId(2), ContentId(3)


def like(*pairs: tuple[ContentId, float]) -> list[Scored]:
    """Neighbours that are ranked by their similarity alone."""
    return [(content, similarity, similarity) for content, similarity in pairs]


@pytest.mark.parametrize(
    "similarity, word",
    [
        (1.0, Closeness.SAME_PIECE),
        (0.9, Closeness.SAME_PIECE),
        (0.89, Closeness.VERY_SIMILAR),
        (0.7, Closeness.VERY_SIMILAR),
        (0.5, Closeness.SIMILAR),
        (0.49, Closeness.DISSIMILAR),
        (-1.0, Closeness.DISSIMILAR),
    ],
)
def test_each_threshold_opens_its_word(similarity: float, word: Closeness) -> None:
    """A threshold belongs to the closer word."""
    assert closeness(similarity, THRESHOLDS) is word


@pytest.mark.parametrize(
    "similarity, word",
    [
        (0.9, Closeness.SAME_PIECE),
        (0.7, Closeness.VERY_SIMILAR),
        (0.69, Closeness.UNJUDGED),
        (0.5, Closeness.UNJUDGED),
        (0.49, Closeness.UNJUDGED),
    ],
)
def test_of_a_part_only_good_news_is_told(similarity: float, word: Closeness) -> None:
    """A part that is cut through a piece is far even from the photo it was cut from."""
    (match,) = rank(like((ONE, similarity)), {ONE: [Path("/a")]}, THRESHOLDS, of_region=True)
    assert match.closeness is word


def test_copies_fold_into_one_match() -> None:
    """Files with the same bytes are one answer with its copies."""
    (match,) = rank(like((ONE, 0.8)), {ONE: [Path("/a"), Path("/b")]}, THRESHOLDS)
    assert (match.path, match.copies) == (Path("/a"), (Path("/b"),))


def test_the_question_itself_comes_before_its_equals() -> None:
    """A picture saved twice in different bytes ties with itself."""
    locations = {ONE: [Path("/saved-again")], TWO: [Path("/asked"), Path("/copy")]}
    matches = rank(like((ONE, 1.0), (TWO, 0.9999999)), locations, THRESHOLDS, itself=TWO)
    assert [match.path for match in matches] == [Path("/asked"), Path("/saved-again")]
    assert matches[0].copies == (Path("/copy"),)


def test_what_went_away_is_left_out_and_similarity_stays_in_range() -> None:
    """A content without files is no answer; rounding never makes more than identical."""
    matches = rank(like((ONE, 1.0000002), (THREE, 0.9)), {ONE: [Path("/a")]}, THRESHOLDS)
    assert [(match.content, match.similarity) for match in matches] == [(ONE, 1.0)]


def test_the_score_orders_and_words_and_the_similarity_is_kept() -> None:
    """What words make of a neighbour decides its place and its closeness, not its similarity."""
    locations = {ONE: [Path("/a")], TWO: [Path("/b")]}
    matches = rank([(ONE, 0.95, 0.6), (TWO, 0.8, 0.75)], locations, THRESHOLDS)
    assert [(match.content, match.similarity, match.closeness) for match in matches] == [
        (TWO, 0.8, Closeness.VERY_SIMILAR),
        (ONE, 0.95, Closeness.SIMILAR),
    ]


def ranked(*names: str) -> list[Match]:
    """Matches in this order; the same letter shows the same photo."""
    return [
        Match(ContentId(place), Path(name), 0.9, Closeness.VERY_SIMILAR)
        for place, name in enumerate(names, 1)
    ]


def folded(matches: list[Match], most: int = 9, itself: ContentId | None = None) -> list[list[str]]:
    """The names under each tile."""
    letters = {match.content: match.path.name[0] for match in matches}

    def alike(first: ContentId, others: Sequence[ContentId]) -> set[ContentId]:
        return {other for other in others if letters[other] == letters[first]}

    found = fold(matches, alike, most, itself=itself)
    return [[match.path.name, *(near.path.name for near in match.near)] for match in found]


def test_what_shows_the_same_photo_stands_under_its_best() -> None:
    """Nothing is lost, and the order of the photos is that of their best files."""
    matches = ranked("a1", "b1", "a2", "c1", "b2", "a3")
    assert folded(matches) == [["a1", "a2", "a3"], ["b1", "b2"], ["c1"]]


def test_only_so_many_photos_are_wanted_but_all_their_files() -> None:
    """Copies far down still count; photos beyond the last wanted one are left out."""
    assert folded(ranked("a1", "b1", "c1", "a2", "b2"), most=2) == [["a1", "a2"], ["b1", "b2"]]


def test_a_photo_is_named_by_the_file_that_was_asked_with() -> None:
    """It is set apart by that, wherever a refined question puts it."""
    assert folded(ranked("a1", "b1", "a2"), itself=ContentId(3)) == [["a2", "a1"], ["b1"]]


def test_a_photo_is_named_by_a_file_that_is_connected() -> None:
    """Also before the one that was asked with; it stays where the best of them ranks."""
    away = Match(ONE, Path("/stick/a"), 0.95, Closeness.SAME_PIECE, offline=True)
    here = Match(TWO, Path("/here/a"), 0.75, Closeness.VERY_SIMILAR)
    other = Match(THREE, Path("/here/b"), 0.9, Closeness.SAME_PIECE)
    for itself in (None, ONE):
        first, second = fold(
            [away, other, here], lambda content, others: {ONE, TWO} - {content}, 5, itself=itself
        )
        assert (first.path, first.offline, first.near) == (here.path, False, (away,))
        assert (first.similarity, first.closeness) == (0.95, Closeness.SAME_PIECE)
        assert second == other


def test_every_file_of_a_photo_is_counted() -> None:
    """Exact copies of the near ones, too."""
    (one, two) = ranked("a1", "a2")
    two = Match(two.content, two.path, 0.8, Closeness.VERY_SIMILAR, copies=(Path("x"), Path("y")))
    (match,) = fold([one, two], lambda _, others: others, 5)
    assert match.file_count == 4

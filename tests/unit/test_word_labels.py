"""What the window calls the model's words."""

from __future__ import annotations

import pytest

from fashion_finder import paths
from fashion_finder.domain import COLOUR_VOCABULARY, TYPE_VOCABULARY
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.engine.words import Vocabulary, understand
from fashion_finder.images.formats import UNREAD_SUFFIXES
from fashion_finder.word_labels import kind_label, not_read_line, word_label


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """All words of the shipped model."""
    words = OnnxEmbedder(paths.model_path(), 1).info.vocabularies
    return Vocabulary(words[TYPE_VOCABULARY], words[COLOUR_VOCABULARY], ())


@pytest.mark.parametrize(
    "word, label",
    [
        ("Tshirts", "T-shirts"),
        ("Off White", "Off-white"),
        ("Casual Shoes", "Casual shoes"),
        ("Red", "Red"),
        ("iPad Sleeve", "iPad Sleeve"),
        ("", ""),
    ],
)
def test_words_are_drawn_as_people_say_them(word: str, label: str) -> None:
    """Sentence case, usual spelling; a word that nobody listed keeps its own."""
    assert word_label(word) == label


def test_no_two_words_share_a_label(vocabulary: Vocabulary) -> None:
    """Two chips of one name could not be told apart."""
    for words in (vocabulary.types, vocabulary.colours):
        assert len({word_label(word).casefold() for word in words}) == len(words)


def test_words_and_labels_are_understood_alike(vocabulary: Vocabulary) -> None:
    """Typed into the filter field, each finds its word and no other."""
    for word in vocabulary.types:
        for typed in (word, word_label(word)):
            filters = understand(typed, vocabulary).filters
            assert (filters.types, filters.colours) == ((word,), ()), typed
    for word in vocabulary.colours:
        for typed in (word, word_label(word)):
            filters = understand(typed, vocabulary).filters
            assert (filters.types, filters.colours) == ((), (word,)), typed


@pytest.mark.parametrize(
    "typed, word", [("trainers", "Sports Shoes"), ("jogger", "Track Pants"), ("t-shirt", "Tshirts")]
)
def test_labels_are_understood_in_any_case_and_number(
    vocabulary: Vocabulary, typed: str, word: str
) -> None:
    """As the model's own words are."""
    assert understand(typed, vocabulary).filters.types == (word,)


def test_a_word_of_a_label_is_left_for_names(vocabulary: Vocabulary) -> None:
    """Winter scarves are no reason to keep people from a folder called Winter."""
    assert understand("winter", vocabulary).unknown == ("winter",)


@pytest.mark.parametrize(
    "kind, count, line",
    [
        ("RAW", 214, "214 RAW files are not read: index their JPEGs"),
        ("RAW", 1, "1 RAW file is not read: index its JPEG"),
        ("video", 2, "2 videos are not read"),
        (
            "of a later version",
            1,
            "1 picture in another format is not read: save a copy as JPEG or PNG",
        ),
    ],
)
def test_what_is_not_read_is_told_with_what_to_do(kind: str, count: int, line: str) -> None:
    """One or several."""
    assert not_read_line(kind, count) == line


def test_every_kind_has_words_of_its_own() -> None:
    """No two are called the same."""
    kinds = set(UNREAD_SUFFIXES.values())
    assert len({kind_label(kind, 2) for kind in kinds}) == len(kinds)

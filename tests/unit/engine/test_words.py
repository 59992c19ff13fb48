"""Words become filters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import EVERYTHING, Filters
from fashion_finder.engine.words import Vocabulary, understand

VOCABULARY = Vocabulary(
    types=(
        "Accessory Gift Set",
        "Casual Shoes",
        "Dresses",
        "Jewellery Set",
        "Laptop Bag",
        "Necklace and Chains",
        "Scarves",
        "Sports Shoes",
        "Sunglasses",
        "Sweaters",
        "Ties",
        "Tshirts",
    ),
    colours=("Blue", "Green", "Grey", "Navy Blue", "Off White", "Red", "Sea Green", "White"),
    folders=(Path("/photos/Spring 2024"), Path("/photos/Lookbook"), Path("/nas/archive")),
)


@pytest.mark.parametrize(
    "text, filters",
    [
        ("", EVERYTHING),
        ("red dress", Filters(types=("Dresses",), colours=("Red",))),
        ("Dresses, RED!", Filters(types=("Dresses",), colours=("Red",))),
        ("a tie in navy", Filters(types=("Ties",), colours=("Navy Blue",))),
        ("blue tee", Filters(types=("Tshirts",), colours=("Blue",))),
        ("t-shirts t-shirt", Filters(types=("Tshirts",))),
        ("navy blue or white scarf", Filters(("Scarves",), ("Navy Blue", "White"))),
        ("off white", Filters(colours=("Off White",))),
        ("gray jewelry", Filters(types=("Jewellery Set",), colours=("Grey",))),
        ("shoes", Filters(types=("Casual Shoes", "Sports Shoes"))),
        ("trainers", Filters(types=("Sports Shoes",))),
        ("sea green sunglasses", Filters(("Sunglasses",), ("Sea Green",))),
        ("dresses spring 2024", Filters(("Dresses",), folders=(Path("/photos/Spring 2024"),))),
        ("2024", Filters(folders=(Path("/photos/Spring 2024"),))),
        ("necklaces", Filters(types=("Necklace and Chains",))),
        ("accessories", Filters(types=("Accessory Gift Set",))),
    ],
)
def test_people_are_understood(text: str, filters: Filters) -> None:
    """Case, order, plurals, hyphens, spellings and little words do not matter."""
    wish = understand(text, VOCABULARY)
    assert wish.filters == filters
    assert wish.unknown == ()


def test_what_is_not_understood_is_told() -> None:
    """As it was typed, and the rest still counts."""
    wish = understand("the Zorbing red IMG_0042", VOCABULARY)
    assert wish.filters == Filters(colours=("Red",))
    assert wish.unknown == ("Zorbing", "IMG", "0042")


@pytest.mark.parametrize(
    "text, filters, names",
    [
        ("red-dress.jpg", EVERYTHING, ("red-dress", "jpg")),
        ("red dress_01", Filters(colours=("Red",)), ("dress", "01")),
        ("navy blue.tie", Filters(colours=("Navy Blue",)), ("blue", "tie")),
        ("out_of_the_blue", EVERYTHING, ("out", "of", "the", "blue")),
    ],
)
def test_the_name_of_a_file_describes_nothing(
    text: str, filters: Filters, names: tuple[str, ...]
) -> None:
    """Who types red-dress.jpg looks for that file."""
    wish = understand(text, VOCABULARY)
    assert wish.filters == filters
    assert wish.unknown == names


NAMES = st.sampled_from([*VOCABULARY.types, *VOCABULARY.colours])
SHOUTED = st.sampled_from([str, str.upper, str.lower])


@given(name=NAMES, shout=SHOUTED)
def test_every_name_is_understood_as_itself(name: str, shout: type[str]) -> None:
    """However it is written."""
    filters = understand(shout(name), VOCABULARY).filters
    assert (*filters.types, *filters.colours) == (name,)


@given(kind=st.sampled_from(VOCABULARY.types), colour=st.sampled_from(VOCABULARY.colours))
def test_colour_and_type_may_come_in_any_order(kind: str, colour: str) -> None:
    """As "blue ties" and "ties blue" are one wish."""
    wanted = Filters(types=(kind,), colours=(colour,))
    assert understand(f"{colour} {kind}", VOCABULARY).filters == wanted
    assert understand(f"{kind}, {colour}", VOCABULARY).filters == wanted


@given(text=st.text())
def test_any_text_is_survived(text: str) -> None:
    """Nothing is invented: what is found is in the vocabulary."""
    wish = understand(text, VOCABULARY)
    assert set(wish.filters.types) <= set(VOCABULARY.types)
    assert set(wish.filters.colours) <= set(VOCABULARY.colours)
    assert all(word in text for word in wish.unknown)

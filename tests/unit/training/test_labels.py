"""What the labels of both photo sets mean to the model."""

import pytest

from fashion_training.labels import (
    ORDINARY_TYPES,
    Meaning,
    Vocabularies,
    build_vocabularies,
    catalogue_meaning,
    ordinary_meaning,
    positions,
)


def test_catalogue_row_gives_type_gender_and_colour() -> None:
    """A row says all three; a colour of "NA" is unknown, not a colour."""
    row = {"articleType": "Tshirts", "gender": "Men", "baseColour": "Navy Blue"}
    assert catalogue_meaning(row) == Meaning(("Tshirts",), "Men", "Navy Blue")
    assert catalogue_meaning({**row, "baseColour": "NA"}).colour == ""
    assert catalogue_meaning({**row, "articleType": " "}).types == ()


@pytest.mark.parametrize(
    "label,types",
    [
        ("T-Shirt", ("Tshirts",)),
        ("Polo", ("Tshirts",)),
        ("Undershirt", ("Innerwear Vests",)),
        ("Body", ("Bodysuits",)),
        ("Kimono", ("Kimono",)),
        ("Not sure", ()),
    ],
)
def test_ordinary_label_maps_onto_the_catalogue(label: str, types: tuple[str, ...]) -> None:
    """Known words map, unknown ones stand for themselves, and no answer is no label."""
    assert ordinary_meaning(label) == Meaning(types, "", "")


def test_a_coarse_label_stands_for_several_types() -> None:
    """Shoes may be any kind of shoe, and none of the kinds is listed twice."""
    shoes = ordinary_meaning("Shoes").types
    assert {"Casual Shoes", "Heels", "Flip Flops"} <= set(shoes)
    assert all(len(set(types)) == len(types) for types in ORDINARY_TYPES.values())


def test_vocabulary_holds_words_with_enough_photos() -> None:
    """Rare words, unknown ones and coarse labels add nothing; words are sorted."""
    photos = [Meaning(("Shirts",), "Men", "Red")] * 5
    photos += [Meaning(("Jeans",), "Men", "Blue")] * 5
    photos += [Meaning(("Hat",), "Women", "")] * 4
    photos += [Meaning(("Hat", "Caps"), "", "")] * 9
    words = build_vocabularies(photos, fewest=5)
    assert words == Vocabularies(("Jeans", "Shirts"), ("Blue", "Red"), ("Men",))
    assert Vocabularies.from_dict(words.as_dict()) == words


def test_positions_leave_unknown_words_out() -> None:
    """Positions come in the vocabulary's order."""
    assert positions(["c", "x", "a"], ["a", "b", "c"]) == (0, 2)
    assert positions(["x"], ["a"]) == ()

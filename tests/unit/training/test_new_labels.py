"""What labels mean: near colours, patterns in product names, classes of garments, outlined photos."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evaluation.street import WornGarments, catalogue_classes
from fashion_training.colours_by_eye import CATALOGUE_COLOURS, COLOURS, NEIGHBOURS, everyday, near
from fashion_training.garment_classes import (
    CATALOGUE_CLASSES,
    CLASSES,
    ORDINARY_CLASSES,
    STREET_CLASSES,
)
from fashion_training.ordinary_labels import Seen, read_labels
from fashion_training.patterns import NAME_WORDS, PATTERNS, pattern_in_name
from fashion_training.street_looks import StreetLooks, side_of_photo


def test_neighbouring_colours_count_as_the_same_in_both_directions() -> None:
    """The table is symmetric, and knows all names."""
    assert near("navy", "black") and near("black", "navy") and near("multi", "multi")
    assert not near("navy", "white") and not near("", "") and not near("red", "")
    assert len(NEIGHBOURS) == 24
    assert set().union(*NEIGHBOURS) <= set(COLOURS)
    assert set(CATALOGUE_COLOURS.values()) <= set(COLOURS)
    assert everyday("Navy Blue") == "navy" and everyday("Khaki") == "olive"
    assert everyday("NA") == ""


@pytest.mark.parametrize(
    "name, word",
    [
        ("Locomotive Men Washed Checked Blue Shirt", "checked"),
        ("Arrow Men Stripes White Shirts", "striped"),
        ("ADIDAS Men's 3 Stripes Black Track Pants", ""),
        ("Mr.Men Men's Solid Grey Tshirt", "solid"),
        ("Jealous 21 Women Printed Striped Top", ""),
        ("Nike Men Blue Jersey", ""),
    ],
)
def test_a_product_name_tells_its_pattern(name: str, word: str) -> None:
    """Exactly one word of apparel counts, and no brand name."""
    assert pattern_in_name({"masterCategory": "Apparel", "productDisplayName": name}) == word
    assert pattern_in_name({"masterCategory": "Accessories", "productDisplayName": name}) == ""
    assert pattern_in_name({"id": "1"}) == ""
    assert set(sum(NAME_WORDS.values(), ())) <= set(PATTERNS)


def test_every_class_is_reached_from_the_street_and_the_catalogue() -> None:
    """No class is empty on either side."""
    assert len(CLASSES) == 14
    assert set(STREET_CLASSES.values()) == set(CATALOGUE_CLASSES.values()) == set(CLASSES)
    assert set(ORDINARY_CLASSES.values()) <= set(CLASSES)
    assert catalogue_classes(["Jeans", "Watches"]) == ["jeans", ""]


def test_labels_by_eye_are_read(tmp_path: Path) -> None:
    """A pattern called "other" says nothing."""
    table = tmp_path / "labels.csv"
    table.write_text("image,colour,colour2,pattern\na,navy,white,striped\nb,red,,other\n")
    assert read_labels(table) == {
        "a": Seen("navy", "white", "striped"),
        "b": Seen("red", "", ""),
    }


@pytest.fixture
def looks(tmp_path: Path) -> Path:
    """Write an archive of one test photo: a red skirt, brown hair, and a mark too small to see."""
    name = next(f"{number:04d}" for number in range(99) if side_of_photo(f"{number:04d}") == "test")
    photo = np.full((120, 90, 3), 200, np.uint8)
    mask = np.zeros((120, 90), np.uint8)
    photo[40:80, 30:60] = (200, 20, 30)
    mask[40:80, 30:60] = 42
    mask[5:20, 35:55] = 19
    path = tmp_path / "looks.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for folder, suffix, array in (("photos", "webp", photo), ("masks", "png", mask)):
            with archive.open(f"{folder}/{name}.{suffix}", "w") as file:
                Image.fromarray(array).save(file, suffix.upper(), lossless=True)
        archive.writestr("label_list.txt", "0 null\n3 belt\n19 hair\n42 skirt\n")
        head = "photo,mask_value,label,left,top,right,bottom,area_share,width,height\n"
        rows = f"{name},42,skirt,30,40,60,80,0.1,90,120\n{name},3,belt,30,40,60,43,0.01,90,120\n"
        archive.writestr("labels.csv", head + rows)
    return path


def test_worn_garments_are_cut_out_by_their_boxes(looks: Path) -> None:
    """Boxes become questions; what is too small does not."""
    worn = WornGarments.open(looks, None)
    assert worn.classes == ("skirt",)  # the belt is three pixels high
    crop = worn.crop(0)
    assert crop.shape == (224, 224, 3)
    assert crop[112, 112].tolist() == [200, 20, 30]
    dressed = StreetLooks(looks).dressed(worn.garments[0].photo)
    assert dressed.sum() == 40 * 30  # hair is no garment
    assert StreetLooks(looks).worn("train") == []

"""Figures on photos that never train: who is asked, and among whom."""

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.early_layers import ENTERING_CHANNELS, Outlook  # noqa: E402
from fashion_training.heads import Averages, Heads  # noqa: E402
from fashion_training.held_out import HeldOut, averages_of_photos, small_only  # noqa: E402
from fashion_training.kept_views import KINDS, KeptViews, Plan  # noqa: E402
from fashion_training.labels import Vocabularies  # noqa: E402
from fashion_training.material import Material, Targets  # noqa: E402
from fashion_training.network import (  # noqa: E402
    COLOUR_FEATURES,
    EARLY_CHANNELS,
    PIXEL_BINS,
    Embedder,
)
from fashion_training.photos import Photo  # noqa: E402
from fashion_training.split import Side, side_of  # noqa: E402
from fashion_training.top import Bytes  # noqa: E402

WORDS = Vocabularies(type=("Shirts", "Skirts"), gender=("Men",), colour_name=("Blue", "Red"))


def identifiers(side: Side) -> list[str]:
    """Some that stand on one side of the split."""
    return [str(number) for number in range(1000, 1200) if side_of(str(number)) == side]


def photo_set(folder: Path, shades: dict[str, int]) -> Path:
    """A folder of grey photos with a table of labels; equal shades are equal files."""
    folder.mkdir()
    with (folder / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "articleType", "baseColour", "gender"])
        for identifier, shade in shades.items():
            Image.new("L", (30, 40), shade).save(folder / f"{identifier}.jpg")
            table.writerow([identifier, "Shirts", "Blue", "Men"])
    return folder


def test_only_validating_photos_without_a_large_version_are_asked(tmp_path: Path) -> None:
    """A copy of one is asked once, and a photo that trains or tests not at all."""
    both, alone, copy, *_ = identifiers("validation")
    learnt, tested = identifiers("train")[0], identifiers("test")[0]
    large = photo_set(tmp_path / "large", {both: 10})
    shades = {both: 10, alone: 60, copy: 60, learnt: 110, tested: 160}
    small = photo_set(tmp_path / "small", shades)
    assert [photo.stem for photo in small_only(large, small)] == [alone]


def photos_of(source: object, count: int) -> list[Photo]:
    """Photos of one set, which are shirts or skirts, blue or red, in turn."""
    wholes: Any = source
    return [
        Photo(
            wholes,
            str(place),
            "catalogue",
            {
                "articleType": WORDS.type[place % 2],
                "baseColour": WORDS.colour_name[place // 2 % 2],
                "gender": "Men",
            },
        )
        for place in range(count)
    ]


def test_photos_are_asked_among_all_that_do_not_test() -> None:
    """Averages that say the words exactly give right answers only; a photo never answers itself."""
    torch.manual_seed(1)
    learning, validating = 40, 8
    photos = photos_of(object(), learning + validating)
    material = Material(tuple(photos), learning, WORDS)
    places = np.arange(len(photos))
    targets = Targets(
        types=places[:, None] % 2 == np.arange(2)[None, :],
        gender=np.zeros(len(photos), dtype=np.int64),
        colour_name=places // 2 % 2,
    )
    late = np.arange(learning, len(photos))
    order = [(late, "exact"), (places[:learning], "plain"), (late, "changed"), (late, "small")]
    plan = Plan(
        np.concatenate([rows for rows, _ in order]),
        np.concatenate([np.full(len(rows), KINDS.index(kind)) for rows, kind in order]),
    )
    views: Any = object.__new__(KeptViews)  # nothing of it lies on disk: rows alone are asked for
    views.plan, views.done = plan, len(plan.photos)
    kinds = torch.randn(4, COLOUR_FEATURES)
    seen = kinds[plan.photos % 4] + 0.01 * torch.randn(len(photos), COLOUR_FEATURES)[plan.photos]
    averages = Averages(seen, torch.zeros(len(seen), PIXEL_BINS))
    heads = Heads(Embedder({"type": 2, "gender": 1, "colour_name": 2}).top, averages, places)
    held_out = HeldOut(material, targets, views, averages, places)
    strangers = photos_of(object(), 24)
    theirs = Averages(kinds[np.arange(24) % 4], torch.zeros(24, PIXEL_BINS))
    figures = held_out.figures(heads, strangers, theirs)
    assert set(figures.values()) == {(1.0, 1.0, 1.0), (1.0,)}
    turned = Averages(kinds[(np.arange(24) + 1) % 4], torch.zeros(24, PIXEL_BINS))
    figures = held_out.figures(heads, strangers, turned)
    assert figures["small only"] == (0.0, 0.5, 0.0)
    assert figures["small only among themselves"] == (1.0, 1.0, 1.0)


def test_averages_are_those_of_the_network() -> None:
    """Photos without kept views go through the same layers; how many go together changes nothing."""
    source: Any = SimpleNamespace(
        picture=lambda stem: np.full((224, 224, 3), int(stem), dtype=np.uint8)
    )
    photos = photos_of(source, 70)

    def look(pictures: np.ndarray) -> Outlook:
        shade = pictures[:, :1, :1, :1].astype(np.uint8)
        counts = len(pictures)
        return Outlook(
            np.broadcast_to(shade, (counts, ENTERING_CHANNELS, 14, 14)).copy(),
            np.broadcast_to(shade, (counts, EARLY_CHANNELS, 14, 14)).copy(),
        )

    layers: Any = SimpleNamespace(look=look)
    steps = Bytes(np.full(EARLY_CHANNELS, 0.5, dtype=np.float32), 0.01)
    top = Embedder({"type": 2, "gender": 1, "colour_name": 2}).top
    found = averages_of_photos(photos, layers, top, steps)
    assert found.seen.shape == (70, COLOUR_FEATURES)
    assert found.seen[:, 0].tolist() == pytest.approx([place / 2 for place in range(70)])
    alone = averages_of_photos(photos[66:67], layers, top, steps)
    assert torch.allclose(alone.seen[0].float(), found.seen[66].float(), atol=0.02, rtol=0.02)

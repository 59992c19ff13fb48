"""Views of many photos, and what the early layers make of each, kept on disk.

Those layers stay as they are while the last stage and the heads are trained: one pass through them
serves every epoch. A photo's views stand together, its plain one first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from fashion_training.early_layers import CELLS, EARLY_CHANNELS, ENTERING_CHANNELS, EarlyLayers
from fashion_training.material import Material
from fashion_training.photos import PhotoSet
from fashion_training.prepared import open_rows
from fashion_training.views import Backdrops, View, changed_view, plain_view

SIZE = 224
#: Pixels are averaged over squares of this side before they are kept.
PIXEL_SQUARE = 4
#: Views that go through the network together.
AT_ONCE = 16
#: After so many views, what is on disk is noted.
BETWEEN_NOTES = 1024
#: How often the small copy of a photo is changed further, and how strongly.
SMALL_CHANGED_SHARE, SMALL_STRENGTH = 0.5, 0.6

Kind = Literal["exact", "plain", "changed", "small"]
KINDS: tuple[Kind, ...] = ("exact", "plain", "changed", "small")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which view of which photo each row is: places in the material, and places in KINDS."""

    photos: NDArray[np.int64]
    kinds: NDArray[np.int64]

    def rows_of(self, kind: Kind) -> NDArray[np.int64]:
        """Return the rows that are of one kind."""
        return np.flatnonzero(self.kinds == KINDS.index(kind))


def plan_views(material: Material, small_only: int, changed: int, seed: int) -> Plan:
    """Choose the views to keep, validation photos first, training photos in random order after.

    A large photo is kept plain, ``changed`` times changed, and as its small copy; an ordinary one
    plain and twice changed; of the photos that exist in small only, ``small_only`` are kept plain
    and changed. Validation photos are kept exactly as they are, changed, and (catalogue) as their
    small copy. The large photos' second and later changed views come last.
    """
    large = material.photos[0].source
    places: list[int] = []
    kinds: list[Kind] = []

    def add(place: int, wanted: Sequence[Kind]) -> None:
        places.extend([place] * len(wanted))
        kinds.extend(wanted)

    for place in range(material.training, len(material.photos)):
        ordinary = material.photos[place].kind == "ordinary"
        add(place, ("exact", "changed") if ordinary else ("exact", "changed", "small"))
    draw = np.random.default_rng([seed, 11])
    left = small_only
    for place in draw.permutation(material.training):
        photo = material.photos[place]
        if photo.kind == "ordinary":
            add(int(place), ("plain", "changed", "changed"))
        elif photo.source is large:
            add(int(place), ("plain", "changed", "small"))
        elif left:
            left -= 1
            add(int(place), ("plain", "changed"))
    learnt = [place for place in range(material.training) if material.photos[place].source is large]
    for _ in range(changed - 1):
        for place in learnt:
            add(place, ("changed",))
    codes = [KINDS.index(kind) for kind in kinds]
    return Plan(np.array(places, dtype=np.int64), np.array(codes, dtype=np.int64))


class KeptViews:
    """One row per view: bytes of the early layers' outputs, averaged pixels, and a mask."""

    def __init__(self, folder: Path, plan: Plan, key: str) -> None:
        """Open what an earlier attempt with the same ``key`` kept, or begin."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = len(plan.photos)
        self.plan = plan
        self._notes = folder / "views.json"
        self._key = f"{key} {rows}"
        known = json.loads(self._notes.read_text()) if self._notes.exists() else {}
        self.done = int(known["done"]) if known.get("key") == self._key else 0
        cells = (CELLS, CELLS)
        self.entering = open_rows(
            folder / "entering.npy", (rows, ENTERING_CHANNELS, *cells), "uint8"
        )
        self.early = open_rows(folder / "early.npy", (rows, EARLY_CHANNELS, *cells), "uint8")
        side = SIZE // PIXEL_SQUARE
        self.pixels = open_rows(folder / "pixels.npy", (rows, side, side, 3), "uint8")
        self.recoloured = open_rows(folder / "recoloured.npy", (rows,), "bool")

    def fill(self, layers: EarlyLayers, maker: ViewMaker) -> None:
        """Run every missing view through the early layers."""
        total = len(self.plan.photos)
        bar = tqdm(total=total, initial=self.done, desc="views", mininterval=5)
        starts = range(self.done, total, AT_ONCE)
        with bar, ThreadPoolExecutor(2) as makers:
            for start, views in zip(starts, maker.batches(self.plan, starts, makers), strict=True):
                stop = start + len(views)
                pictures = np.stack([view.picture for view in views])
                outlook = layers.look(pictures)
                self.entering[start:stop] = outlook.entering
                self.early[start:stop] = outlook.early
                self.pixels[start:stop] = averaged(pictures)
                self.recoloured[start:stop] = [view.recoloured for view in views]
                bar.update(len(views))
                if stop == total or stop % BETWEEN_NOTES == 0:
                    self._note(stop)

    def rows_of(self, kind: Kind, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the rows on disk that are of one kind and show one of the chosen photos."""
        rows = self.plan.rows_of(kind)
        rows = rows[rows < self.done]
        return rows[chosen[self.plan.photos[rows]]]

    def _note(self, done: int) -> None:
        for rows in (self.entering, self.early, self.pixels, self.recoloured):
            rows.flush()
        self.done = done
        self._notes.write_text(json.dumps({"key": self._key, "done": done}))


class ViewMaker:
    """Makes any row of a plan from the prepared photos; the same row is the same view always."""

    def __init__(
        self, material: Material, pictures: NDArray[np.uint8], small: PhotoSet, seed: int
    ) -> None:
        self._material, self._pictures, self._small, self._seed = material, pictures, small, seed
        training = material.photos[: material.training]
        ordinary = [place for place, photo in enumerate(training) if photo.kind == "ordinary"]
        self._grounds = np.array(ordinary or range(material.training))

    def batches(
        self, plan: Plan, starts: range, makers: ThreadPoolExecutor
    ) -> Iterator[list[View]]:
        """Yield the views of each batch, made two batches ahead."""

        def rows(start: int) -> list[int]:
            return list(range(start, min(start + AT_ONCE, len(plan.photos))))

        waiting = [makers.submit(self._make, plan, rows(start)) for start in starts[:2]]
        for start in starts:
            views = waiting.pop(0).result()
            ahead = start + 2 * AT_ONCE
            if ahead < len(plan.photos):
                waiting.append(makers.submit(self._make, plan, rows(ahead)))
            yield views

    def _make(self, plan: Plan, rows: list[int]) -> list[View]:
        return [self.view(int(plan.photos[row]), KINDS[plan.kinds[row]], row) for row in rows]

    def view(self, place: int, kind: Kind, row: int) -> View:
        """Make one view of one photo."""
        draw = np.random.default_rng([self._seed, 12, row])
        picture = self._pictures[place]
        if kind == "exact":
            return View(picture, recoloured=False)
        if kind == "plain":
            return plain_view(picture, draw, SIZE)
        if kind == "changed":
            return changed_view(picture, draw, SIZE, self._ground)
        copy = self._small.picture(self._material.photos[place].stem)
        if place < self._material.training and draw.random() < SMALL_CHANGED_SHARE:
            return changed_view(copy, draw, SIZE, self._ground, strength=SMALL_STRENGTH)
        return View(copy, recoloured=False)

    @property
    def _ground(self) -> Backdrops:
        return lambda draw: self._pictures[self._grounds[draw.integers(len(self._grounds))]]


def averaged(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Average squares of pixels: uint8 [N, 224, 224, 3] to [N, 56, 56, 3]."""
    count, side = len(pictures), SIZE // PIXEL_SQUARE
    squares = pictures.reshape(count, side, PIXEL_SQUARE, side, PIXEL_SQUARE, 3)
    means: NDArray[np.uint8] = np.rint(squares.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8)
    return means

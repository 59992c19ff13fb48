"""How often the proposed box fits: garments pasted off-centre on busy backgrounds, IoU of 0.5 or more.

    python benchmarks/bench_main_piece.py [--photos photos.zip --within aspect-225x300] [--scenes 200]

The garments are drawn pieces of the sample wardrobe; with `--photos`, photos on white paper as well, cut
out of it. The scenes are the same every time. The figure is the share of scenes whose box overlaps the
garment's own by at least half of what the two cover together.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from busy_scenes import Box, Cutout, Scene, drawn_cutouts, photographed_cutout, scenes
from photo_source import gather

from fashion_finder import settings
from fashion_finder.domain import PreparedPicture, Region
from fashion_finder.engine import Engine
from fashion_finder.images.read import read_picture
from fashion_finder.paths import model_path

SEED = 3
FITS = 0.5  # intersection over union
WANTED = 0.8  # share of the scenes


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one kind of garment."""

    garments: str
    scenes: int
    fitting: float  # share with an IoU of FITS or more
    mean_iou: float
    by_background: dict[str, float]
    median_ms: float  # from the click to the box


def main() -> int:
    """Measure and print; exit code 1 when too few boxes fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder or zip of photos on white paper")
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--scenes", type=int, default=200, help="scenes of each kind")
    parser.add_argument("--model", type=Path, default=model_path())
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as scratch:
        kinds = {"drawn": drawn_cutouts(min(options.scenes, 60))}
        if options.photos is not None:
            photos = gather(options.photos, options.within, 8 * options.scenes, Path(scratch))
            kinds["photographed"] = cut_out(photos.files, options.scenes)
        with Engine.open(Path(scratch) / "data", options.model) as engine:
            results = [measure(engine, *kind, options.scenes) for kind in kinds.items()]
    table = "\n".join(row(result) for result in results)
    print(table, file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps([asdict(result) for result in results]))
    return 0 if all(result.fitting >= WANTED for result in results) else 1


def cut_out(photos: Sequence[Path], count: int) -> list[Cutout]:
    """The first photos whose garment can be told from its paper."""
    found: list[Cutout] = []
    for path in photos:
        cutout = photographed_cutout(path)
        if cutout is not None:
            found.append(cutout)
        if len(found) == count:
            break
    if not found:
        raise SystemExit("none of the photos shows a garment on white paper")
    return found


def measure(engine: Engine, name: str, cutouts: Sequence[Cutout], count: int) -> Result:
    """Propose a box in every scene."""
    overlaps: dict[str, list[float]] = {}
    spans = []
    for scene in scenes(cutouts, count, SEED):
        picture = as_question(scene)
        start = time.perf_counter()
        region = engine.main_piece(picture)
        spans.append(time.perf_counter() - start)
        overlap = 0.0 if region is None else overlap_of(in_pixels(region, scene), scene.box)
        overlaps.setdefault(scene.background, []).append(overlap)
    everything = [overlap for some in overlaps.values() for overlap in some]
    return Result(
        name,
        len(everything),
        fitting(everything),
        statistics.fmean(everything),
        {kind: fitting(some) for kind, some in overlaps.items()},
        statistics.median(spans) * 1000,
    )


def as_question(scene: Scene) -> PreparedPicture:
    """A scene as the engine reads a dropped picture."""
    file = io.BytesIO()
    scene.picture.save(file, "PNG", compress_level=1)
    read = read_picture(file.getvalue(), preview=settings.PREVIEW_SIDE)
    if isinstance(read, bytes):
        raise TypeError("a picture read without known digests is never only a digest")
    return read


def in_pixels(region: Region, scene: Scene) -> Box:
    """A region of a scene as pixels."""
    width, height = scene.picture.size
    return region.left * width, region.top * height, region.right * width, region.bottom * height


def overlap_of(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = across * down
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (sum(areas) - both)


def fitting(overlaps: Sequence[float]) -> float:
    """The share that fits."""
    return sum(overlap >= FITS for overlap in overlaps) / len(overlaps)


def row(result: Result) -> str:
    """One kind of garment, for a person."""
    backgrounds = ", ".join(f"{kind} {share:.2f}" for kind, share in result.by_background.items())
    return (
        f"{result.garments} garments, {result.scenes} scenes: IoU >= {FITS} in {result.fitting:.1%} "
        f"(wanted {WANTED:.0%}), mean IoU {result.mean_iou:.2f}, {result.median_ms:.0f} ms a click\n"
        f"    {backgrounds}"
    )


if __name__ == "__main__":
    sys.exit(main())

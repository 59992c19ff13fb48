"""What parts of a photo find: the whole piece, its upper and lower half, its middle.

    python benchmarks/bench_parts.py --photos photos.zip --limit 2000 --questions 200

Photos on white paper are indexed, and then asked with, part by part: a box drawn around the piece, and
boxes that cut it through. *Found again* is the share of questions whose photo is among the five answers;
*below the bounds* the share whose best answer is less similar than what a whole photo's "similar" starts
at; *told* the share of all answers that the program calls very similar or the same piece. Without
photos the pieces are those of the sample wardrobe.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from busy_scenes import NEAR_WHITE
from photo_source import gather
from PIL import Image, ImageOps

from fashion_finder.domain import Closeness, Match, PictureFile, Refinement, Region
from fashion_finder.engine import Engine
from fashion_finder.paths import model_path
from fashion_finder.sample import copy_wardrobe

ANSWERS = 5
#: Parts of the piece's own box: left, top, right, bottom.
PARTS = {
    "the whole piece": (0.0, 0.0, 1.0, 1.0),
    "its upper half": (0.0, 0.0, 1.0, 0.5),
    "its lower half": (0.0, 0.5, 1.0, 1.0),
    "its middle": (0.2, 0.2, 0.8, 0.8),
}
TOLD = (Closeness.VERY_SIMILAR, Closeness.SAME_PIECE)


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one part; shares of the questions, and of the answers."""

    part: str
    questions: int
    found_again: float
    below_bounds: float
    told: float


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder or zip of photos on white paper")
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--limit", type=int, default=2000, help="photos that are indexed")
    parser.add_argument("--questions", type=int, default=200, help="photos that are asked with")
    parser.add_argument("--model", type=Path, default=model_path())
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as scratch:
        folder, label = Path(scratch) / "wardrobe", "the sample wardrobe"
        if options.photos is None:
            files = tuple(copy_wardrobe(folder))
        else:
            photos = gather(options.photos, options.within, options.limit, Path(scratch))
            folder, files, label = photos.folder, photos.files, photos.label
        with Engine.open(Path(scratch) / "data", options.model) as engine:
            engine.sync([folder])
            results = measure(engine, files, options.questions)
    table = "\n".join([label, *(row(result) for result in results)])
    print(table, file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps([asdict(result) for result in results]))
    return 0


def measure(engine: Engine, files: Sequence[Path], most: int) -> list[Result]:
    """Ask for every part of the first photos whose piece can be told from its paper."""
    lowest = engine.info.thresholds[Closeness.SIMILAR]
    asked: dict[str, list[tuple[bool, bool, float]]] = {name: [] for name in PARTS}
    for photo, box in pieces(files, most):
        for name, part in PARTS.items():
            refinement = Refinement(region=within(box, part))
            question = PictureFile(photo)
            matches = engine.find_similar(question, ANSWERS, refinement=refinement).matches
            told = sum(match.closeness in TOLD for match in matches) / len(matches)
            asked[name].append((shows(photo, matches), matches[0].similarity < lowest, told))
    results = []
    for name, rows in asked.items():
        found, below, told = np.array(rows, dtype=float).mean(axis=0)
        results.append(Result(name, len(rows), float(found), float(below), float(told)))
    return results


def pieces(files: Sequence[Path], most: int) -> Iterator[tuple[Path, Region]]:
    """Up to so many photos with white all around, and the box of what is not white."""
    found = 0
    for path in files:
        if found == most:
            return
        with Image.open(path) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        ink = np.asarray(upright).min(axis=2) < NEAR_WHITE
        edge = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
        if edge.mean() > 0.02 or not ink.any():
            continue
        found += 1
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        height, width = ink.shape
        yield (
            path,
            Region(
                float(columns[0] / width),
                float(rows[0] / height),
                float((columns[-1] + 1) / width),
                float((rows[-1] + 1) / height),
            ),
        )
    if not found:
        raise SystemExit("none of the photos shows a piece on white paper")


def within(box: Region, part: tuple[float, float, float, float]) -> Region:
    """A part of a box, as a region of the photo."""
    width, height = box.right - box.left, box.bottom - box.top
    left, top, right, bottom = part
    return Region(
        box.left + left * width,
        box.top + top * height,
        box.left + right * width,
        box.top + bottom * height,
    )


def shows(photo: Path, matches: Sequence[Match]) -> bool:
    """Whether a photo, or a copy of it, is among the answers."""
    return any(
        photo in (one.path, *one.copies) for match in matches for one in (match, *match.near)
    )


def row(result: Result) -> str:
    """One part, for a person."""
    return (
        f"{result.part:16} {result.questions} questions: found again {result.found_again:.1%}, "
        f"below the bounds {result.below_bounds:.1%}, told {result.told:.1%}"
    )


if __name__ == "__main__":
    sys.exit(main())

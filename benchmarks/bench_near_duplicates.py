"""How well copies of a photo that were saved again are folded into one answer, and nothing else is.

    python benchmarks/bench_near_duplicates.py --photos photos.zip --limit 800
    python benchmarks/bench_near_duplicates.py --photos photos.zip --all    # signatures only

Every photo is indexed beside a copy that was saved again (one of six kinds, drawn in turn) and one
whose hues are all turned by one angle of 60 to 300 degrees. Then every photo is asked with. A copy
counts as folded when it stands under its photo in the answer; a different product or a
recolouring counts as wrongly folded when it stands there. Photos whose pixels are equal under
two names are left out, and so are recolourings that change what is not white by less than four
levels in the mean: turning the hues of a black shoe gives the same black shoe.

With --all, every photo of the source is compared with every other one by its signature alone, which
is harsher: an answer only compares what the model holds for similar.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import Stopwatch, describe
from photo_source import PhotoSet, gather
from PIL import Image

from fashion_finder.domain import Match, PictureFile
from fashion_finder.engine import Engine
from fashion_finder.images.preprocess import prepare_square
from fashion_finder.images.signature import same_photo, signature_of
from fashion_finder.paths import model_path

VISIBLE = 4.0  # levels, mean over what is not white
WHITE = 240
COPY, RECOLOURED = "-saved-again", "-recoloured"

Change = Callable[[Image.Image, np.random.Generator], Image.Image]


def main() -> int:
    """Measure and print."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="fashion-finder-bench-") as work:
        photos = gather(options.photos, options.within, options.limit, Path(work))
        result = compare_all(photos) if options.all else measure(photos, Path(work), options)
    result["photos"] = photos.label
    result["machine"] = describe()
    print(json.dumps(result) if options.json else table(result))
    return 0


# ---------------------------------------------------------------- the whole way, asked


def measure(photos: PhotoSet, work: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Index photos with their copies and recolourings, and ask with every photo."""
    chance = np.random.default_rng(options.seed)
    visible, kinds, equals = set(), {}, Counter[bytes]()
    for place, photo in enumerate(photos.files):
        with Image.open(photo) as opened:
            picture = opened.convert("RGB")
        equals[picture.tobytes()] += 1
        kind = list(KINDS)[place % len(KINDS)]
        kinds[photo.stem] = kind
        save_again(picture, kind, chance, photo.with_name(f"{photo.stem}{COPY}.jpg"))
        other = hue_turned(picture, chance.uniform(60, 300))
        if difference(picture, other) >= VISIBLE:
            visible.add(photo.stem)
            other.save(photo.with_name(f"{photo.stem}{RECOLOURED}.png"))
    watch = Stopwatch()
    counts: Counter[str] = Counter()
    folded, asked, wrong = Counter[str](), Counter[str](), []
    with Engine.open(work / "data", options.model or model_path()) as engine:
        engine.sync([photos.folder])
        indexing, watch = watch.seconds, Stopwatch()
        for photo in photos.files:
            answer = engine.find_similar(PictureFile(photo), apart=True)
            group = answer.itself
            if group is None or equals[pixels_of(photo)] > 1:
                continue
            counts["asked"] += 1
            asked[kinds[photo.stem]] += 1
            for path in members(group):
                stem = path.stem
                if stem == photo.stem + COPY:
                    folded[kinds[photo.stem]] += 1
                elif stem.startswith(photo.stem + RECOLOURED):
                    counts["recoloured"] += 1
                elif path != photo and stem.removesuffix(COPY) != photo.stem:
                    wrong.append([photo.name, path.name])
            counts["recolourings"] += photo.stem in visible
    return {
        "asked": counts["asked"],
        "folded": sum(folded.values()),
        "by_kind": {kind: [folded[kind], asked[kind]] for kind in KINDS},
        "different_folded": len({one for one, _ in wrong}),
        "wrong": wrong,
        "recolourings": counts["recolourings"],
        "recolourings_folded": counts["recoloured"],
        "indexing_seconds": indexing,
        "milliseconds_per_question": 1000 * watch.seconds / len(photos.files),
    }


def members(match: Match) -> list[Path]:
    """The other files under one tile."""
    return [*match.copies, *(path for one in match.near for path in (one.path, *one.copies))]


def pixels_of(photo: Path) -> bytes:
    """A photo as decoded."""
    with Image.open(photo) as opened:
        return opened.convert("RGB").tobytes()


# ---------------------------------------------------------------- signatures alone


def compare_all(photos: PhotoSet) -> dict[str, Any]:
    """Every photo with every other one; photos with equal pixels count once."""
    signatures: dict[bytes, bytes] = {}
    names: list[str] = []
    for photo in photos.files:
        with Image.open(photo) as opened:
            picture = opened.convert("RGB")
        key = picture.tobytes()
        if key not in signatures:
            signatures[key] = signature_of(prepare_square(picture))
            names.append(photo.name)
    kept = list(signatures.values())
    pairs = []
    for place, one in enumerate(kept):
        found = np.flatnonzero(same_photo(one, kept[place + 1 :]))
        pairs += [[names[place], names[place + 1 + int(other)]] for other in found]
    return {"compared": len(kept), "pairs": pairs}


# ---------------------------------------------------------------- what becomes of photos


def _margins(picture: Image.Image, chance: np.random.Generator, most: float) -> list[int]:
    sides = (picture.width, picture.height) * 2
    return [
        round(side * share) for side, share in zip(sides, chance.uniform(0, most, 4), strict=True)
    ]


def cropped(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Up to 4 % cut off every side."""
    left, top, right, bottom = _margins(picture, chance, 0.04)
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


def bordered(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Up to 10 % of white put on every side."""
    left, top, right, bottom = _margins(picture, chance, 0.1)
    wider = Image.new("RGB", (picture.width + left + right, picture.height + top + bottom), "white")
    wider.paste(picture, (left, top))
    return wider


def resized(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """To 40 to 160 % of its size."""
    scale = chance.uniform(0.4, 1.6)
    size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _as_it_is(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    del chance
    return picture


def _cropped_and_resized(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    return resized(cropped(picture, chance), chance)


KINDS: dict[str, tuple[Change, str]] = {
    "JPEG again": (_as_it_is, "JPEG"),
    "WebP": (_as_it_is, "WEBP"),
    "resized": (resized, "JPEG"),
    "cropped": (cropped, "JPEG"),
    "white border": (bordered, "JPEG"),
    "cropped and resized": (_cropped_and_resized, "JPEG"),
}


def save_again(picture: Image.Image, kind: str, chance: np.random.Generator, target: Path) -> None:
    """Write a copy, quality 40 to 90; its name does not tell its format, nor need it."""
    change, form = KINDS[kind]
    file = io.BytesIO()
    change(picture, chance).save(file, form, quality=int(chance.integers(40, 91)))
    target.write_bytes(file.getvalue())


def hue_turned(picture: Image.Image, degrees: float) -> Image.Image:
    """Turn all hues by one angle; black, white and grey stay what they are."""
    hue, saturation, value = picture.convert("HSV").split()
    steps = round(degrees * 256 / 360)
    turned = hue.point([(level + steps) % 256 for level in range(256)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Levels by which two pictures differ, mean over the channels of what is not white."""
    before, after = (np.asarray(picture, np.float32) for picture in (one, other))
    piece = before.min(axis=2) < WHITE
    return float(np.abs(before - after)[piece].mean()) if piece.any() else 0.0


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    if "pairs" in result:
        lines = [
            f"{result['photos']}: {result['compared']} different ones, each compared with all others",
            f"  held for one photo: {len(result['pairs'])} pairs",
        ]
        return "\n".join(lines + [f"    {one}  {other}" for one, other in result["pairs"]])
    asked, folded = result["asked"], result["folded"]
    lines = [f"{result['photos']}, each beside a copy saved again and a recolouring", ""]
    lines += [f"  {kind:<22}{some} of {all_}" for kind, (some, all_) in result["by_kind"].items()]
    lines += [
        "",
        f"  copies folded           {100 * folded / max(1, asked):.1f} % ({folded} of {asked})",
        f"  different ones folded   {result['different_folded']} of {asked}",
        f"  recolourings folded     {result['recolourings_folded']} of {result['recolourings']}",
    ]
    lines += [f"    {one}  {other}" for one, other in result["wrong"]]
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder or a zip; drawn ones without it")
    parser.add_argument("--within", default="", help="only photos below a folder of this name")
    parser.add_argument("--limit", type=int, help="a sample, the same every time")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--all", action="store_true", help="compare all photos by signature alone")
    parser.add_argument("--json", action="store_true", help="one line for programs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

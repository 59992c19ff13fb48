"""Photos to measure with: a folder, a zip, or pictures drawn here, which are labelled as such."""

from __future__ import annotations

import random
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, ImageDraw

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".tif", ".tiff", ".bmp"})
CATALOGUE_SIZE = (225, 300)
DRAWN_UNLESS_GIVEN = 400


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """The photos of one measurement."""

    folder: Path
    files: tuple[Path, ...]
    label: str  # goes beside every figure
    real: bool


def gather(source: Path | None, within: str, limit: int | None, work: Path) -> PhotoSet:
    """Lay the photos out in a folder of their own below `work`.

    With `limit`, a sample that is the same every time. Raises ValueError when there is no photo.
    """
    folder = work / "photos"
    folder.mkdir(parents=True)
    if source is None:
        count = limit or DRAWN_UNLESS_GIVEN
        files = tuple(draw(folder / f"{number:05}.jpg", number) for number in range(count))
        width, height = CATALOGUE_SIZE
        return PhotoSet(folder, files, f"{count} drawn pictures, {width}x{height} JPEG", real=False)
    if source.is_dir():
        files = _link(source, within, limit, folder)
    else:
        files = _unpack(source, within, limit, folder)
    if not files:
        raise ValueError(f"no photo in {source}, {within or 'anywhere'}")
    return PhotoSet(folder, files, f"{len(files)} photos of {source.name} {within}".strip(), True)


def draw(target: Path, seed: int, size: tuple[int, int] = CATALOGUE_SIZE) -> Path:
    """A garment-like blob with a woven texture on white: no photo, but as costly to decode as one."""
    chance = np.random.default_rng(seed)
    width, height = size
    picture = Image.new("RGB", size, "white")
    colour = tuple(int(value) for value in chance.integers(20, 230, 3))
    corners = [
        (width * x, height * y)
        for x, y in zip(
            (0.25, 0.4, 0.6, 0.75, 0.95, 0.7, 0.75, 0.25, 0.3, 0.05),
            (0.1, 0.15, 0.15, 0.1, 0.4, 0.45, 0.9, 0.9, 0.45, 0.4),
            strict=True,
        )
    ]
    ImageDraw.Draw(picture).polygon(corners, fill=colour)
    weave = chance.normal(0, 12, (height // 2 + 1, width // 2 + 1, 1))
    weave = weave.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
    pixels = np.asarray(picture, np.int16)
    woven = np.where(pixels.min(axis=2, keepdims=True) < 255, pixels + weave, pixels)
    Image.fromarray(woven.clip(0, 255).astype(np.uint8)).save(target, quality=88)
    return target


def _sample(names: list[str], limit: int | None) -> list[str]:
    names.sort()
    if limit is None or limit >= len(names):
        return names
    return sorted(random.Random(0).sample(names, limit))


def _wanted(name: str, within: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in SUFFIXES and (not within or within in path.parts)


def _link(source: Path, within: str, limit: int | None, folder: Path) -> tuple[Path, ...]:
    names = [found.relative_to(source).as_posix() for found in source.rglob("*") if found.is_file()]
    links = []
    for name in _sample([name for name in names if _wanted(name, within)], limit):
        link = folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to((source / name).resolve())
        links.append(link)
    return tuple(links)


def _unpack(source: Path, within: str, limit: int | None, folder: Path) -> tuple[Path, ...]:
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if _wanted(name, within)]
        return tuple(Path(archive.extract(name, folder)) for name in _sample(names, limit))

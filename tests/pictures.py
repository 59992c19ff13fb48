"""Pictures that tests draw for themselves: a garment-like shape of one colour on white."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "red": (200, 30, 40),
    "green": (30, 150, 60),
    "blue": (40, 60, 190),
    "black": (25, 25, 25),
    "mustard": (210, 170, 40),
}

SHAPES = {
    "dress": ((0.42, 0.1), (0.58, 0.1), (0.6, 0.4), (0.8, 0.9), (0.2, 0.9), (0.4, 0.4)),
    "trousers": (
        *((0.35, 0.1), (0.65, 0.1), (0.7, 0.9), (0.55, 0.9)),
        *((0.5, 0.4), (0.45, 0.9), (0.3, 0.9)),
    ),
    "bag": ((0.15, 0.5), (0.85, 0.5), (0.8, 0.85), (0.2, 0.85)),
    "hat": ((0.1, 0.6), (0.35, 0.55), (0.4, 0.3), (0.6, 0.3), (0.65, 0.55), (0.9, 0.6)),
}


def draw(
    shape: str, colour: str, *, size: tuple[int, int] = (300, 400), mark: int = 0
) -> Image.Image:
    """A shape in a colour; `mark` makes pictures of one kind differ a little."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.polygon([(x * width, y * height) for x, y in SHAPES[shape]], fill=COLOURS[colour])
    if mark:
        x, y = width * (0.3 + 0.05 * (mark % 8)), height * (0.3 + 0.05 * (mark // 8 % 10))
        pen.ellipse((x, y, x + width * 0.06, y + width * 0.06), fill=(240, 240, 240))
    return picture


def jpeg(picture: Image.Image, quality: int = 92) -> bytes:
    """The picture as JPEG bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def save(path: Path, shape: str, colour: str, *, mark: int = 0) -> Path:
    """Draw a picture into a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(draw(shape, colour, mark=mark)))
    return path


def draw_folder(folder: Path, count: int = 20) -> list[Path]:
    """`count` pictures, all different, named after what they show."""
    kinds = [(shape, colour) for colour in COLOURS for shape in SHAPES]
    return [
        save(
            folder
            / f"{kinds[number % len(kinds)][0]}-{kinds[number % len(kinds)][1]}-{number}.jpg",
            *kinds[number % len(kinds)],
            mark=number // len(kinds),
        )
        for number in range(count)
    ]

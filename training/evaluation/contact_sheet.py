"""A picture of questions and their five answers, framed by whether they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

RIGHT: Colour = (40, 150, 70)
WRONG_COLOUR: Colour = (240, 150, 20)
WRONG_TYPE: Colour = (205, 35, 45)
ASKED: Colour = (70, 70, 80)
QUESTIONS = 24
COLUMNS = 2  # questions beside each other
TILE = 148  # side of a thumbnail with its frame, pixels
FRAME = 5
CAPTION = 30
GAP = 24


@dataclass(frozen=True, slots=True)
class Tile:
    """One thumbnail: the picture, uint8 [h, w, 3], and what is known of it."""

    picture: NDArray[np.uint8]
    type: str
    colour: str


def drawn_questions(count: int, seed: int, wanted: int = QUESTIONS) -> list[int]:
    """Draw which of ``count`` questions are shown, in their order."""
    return sorted(np.random.default_rng(seed).permutation(count)[:wanted].tolist())


def frame_of(asked: Tile, answer: Tile) -> Colour:
    """Return the frame's colour; an unknown word agrees with nothing."""
    if not asked.type or answer.type != asked.type:
        return WRONG_TYPE
    if not asked.colour or answer.colour != asked.colour:
        return WRONG_COLOUR
    return RIGHT


def contact_sheet(questions: Sequence[tuple[Tile, Sequence[Tile]]]) -> Image.Image:
    """Draw each question and, right of it, its answers; two questions beside each other."""
    longest = max(len(answers) for _, answers in questions)
    width = (longest + 1) * TILE + GAP
    height = TILE + CAPTION
    rows = -(-len(questions) // COLUMNS)
    sheet = Image.new("RGB", (width * COLUMNS + GAP, height * rows + 2 * GAP), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    x = GAP
    for text, colour in (
        ("asked", ASKED),
        ("type and colour right", RIGHT),
        ("wrong colour", WRONG_COLOUR),
        ("wrong type", WRONG_TYPE),
    ):
        pen.rectangle((x, 6, x + 12, 18), fill=colour)
        pen.text((x + 18, 5), text, "black", font)
        x += 40 + int(pen.textlength(text, font))
    for place, (asked, answers) in enumerate(questions):
        left = GAP + place % COLUMNS * width
        top = GAP + place // COLUMNS * height
        _lay(sheet, pen, font, (left, top), asked, ASKED)
        for rank, answer in enumerate(answers, start=1):
            _lay(sheet, pen, font, (left + rank * TILE, top), answer, frame_of(asked, answer))
    return sheet


def _lay(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    corner: tuple[int, int],
    tile: Tile,
    frame: Colour,
) -> None:
    left, top = corner
    side = TILE - 4
    pen.rectangle((left, top, left + side - 1, top + side - 1), fill=frame)
    inner = side - 2 * FRAME
    picture = Image.fromarray(tile.picture).resize((inner, inner), Image.Resampling.BICUBIC)
    sheet.paste(picture, (left + FRAME, top + FRAME))
    pen.text((left, top + side), tile.type or "(type unknown)", "black", font)
    pen.text((left, top + side + 12), tile.colour or "(colour unknown)", (110, 110, 110), font)

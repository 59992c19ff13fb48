"""The pieces of the sample wardrobe, and the picture of its example question."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Final

from sample_wardrobe import (
    accessories,
    bags,
    bottoms,
    dresses,
    headwear,
    outerwear,
    shoes,
    tops,
)
from sample_wardrobe.canvas import Canvas
from sample_wardrobe.palette import CLOTHS, Cloth
from sample_wardrobe.rendering import Setting, render
from sample_wardrobe.shape import Shape

# Of the JPEGs: the first that keeps a piece below the limit; only fine patterns need another.
_QUALITIES: Final = (88, 82, 76, 70, 62)
_SIZE_LIMIT: Final = 40_000  # bytes

_BACKDROPS: Final = ((251, 250, 248), (248, 247, 244), (245, 245, 246))

# Per kind and cut: a colour, and the pattern after it unless it is plain.
_PIECES: Final = {
    tops.T_SHIRT: "white, black, navy stripes, ruby stripes",
    tops.V_NECK: "grey, sky",
    tops.TANK: "white, cobalt dots",
    tops.SHIRT: "white, sky pinstripes, ruby check, navy check",
    tops.SHORT_SHIRT: "emerald floral, camel floral",
    tops.PUFF_BLOUSE: "blush, plum floral",
    tops.BOW_BLOUSE: "ruby, navy dots",
    tops.SWEATER: "camel ribs, emerald ribs, grey stripes",
    tops.TURTLENECK: "black ribs, rust ribs",
    tops.HOODIE: "grey, mustard blocks",
    tops.CARDIGAN: "plum, olive ribs",
    outerwear.BLAZER: "navy, camel check",
    outerwear.DENIM_JACKET: "denim, indigo",
    outerwear.BOMBER: "olive, black",
    outerwear.PUFFER: "mustard, ruby",
    outerwear.TRENCH: "camel, navy",
    outerwear.WOOL_COAT: "grey, rust",
    dresses.A_LINE: "emerald dots, emerald, ruby floral, navy dots",
    dresses.SHEATH: "ruby, navy stripes",
    dresses.MAXI: "ruby floral, emerald floral, navy",
    dresses.WRAP: "ruby dots, emerald",
    dresses.SHIRT_DRESS: "navy pinstripes, ruby check",
    bottoms.MINI: "black, mustard check",
    bottoms.PLEATED: "mustard, plum",
    bottoms.LONG_SKIRT: "mustard floral, plum dots",
    bottoms.PENCIL: "black, plum",
    bottoms.TROUSERS: "black, grey check",
    bottoms.WIDE_TROUSERS: "grey pinstripes, camel",
    bottoms.SKINNY_JEANS: "denim, black",
    bottoms.BOOTCUT_JEANS: "denim, indigo",
    bottoms.SHORTS: "camel, grey",
    bottoms.DENIM_SHORTS: "denim",
    shoes.SNEAKER: "white, navy",
    shoes.HIGH_TOP: "black, white",
    shoes.PUMP: "black, ruby",
    shoes.STRAPPY_HEEL: "camel, ruby",
    shoes.ANKLE_BOOT: "black, camel",
    shoes.TALL_BOOT: "black, camel",
    shoes.SANDAL: "camel, white",
    shoes.LOAFER: "black, camel",
    bags.TOTE: "camel, black",
    bags.FLAP_BAG: "black, ruby",
    bags.CROSSBODY: "camel, ruby",
    bags.BACKPACK: "black, camel",
    headwear.BRIM_HAT: "camel, grey",
    headwear.CAP: "grey, ruby",
    headwear.BEANIE: "camel, grey",
    headwear.BUCKET_HAT: "camel",
    accessories.ROUND_GLASSES: "black, camel",
    accessories.CAT_EYE_GLASSES: "black, ruby",
    accessories.WATCH: "camel, navy",
    accessories.SQUARE_WATCH: "black",
    accessories.BELT: "camel, black",
    accessories.SCARF: "cobalt check, grey check",
    accessories.NECKERCHIEF: "cobalt dots",
    accessories.TIE: "cobalt stripes, cobalt dots",
    accessories.BOW_TIE: "cobalt",
    accessories.HOOPS: "emerald",
    accessories.DROPS: "emerald, plum",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One garment or accessory of the wardrobe."""

    shape: Shape
    cloth: Cloth
    pattern: str

    @property
    def file_name(self) -> str:
        """Kind, cut, colour and, unless it is plain, pattern: ``dress-a-line-emerald-dots.jpg``."""
        words = [self.shape.kind, self.shape.cut, self.cloth.name]
        return "-".join(words if self.pattern == "plain" else [*words, self.pattern]) + ".jpg"

    def picture(self, seed: int = 0) -> bytes:
        """JPEG, 600 x 800; the seed decides how the piece happens to lie before the camera.

        The same seed and the same Pillow give the same bytes.
        """
        rng = random.Random(f"{seed} {self.file_name}")
        setting = Setting(
            backdrop=rng.choice(_BACKDROPS),
            turn=rng.uniform(-1.2, 1.2),
            scale=rng.uniform(0.93, 1.0),
            seed=rng.randrange(1 << 30),
        )
        return _encode(render(self.shape, self.cloth, self.pattern, setting))


PIECES: Final = tuple(
    Piece(shape, CLOTHS[colour], pattern or "plain")
    for shape, variants in _PIECES.items()
    for colour, _, pattern in (variant.partition(" ") for variant in variants.split(", "))
)
"""The whole wardrobe."""


def example() -> bytes:
    """The picture to ask the example question with, a JPEG: a dress of the wardrobe, seen again.

    The emerald one with dots, in another light and on a warmer backdrop, smaller and a bit turned.
    """
    cloth = replace(CLOTHS["emerald"], main=(30, 138, 104))
    setting = Setting(backdrop=(238, 234, 226), turn=4.0, scale=0.9, seed=1)
    return _encode(render(dresses.A_LINE, cloth, "dots", setting))


def _encode(canvas: Canvas) -> bytes:
    for quality in _QUALITIES:
        data = canvas.jpeg(quality)
        if len(data) < _SIZE_LIMIT:
            break
    return data

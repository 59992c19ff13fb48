"""Sunglasses, watches, belts, scarves, ties and earrings."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

_TEMPLES: Final = Region(
    "M 60 356 Q 86 350 100 360 L 130 372 L 128 384 L 92 372 Q 76 364 60 364",
    Paint.BASE,
    pair=True,
    reach=5,
)


def _circle(x: float, y: float, r: float) -> str:
    """A circle as four Bezier curves (the usual constant 0.5523)."""
    k = 0.5523 * r
    return (
        f"M {x} {y - r} C {x - k} {y - r} {x - r} {y - k} {x - r} {y} "
        f"C {x - r} {y + k} {x - k} {y + r} {x} {y + r} "
        f"C {x + k} {y + r} {x + r} {y + k} {x + r} {y} "
        f"C {x + r} {y - k} {x + k} {y - r} {x} {y - r}"
    )


ROUND_GLASSES: Final = Shape(
    "sunglasses",
    "round",
    (
        _TEMPLES,
        Region(
            _circle(192, 410, 76),
            Paint.GLASS,
            pair=True,
            shines=("M 150 420 Q 158 376 200 362",),
            edge=0.3,
            fold_width=16,
        ),
        Region(
            _circle(192, 410, 86), Paint.BASE, pair=True, holes=(_circle(192, 410, 73),), reach=6
        ),
        Region(
            "M 300 376 Q 282 376 270 390 L 276 402 Q 286 390 300 390",
            Paint.BASE,
            half=True,
            reach=6,
        ),
    ),
)

CAT_EYE_GLASSES: Final = Shape(
    "sunglasses",
    "cat-eye",
    (
        _TEMPLES,
        Region(
            "M 90 350 Q 180 342 262 366 Q 284 400 268 440 "
            "Q 246 486 196 486 Q 130 484 112 430 Q 104 390 90 350",
            Paint.GLASS,
            pair=True,
            shines=("M 140 420 Q 146 386 200 374",),
            edge=0.3,
            fold_width=16,
        ),
        Region(
            "M 66 330 Q 180 320 270 352 Q 300 400 280 448 "
            "Q 254 500 196 500 Q 118 496 100 436 Q 94 384 66 330",
            Paint.BASE,
            pair=True,
            holes=(
                (
                    "M 106 360 Q 180 350 256 372 Q 274 404 260 438 "
                    "Q 240 476 196 476 Q 136 474 122 428 Q 118 394 106 360"
                ),
            ),
            reach=8,
        ),
        Region(
            "M 300 374 Q 284 374 270 384 L 282 404 Q 288 394 300 394",
            Paint.BASE,
            half=True,
            reach=6,
        ),
    ),
)

WATCH: Final = Shape(
    "watch",
    "classic",
    (
        Region(
            "M 300 80 L 262 80 Q 256 82 256 92 L 250 320 L 300 320",
            half=True,
            folds=("M 262 130 Q 290 138 300 138",),
            stitches=("M 300 88 L 265 88 L 259 310",),
            edge=0.24,
        ),
        Region(
            "M 300 480 L 250 480 L 258 690 Q 262 718 300 720",
            half=True,
            stitches=("M 259 490 L 266 686 Q 270 708 300 711",),
            buttons=(Buttons(tuple((300, 580 + 24 * i) for i in range(5)), 4, Paint.INK),),
            edge=0.24,
        ),
        Region("M 392 386 L 410 388 L 410 412 L 392 414", Paint.GOLD, edge=0.3, reach=5),
        Region(
            _circle(300, 400, 98), Paint.GOLD, shines=("M 226 370 Q 240 326 290 312",), edge=0.34
        ),
        Region(
            _circle(300, 400, 80),
            Paint.RUBBER,
            seams=(
                *(f"M 300 {y} L 300 {y + 12}" for y in (326, 462)),
                *(f"M {x} 400 L {x + 12} 400" for x in (226, 362)),
                "M 340 331 L 335 340",
                "M 369 360 L 360 365",
                "M 369 440 L 360 435",
                "M 340 469 L 335 460",
                "M 260 469 L 265 460",
                "M 231 440 L 240 435",
                "M 231 360 L 240 365",
                "M 260 331 L 265 340",
            ),
            bands=(
                Band("M 300 400 L 270 364", 5, Paint.INK, edged=False),
                Band("M 300 400 L 340 352", 3.4, Paint.INK, edged=False),
            ),
            buttons=(Buttons(((300, 400),), 5, Paint.GOLD),),
            edge=0.14,
            reach=14,
        ),
    ),
)

SQUARE_WATCH: Final = Shape(
    "watch",
    "square",
    (
        Region(
            "M 300 90 L 258 90 Q 252 92 252 102 L 244 330 L 300 330",
            half=True,
            folds=("M 256 150 Q 284 158 300 158",),
            edge=0.26,
        ),
        Region(
            "M 300 470 L 244 470 L 254 684 Q 258 710 300 712",
            half=True,
            buttons=(Buttons(tuple((300, 570 + 26 * i) for i in range(5)), 4.5, Paint.INK),),
            edge=0.26,
        ),
        Region("M 388 384 L 404 384 L 404 410 L 388 410", Paint.METAL, edge=0.3, reach=5),
        Region(
            "M 300 306 L 226 306 Q 208 306 208 324 L 208 476 Q 208 494 226 494 L 300 494",
            Paint.METAL,
            half=True,
            edge=0.34,
            shines=("M 218 340 L 218 460",),
        ),
        Region(
            "M 300 324 L 236 324 Q 226 324 226 334 L 226 466 Q 226 476 236 476 L 300 476",
            Paint.INK,
            half=True,
            shines=("M 240 430 Q 262 370 300 336",),
            fold_width=16,
            edge=0.14,
        ),
    ),
)

BELT: Final = Shape(
    "belt",
    "leather",
    (
        Region(
            "M 300 300 Q 120 304 84 370 Q 70 404 84 436 Q 120 500 300 506 L 300 462 "
            "Q 150 456 122 416 Q 112 402 122 388 Q 150 350 300 344",
            half=True,
            stitches=("M 300 307 Q 126 312 92 372", "M 300 498 Q 126 492 92 434"),
            shines=("M 130 342 Q 180 322 280 318",),
            edge=0.26,
            reach=14,
        ),
        Region(
            "M 346 460 Q 460 466 522 520 Q 534 536 520 546 Q 450 508 346 504",
            stitches=("M 350 467 Q 456 473 514 524",),
            buttons=(Buttons(((380, 484), (410, 488), (440, 495), (468, 506)), 4.2, Paint.INK),),
            edge=0.24,
            reach=12,
        ),
        Region(
            "M 262 446 L 346 446 Q 356 446 356 456 L 356 512 Q 356 522 346 522 "
            "L 262 522 Q 252 522 252 512 L 252 456 Q 252 446 262 446",
            Paint.GOLD,
            holes=("M 270 460 L 340 460 L 340 508 L 270 508",),
            bands=(Band("M 262 484 L 346 484", 6, Paint.GOLD),),
            edge=0.24,
            reach=7,
        ),
    ),
)

SCARF: Final = Shape(
    "scarf",
    "fringed",
    (
        Region(
            "M 342 230 Q 390 380 372 560 Q 420 578 462 560 Q 470 380 424 220",
            angle=-4,
            folds=("M 372 260 Q 410 400 396 556", "M 402 250 Q 444 400 432 560"),
            fold_width=14,
            fold_depth=0.22,
        ),
        Region(
            "M 376 560 L 378 561",
            outlined=False,
            bands=tuple(
                Band(f"M {x} 566 Q {x + 2} 590 {x - 2} 612", 3.4, Paint.BASE)
                for x in range(378, 460, 9)
            ),
        ),
        Region(
            "M 196 250 Q 180 440 150 650 Q 204 676 262 664 Q 290 460 300 270",
            angle=5,
            folds=("M 220 270 Q 206 460 184 652", "M 262 280 Q 250 470 230 664"),
            fold_width=14,
            fold_depth=0.22,
        ),
        Region(
            "M 152 650 L 153 651",
            outlined=False,
            bands=tuple(
                Band(f"M {x} {656 + (x - 156) // 9} Q {x + 2} 684 {x - 3} 710", 3.4, Paint.BASE)
                for x in range(156, 262, 9)
            ),
        ),
        Region(
            "M 300 130 Q 210 120 172 170 Q 150 220 180 268 Q 230 330 310 324 Q 400 316 434 258 "
            "Q 454 200 424 164 Q 380 126 300 130",
            folds=(
                "M 190 190 Q 250 270 400 250",
                "M 186 220 Q 240 300 360 300",
                "M 200 160 Q 280 230 424 210",
                "M 260 142 Q 330 176 416 180",
            ),
            fold_width=15,
            fold_depth=0.28,
            angle=18,
            edge=0.24,
        ),
    ),
)

NECKERCHIEF: Final = Shape(
    "scarf",
    "square",
    (
        Region(
            "M 300 150 L 90 390 L 300 640 L 510 390",
            folds=("M 120 392 Q 300 410 480 392", "M 300 180 Q 310 400 300 610"),
            stitches=("M 300 166 L 104 390 L 300 622 L 496 390 L 300 166",),
            bands=(
                Band("M 300 190 L 128 390 L 300 598 L 472 390 L 300 190", 9, Paint.ACCENT, False),
            ),
            fold_width=14,
            edge=0.1,
            angle=45,
        ),
    ),
)

TIE: Final = Shape(
    "tie",
    "classic",
    (
        Region(
            "M 270 190 Q 262 400 240 590 L 300 690 L 360 590 Q 338 400 330 190",
            angle=45,
            folds=("M 290 200 Q 276 300 274 420", "M 312 206 Q 318 300 322 420"),
            edge=0.2,
        ),
        Region(
            "M 254 110 Q 300 100 346 110 L 332 196 Q 300 212 268 196",
            angle=-30,
            folds=("M 276 130 Q 290 160 288 190",),
            edge=0.24,
            reach=14,
        ),
    ),
)

BOW_TIE: Final = Shape(
    "tie",
    "bow",
    (
        Region(
            "M 296 380 Q 210 300 110 312 Q 92 396 110 488 Q 210 500 296 420",
            pair=True,
            folds=(
                "M 288 386 Q 220 352 150 352",
                "M 288 414 Q 220 444 150 446",
                "M 284 400 L 190 400",
            ),
            fold_width=12,
            fold_depth=0.22,
            edge=0.24,
        ),
        Region(
            "M 270 366 Q 300 356 330 366 Q 336 400 330 434 Q 300 444 270 434 Q 264 400 270 366",
            folds=("M 290 370 Q 286 400 290 430",),
            edge=0.28,
            reach=14,
        ),
    ),
)

HOOPS: Final = Shape(
    "earrings",
    "hoop",
    (
        Region(
            _circle(190, 420, 96),
            Paint.GOLD,
            pair=True,
            holes=(_circle(190, 414, 78),),
            shines=("M 104 410 Q 112 350 170 330",),
            edge=0.3,
            reach=7,
        ),
        Region(_circle(190, 316, 13), Paint.MAIN, pair=True, edge=0.3, reach=7),
    ),
)

DROPS: Final = Shape(
    "earrings",
    "drop",
    (
        Region(
            "M 210 270 L 210 271",
            Paint.GOLD,
            pair=True,
            outlined=False,
            bands=(
                Band("M 210 240 Q 186 236 190 262 Q 198 280 210 292 L 210 330", 4.5, Paint.GOLD),
            ),
        ),
        Region(
            _circle(210, 306, 15),
            Paint.GOLD,
            pair=True,
            shines=("M 202 302 L 208 298",),
            edge=0.3,
            reach=7,
        ),
        Region(
            "M 210 324 Q 156 410 156 452 Q 158 510 210 512 Q 262 510 264 452 Q 264 410 210 324",
            Paint.MAIN,
            pair=True,
            shines=("M 180 450 Q 184 420 202 390",),
            seams=(
                "M 210 324 L 184 450 L 210 512",
                "M 210 324 L 236 450 L 210 512",
                "M 158 450 L 262 450",
            ),
            edge=0.3,
            fold_width=11,
        ),
    ),
)

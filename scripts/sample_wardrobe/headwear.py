"""Hats, caps and beanies."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Buttons, Paint, Region, Shape

BRIM_HAT: Final = Shape(
    "hat",
    "wide-brim",
    (
        Region(
            "M 300 418 Q 180 420 110 450 Q 60 474 74 492 Q 120 530 300 532",
            half=True,
            stitches=("M 300 521 Q 130 518 84 486",),
            edge=0.22,
            folds=("M 150 470 Q 220 450 300 448",),
        ),
        Region(
            "M 300 300 Q 278 300 262 284 Q 214 280 200 340 Q 190 400 184 452 Q 230 476 300 478",
            half=True,
            folds=("M 266 294 Q 284 330 296 350", "M 216 330 Q 206 390 206 440"),
            shines=("M 232 310 Q 222 350 220 390",),
            fold_width=14,
            edge=0.22,
        ),
        Region(
            "M 300 448 Q 230 446 188 420 L 184 452 Q 230 476 300 480",
            Paint.INK,
            half=True,
            edge=0.25,
            reach=9,
        ),
        Region(
            "M 370 446 Q 400 424 424 432 Q 420 452 404 462 L 374 472", Paint.INK, edge=0.3, reach=8
        ),
    ),
)

CAP: Final = Shape(
    "cap",
    "baseball",
    (
        Region(
            "M 190 440 Q 180 280 320 270 Q 460 276 470 440 Q 400 470 330 470 Q 250 466 190 440",
            folds=("M 230 330 Q 216 380 220 440",),
            seams=(
                "M 320 270 Q 300 350 306 468",
                "M 320 270 Q 400 320 412 462",
                "M 320 270 Q 236 320 230 454",
            ),
            stitches=(
                "M 326 270 Q 306 350 312 468",
                "M 326 272 Q 406 322 418 460",
                "M 326 272 Q 242 322 236 456",
            ),
            buttons=(
                Buttons(((320, 270),), 8, Paint.BASE),
                Buttons(((258, 350), (360, 340)), 4, Paint.INK),
            ),
            edge=0.24,
            reach=30,
        ),
        Region(
            "M 188 438 Q 250 466 330 470 Q 250 486 190 500 Q 120 516 76 504 Q 96 452 188 438",
            Paint.BASE,
            stitches=(
                "M 90 497 Q 130 462 210 452",
                "M 106 502 Q 150 474 250 464",
                "M 130 503 Q 190 484 290 472",
            ),
            shines=("M 120 480 Q 160 456 200 452",),
            edge=0.24,
            reach=14,
        ),
    ),
)

BEANIE: Final = Shape(
    "hat",
    "beanie",
    (
        Region(
            "M 300 236 Q 176 240 168 440 L 300 470",
            half=True,
            folds=(
                "M 280 244 Q 216 300 206 440",
                "M 290 244 Q 254 320 252 450",
                "M 300 250 Q 300 340 300 456",
            ),
            fold_width=12,
            fold_depth=0.2,
            edge=0.24,
            reach=30,
        ),
        Region(
            "M 300 428 Q 220 426 164 412 Q 152 420 154 450 Q 154 490 160 504 Q 220 522 300 524",
            half=True,
            seams=tuple(
                f"M {x} {int(414 + (x - 160) * 0.11)} L {x - 1} {int(506 + (x - 160) * 0.12)}"
                for x in range(170, 300, 13)
            ),
            edge=0.24,
            reach=14,
        ),
        Region(
            "M 300 180 Q 262 178 254 210 Q 250 246 300 252",
            Paint.ACCENT,
            half=True,
            folds=("M 270 200 Q 290 216 276 236", "M 290 190 Q 300 210 294 244"),
            edge=0.3,
            reach=14,
            fold_width=5,
        ),
    ),
)

BUCKET_HAT: Final = Shape(
    "hat",
    "bucket",
    (
        Region(
            "M 300 452 Q 230 452 190 424 Q 150 470 112 532 Q 200 574 300 574",
            half=True,
            stitches=(
                "M 300 562 Q 206 560 122 524",
                "M 300 534 Q 216 532 142 498",
                "M 300 506 Q 226 504 162 470",
                "M 300 480 Q 236 478 178 446",
            ),
            folds=("M 200 450 Q 176 500 156 540", "M 250 460 Q 240 510 232 556"),
            edge=0.2,
        ),
        Region(
            "M 300 290 Q 226 288 218 306 Q 200 370 188 428 Q 230 456 300 458",
            half=True,
            stitches=("M 300 448 Q 236 446 196 422", "M 300 312 Q 236 310 216 318"),
            seams=("M 300 306 Q 236 304 217 312",),
            folds=("M 226 330 Q 212 390 214 430",),
            edge=0.22,
        ),
    ),
)

"""Bags."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

TOTE: Final = Shape(
    "handbag",
    "tote",
    (
        Region(
            "M 300 330 L 300 331",
            outlined=False,
            bands=(Band("M 230 350 Q 230 190 300 180 Q 370 190 370 350", 13, Paint.DEEP),),
        ),
        Region(
            "M 300 320 L 150 320 Q 152 470 176 610 Q 184 626 210 626 L 300 626",
            half=True,
            folds=("M 180 350 Q 190 480 204 600", "M 250 560 Q 280 590 300 592"),
            stitches=("M 300 330 L 156 330", "M 300 614 L 186 614"),
            fold_width=14,
            edge=0.2,
        ),
        Region(
            "M 300 330 L 300 331",
            outlined=False,
            bands=(Band("M 216 372 Q 216 210 300 200 Q 384 210 384 372", 13, Paint.BASE),),
            buttons=(Buttons(((216, 360), (384, 360)), 7, Paint.GOLD),),
        ),
        Region(
            "M 204 330 L 228 330 L 228 392 L 216 404 L 204 392",
            Paint.BASE,
            pair=True,
            stitches=("M 208 334 L 208 390 L 216 398 L 224 390 L 224 334",),
            buttons=(Buttons(((216, 352),), 4.5, Paint.GOLD),),
            reach=7,
        ),
    ),
)

FLAP_BAG: Final = Shape(
    "handbag",
    "flap",
    (
        Region(
            "M 300 330 L 300 331",
            outlined=False,
            bands=(Band("M 200 370 Q 196 210 300 204 Q 404 210 400 370", 16, Paint.BASE),),
        ),
        Region(
            "M 300 362 L 176 362 Q 158 366 154 390 Q 140 500 146 590 Q 150 616 180 616 L 300 616",
            half=True,
            edge=0.24,
            stitches=("M 300 604 L 182 604 Q 160 602 157 584",),
        ),
        Region(
            "M 300 356 L 178 356 Q 158 358 154 384 Q 150 440 164 470 Q 180 506 300 512",
            half=True,
            shines=("M 176 380 Q 240 372 290 374",),
            stitches=("M 300 501 Q 188 495 173 464 Q 160 436 165 386",),
            edge=0.22,
        ),
        Region(
            "M 276 486 L 324 486 Q 330 488 330 496 L 330 528 "
            "Q 300 540 270 528 L 270 496 Q 270 488 276 486",
            Paint.GOLD,
            shines=("M 280 496 L 318 496",),
            seams=("M 300 498 L 300 520",),
            edge=0.22,
            reach=7,
        ),
        Region(
            "M 188 350 L 212 350 L 212 384 L 188 384",
            Paint.GOLD,
            pair=True,
            holes=("M 194 356 L 206 356 L 206 378 L 194 378",),
            reach=5,
        ),
    ),
)

CROSSBODY: Final = Shape(
    "handbag",
    "crossbody",
    (
        Region(
            "M 300 330 L 300 331",
            outlined=False,
            bands=(
                Band(
                    "M 192 440 Q 120 250 220 160 Q 300 110 380 160 Q 480 250 408 440", 8, Paint.DEEP
                ),
            ),
        ),
        Region(
            "M 300 410 Q 210 408 180 440 Q 160 500 188 560 Q 220 616 300 618",
            half=True,
            folds=("M 188 480 Q 200 560 250 594",),
            stitches=("M 300 606 Q 228 604 199 556 Q 178 512 184 470",),
            edge=0.24,
        ),
        Region(
            "M 300 406 Q 210 404 178 436 Q 174 452 182 466 Q 240 500 300 500",
            half=True,
            shines=("M 214 430 Q 260 420 296 420",),
            stitches=("M 300 490 Q 244 489 190 462",),
            edge=0.22,
            buttons=(Buttons(((300, 476),), 8, Paint.GOLD),),
        ),
        Region(
            "M 284 500 L 316 500 L 322 580 Q 300 590 278 580",
            Paint.DEEP,
            seams=tuple(f"M {284 + i * 6} 510 L {282 + i * 7} 582" for i in range(6)),
            reach=7,
        ),
    ),
)

BACKPACK: Final = Shape(
    "backpack",
    "classic",
    (
        Region(
            "M 300 330 L 300 331",
            outlined=False,
            bands=(
                Band("M 262 190 Q 262 138 300 136 Q 338 138 338 190", 12, Paint.DEEP),
                Band("M 176 330 Q 120 420 146 600", 20, Paint.DEEP),
                Band("M 424 330 Q 480 420 454 600", 20, Paint.DEEP),
            ),
        ),
        Region(
            "M 300 172 Q 190 172 168 280 Q 152 440 164 606 Q 170 640 210 640 L 300 642",
            half=True,
            folds=("M 184 330 Q 176 460 190 600",),
            stitches=("M 300 190 Q 206 190 186 286 Q 172 440 182 600",),
            edge=0.22,
            fold_width=13,
            reach=28,
        ),
        Region(
            "M 200 300 Q 300 286 400 300 L 398 316 Q 300 302 202 316",
            Paint.DEEP,
            seams=("M 202 308 Q 300 294 398 308",),
            buttons=(Buttons(((214, 308),), 5, Paint.METAL),),
            reach=5,
        ),
        Region(
            "M 300 410 Q 230 408 204 424 Q 194 500 200 590 Q 206 614 240 614 L 300 616",
            half=True,
            stitches=("M 300 462 Q 240 460 202 470", "M 300 604 L 242 603 Q 214 602 210 586"),
            edge=0.2,
        ),
        Region(
            "M 300 402 Q 226 400 198 418 Q 196 448 204 468 Q 240 482 300 484",
            Paint.BASE,
            half=True,
            edge=0.2,
            reach=12,
            stitches=("M 300 474 Q 244 472 213 460",),
        ),
        Region(
            "M 286 440 L 314 440 L 314 520 L 300 530 L 286 520",
            Paint.TAN,
            stitches=("M 290 444 L 290 518 L 300 525 L 310 518 L 310 444",),
            buttons=(Buttons(((300, 506),), 4.5, Paint.GOLD),),
            reach=7,
        ),
    ),
)

"""Jackets and coats."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

_SLEEVE: Final = Region(
    "M 196 142 Q 146 152 122 204 Q 84 340 66 540 Q 96 560 140 554 Q 164 420 196 330 "
    "L 226 300 L 226 150",
    pair=True,
    angle=12,
    folds=(
        "M 178 190 Q 146 260 140 330",
        "M 106 320 Q 130 340 154 344",
        "M 98 358 Q 124 380 148 378",
        "M 90 470 Q 104 510 100 540",
    ),
)

_COLLAR_BACK: Final = Region(
    "M 300 104 Q 266 102 240 114 L 262 190 L 300 260", Paint.DEEP, half=True, edge=0.3, reach=14
)


def _front(hem: int, corner: str) -> Region:
    """The right front over the left, open in a deep V; ``corner`` shapes its lower edge."""
    return Region(
        f"M 306 330 L 244 116 L 194 142 Q 204 240 194 330 Q 184 {hem - 120} 178 {hem - 8} {corner}",
        pair=True,
        folds=(
            "M 206 240 Q 226 272 262 292",
            "M 204 330 Q 232 380 228 450",
            f"M 196 {hem - 120} Q 226 {hem - 90} 236 {hem - 20}",
        ),
        seams=("M 238 230 Q 242 330 228 440",),
    )


_LAPEL: Final = Region(
    "M 306 338 Q 266 250 236 182 L 226 214 L 214 172 L 244 114 Q 258 128 264 160 Q 290 250 306 338",
    pair=True,
    angle=-18,
    seams=("M 226 178 L 262 166",),
    edge=0.22,
    reach=13,
)

_FLAP_POCKET: Final = Region(
    "M 202 450 L 272 456 L 271 480 L 200 474", pair=True, angle=4, edge=0.18, reach=7
)

BLAZER: Final = Shape(
    "jacket",
    "blazer",
    (
        _COLLAR_BACK,
        Region("M 300 200 L 262 150 L 300 420", Paint.DEEP, half=True, edge=0.3, reach=14),
        _SLEEVE,
        _front(620, "Q 230 632 276 626 Q 300 606 306 560"),
        _LAPEL,
        _FLAP_POCKET,
        Region(
            "M 336 290 L 378 284 L 380 296 L 338 302",
            edge=0.15,
            reach=6,
            seams=("M 337 296 L 379 290",),
        ),
        Region(
            "M 300 345 L 300 346",
            outlined=False,
            buttons=(
                Buttons(((300, 372), (300, 432)), 7.5, Paint.INK),
                Buttons(tuple((122 - 2 * i, 512 + 13 * i) for i in range(3)), 3.6, Paint.INK),
                Buttons(tuple((478 + 2 * i, 512 + 13 * i) for i in range(3)), 3.6, Paint.INK),
            ),
        ),
    ),
)

_JACKET_COLLAR: Final = Region(
    "M 300 178 Q 282 136 252 100 Q 232 116 224 148 Q 240 186 266 208 Q 286 198 300 178",
    pair=True,
    angle=-28,
    stitches=("M 231 148 Q 246 180 267 199 Q 284 188 293 176",),
    edge=0.22,
    reach=12,
)

DENIM_JACKET: Final = Shape(
    "jacket",
    "trucker",
    (
        Region("M 300 96 Q 270 94 252 100 Q 264 140 300 178", Paint.DEEP, half=True, reach=12),
        _SLEEVE,
        Region(
            "M 64 530 Q 98 552 144 546 L 140 584 Q 96 592 60 568",
            pair=True,
            angle=12,
            stitches=("M 66 538 Q 98 559 142 554", "M 62 561 Q 98 582 138 576"),
            buttons=(Buttons(((126, 566),), 4.5, Paint.GOLD),),
            reach=10,
        ),
        Region(
            "M 300 178 Q 266 150 244 116 L 194 142 Q 204 240 194 330 Q 190 420 190 510 "
            "Q 240 520 300 520",
            half=True,
            folds=("M 206 290 Q 226 320 262 330", "M 212 380 Q 232 430 226 500"),
            seams=("M 198 232 L 300 236", "M 232 240 L 256 510", "M 270 240 L 262 510"),
            stitches=(
                "M 198 238 L 300 242",
                "M 198 227 L 300 231",
                "M 227 240 L 251 510",
                "M 275 240 L 267 510",
            ),
        ),
        Region(
            "M 212 236 L 264 240 L 264 268 L 238 286 L 212 266",
            pair=True,
            stitches=("M 216 240 L 216 264 L 238 280 L 260 265 L 260 244",),
            buttons=(Buttons(((238, 268),), 4, Paint.GOLD),),
            edge=0.12,
            reach=8,
        ),
        Region(
            "M 288 178 L 312 178 L 312 520 L 288 520",
            stitches=("M 291 184 L 291 516", "M 309 184 L 309 516"),
            buttons=(Buttons(tuple((300, 206 + 58 * i) for i in range(6)), 5.5, Paint.GOLD),),
            edge=0.06,
            light=0.04,
            reach=8,
        ),
        Region(
            "M 300 520 Q 240 520 190 510 L 192 548 Q 240 560 300 560",
            half=True,
            stitches=("M 300 526 Q 240 526 192 516", "M 300 553 Q 240 553 194 542"),
            buttons=(Buttons(((300, 540),), 5.5, Paint.GOLD),),
            edge=0.2,
            reach=9,
        ),
        _JACKET_COLLAR,
    ),
)

BOMBER: Final = Shape(
    "jacket",
    "bomber",
    (
        Region("M 300 106 Q 270 106 250 114 Q 262 150 300 154", Paint.DEEP, half=True, reach=12),
        Region(
            "M 196 142 Q 140 150 110 214 Q 70 350 66 510 Q 100 540 150 526 Q 172 420 196 340 "
            "L 226 300 L 226 150",
            pair=True,
            angle=12,
            folds=(*_SLEEVE.folds, "M 90 460 Q 84 490 90 516", "M 140 460 Q 140 490 132 522"),
            fold_width=13,
            seams=("M 132 260 L 176 280",),
        ),
        Region(
            "M 74 506 Q 104 530 146 520 L 140 562 Q 106 572 78 552",
            Paint.DEEP,
            pair=True,
            seams=tuple(f"M {x} 520 L {x - 1} 562" for x in range(86, 142, 10)),
            reach=10,
        ),
        Region(
            "M 300 156 Q 264 148 246 114 L 194 142 Q 204 240 194 330 Q 176 430 188 520 "
            "Q 240 536 300 536",
            half=True,
            folds=(
                "M 206 250 Q 230 280 268 286",
                "M 196 380 Q 220 440 214 510",
                "M 236 430 Q 244 480 240 520",
                "M 272 440 Q 274 490 270 526",
            ),
            fold_width=13,
            bands=(Band("M 216 420 L 248 360", 6),),
        ),
        Region(
            "M 300 536 Q 240 536 190 518 L 200 570 Q 246 582 300 582",
            Paint.DEEP,
            half=True,
            seams=tuple(f"M {x} 526 L {x + 2} 580" for x in range(204, 300, 11)),
            reach=10,
        ),
        Region(
            "M 296 150 L 304 150 L 304 582 L 296 582",
            Paint.METAL,
            seams=tuple(f"M 296 {y} L 304 {y}" for y in range(158, 580, 7)),
            reach=5,
        ),
        Region(
            "M 300 158 Q 258 150 238 112 Q 246 102 256 104 Q 268 132 300 138",
            Paint.DEEP,
            half=True,
            seams=("M 268 128 L 258 140", "M 283 135 L 277 150", "M 257 114 L 245 124"),
            reach=9,
        ),
    ),
)

PUFFER: Final = Shape(
    "jacket",
    "puffer",
    (
        Region(
            "M 196 142 Q 138 148 104 214 Q 84 270 92 300 Q 66 350 76 386 Q 56 430 68 466 "
            "Q 54 510 68 548 Q 104 572 148 556 Q 164 520 154 486 Q 176 450 168 410 "
            "Q 196 370 196 330 L 226 300 L 226 150",
            pair=True,
            angle=12,
            folds=(
                "M 92 300 Q 140 320 196 300",
                "M 76 386 Q 124 410 176 392",
                "M 68 466 Q 112 492 158 476",
                "M 102 222 Q 160 236 200 220",
            ),
            fold_depth=0.3,
            fold_width=14,
            reach=30,
            edge=0.24,
        ),
        Region(
            "M 300 150 Q 264 144 246 114 L 194 142 Q 182 190 192 226 Q 174 270 188 312 "
            "Q 170 360 186 400 Q 168 450 184 490 Q 170 540 186 584 Q 240 600 300 600",
            half=True,
            folds=(
                "M 190 228 Q 240 246 296 242",
                "M 186 314 Q 240 332 296 328",
                "M 184 402 Q 240 420 296 416",
                "M 184 492 Q 240 510 296 506",
            ),
            fold_depth=0.34,
            fold_width=14,
            reach=30,
            edge=0.22,
        ),
        Region(
            "M 300 84 Q 258 82 242 98 Q 236 124 248 150 Q 268 172 300 172",
            half=True,
            folds=("M 246 122 Q 270 138 300 138",),
            fold_depth=0.3,
            edge=0.24,
        ),
        Region(
            "M 296 90 L 304 90 L 304 600 L 296 600",
            Paint.METAL,
            seams=tuple(f"M 296 {y} L 304 {y}" for y in range(96, 600, 7)),
            reach=5,
        ),
    ),
)

TRENCH: Final = Shape(
    "coat",
    "trench",
    (
        _COLLAR_BACK,
        Region("M 300 200 L 262 150 L 300 320", Paint.DEEP, half=True, edge=0.3, reach=14),
        _SLEEVE,
        _front(740, "Q 240 748 306 742 Q 312 500 306 330"),
        Region(
            "M 80 492 Q 112 508 154 500 L 150 524 Q 110 532 76 516",
            pair=True,
            angle=12,
            stitches=("M 80 500 Q 112 515 152 507",),
            reach=8,
        ),
        Region(
            "M 204 150 Q 224 214 212 262 Q 244 280 286 282 Q 262 210 244 122",
            pair=True,
            stitches=("M 216 254 Q 246 271 282 273",),
            edge=0.14,
            reach=12,
        ),
        _LAPEL,
        Region(
            "M 192 376 Q 300 388 408 376 L 410 410 Q 300 424 190 410",
            stitches=("M 193 382 Q 300 395 407 382", "M 192 404 Q 300 417 408 404"),
            edge=0.2,
            reach=9,
        ),
        Region(
            "M 280 372 L 324 372 L 324 428 L 280 428",
            Paint.INK,
            holes=("M 288 381 L 316 381 L 316 419 L 288 419",),
            edge=0.2,
            reach=5,
        ),
        Region(
            "M 222 470 L 248 462 L 262 560 L 236 566",
            pair=True,
            stitches=("M 228 474 L 245 469 L 257 556 L 240 560",),
            edge=0.14,
            reach=8,
        ),
        Region(
            "M 300 345 L 300 346",
            outlined=False,
            buttons=(
                Buttons(
                    tuple((x, y) for x in (268, 336) for y in (306, 350, 456, 520, 584)),
                    7,
                    Paint.INK,
                ),
            ),
        ),
    ),
)

WOOL_COAT: Final = Shape(
    "coat",
    "overcoat",
    (
        _COLLAR_BACK,
        Region("M 300 200 L 262 150 L 300 420", Paint.DEEP, half=True, edge=0.3, reach=14),
        _SLEEVE,
        _front(720, "Q 240 728 306 722 Q 312 500 306 330"),
        _LAPEL,
        _FLAP_POCKET,
        Region(
            "M 306 345 L 306 346",
            outlined=False,
            seams=("M 300 345 L 300 722",),
            buttons=(Buttons(((294, 378), (294, 452), (294, 526)), 8.5, Paint.INK),),
        ),
    ),
)

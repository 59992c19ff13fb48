"""Skirts, trousers, jeans and shorts."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

_WAISTBAND: Final = Region(
    "M 300 112 Q 260 112 224 104 L 220 136 Q 260 146 300 146",
    Paint.BASE,
    half=True,
    stitches=("M 300 117 Q 260 117 226 110", "M 300 141 Q 260 141 223 131"),
    edge=0.2,
    reach=9,
)

MINI: Final = Shape(
    "skirt",
    "mini",
    (
        Region(
            "M 300 146 Q 260 146 220 136 Q 190 250 170 440 Q 240 462 300 462",
            half=True,
            folds=("M 232 170 Q 214 300 200 430", "M 262 170 Q 256 310 250 440"),
            seams=("M 262 148 Q 256 190 254 224",),
            stitches=("M 172 428 Q 240 450 300 450",),
        ),
        _WAISTBAND,
    ),
)

PLEATED: Final = Shape(
    "skirt",
    "pleated",
    (
        Region(
            "M 300 146 Q 260 146 220 136 Q 180 330 122 566 Q 130 582 150 574 Q 158 592 182 584 "
            "Q 192 602 214 594 Q 226 610 246 600 Q 260 614 276 604 Q 288 612 300 606",
            half=True,
            folds=(
                "M 228 146 Q 198 340 150 570",
                "M 242 148 Q 218 340 182 580",
                "M 256 148 Q 240 340 214 590",
                "M 270 148 Q 260 340 246 596",
                "M 284 148 Q 280 340 276 600",
            ),
            seams=(
                "M 228 142 Q 198 340 150 572",
                "M 242 144 Q 218 340 182 583",
                "M 256 146 Q 240 340 214 593",
                "M 270 146 Q 260 340 246 600",
                "M 284 146 Q 280 340 276 604",
            ),
            fold_width=11,
            fold_depth=0.24,
        ),
        _WAISTBAND,
    ),
)

LONG_SKIRT: Final = Shape(
    "skirt",
    "maxi",
    (
        Region(
            "M 300 146 Q 260 146 220 136 Q 190 400 140 716 Q 220 744 300 744",
            half=True,
            folds=(
                "M 230 160 Q 206 440 168 712",
                "M 250 160 Q 236 440 214 724",
                "M 274 160 Q 268 440 258 730",
                "M 294 160 Q 296 440 298 732",
            ),
            fold_width=13,
            stitches=("M 143 704 Q 220 731 300 731",),
            seams=("M 188 400 Q 240 420 300 420", "M 166 560 Q 230 584 300 584"),
        ),
        _WAISTBAND,
    ),
)

PENCIL: Final = Shape(
    "skirt",
    "pencil",
    (
        Region(
            "M 300 146 Q 260 146 220 136 Q 184 240 184 320 Q 194 460 208 590 Q 250 600 300 600",
            half=True,
            folds=("M 210 180 Q 232 210 262 214", "M 204 360 Q 240 380 290 374"),
            seams=("M 258 148 Q 252 190 250 232", "M 300 470 L 300 600"),
            stitches=("M 207 578 Q 250 588 300 588",),
        ),
        _WAISTBAND,
    ),
)

_HIPS: Final = "M 300 146 Q 260 146 220 136 Q 200 210 196 290"

_FLY: Final = ("M 300 146 L 300 262 Q 300 280 298 290", "M 318 148 L 318 236 Q 316 256 300 262")


def _legs(path: str, *folds: str, hem: str) -> Region:
    """Both legs as one piece, from the waist down to ``path``'s end at the crotch."""
    return Region(
        f"{_HIPS} {path}",
        half=True,
        folds=("M 292 292 Q 262 286 226 300", "M 294 284 Q 262 262 232 262", *folds),
        seams=("M 224 146 Q 244 182 214 214",),
        stitches=(hem,),
    )


_TROUSER_LEG: Final = "Q 192 500 190 732 Q 224 742 258 736 Q 276 520 294 300 L 300 296"

TROUSERS: Final = Shape(
    "trousers",
    "straight",
    (
        _legs(
            _TROUSER_LEG,
            "M 240 160 Q 228 420 224 724",
            "M 262 450 Q 236 470 206 462",
            hem="M 191 718 Q 224 727 259 722",
        ),
        _WAISTBAND,
        Region(
            "M 300 150 L 300 151", outlined=False, seams=_FLY, buttons=(Buttons(((300, 128),)),)
        ),
    ),
)

WIDE_TROUSERS: Final = Shape(
    "trousers",
    "wide-leg",
    (
        _legs(
            "Q 172 500 136 730 Q 196 754 268 742 Q 284 520 296 312 L 300 304",
            "M 244 160 Q 224 420 200 736",
            "M 264 170 Q 262 460 240 736",
            "M 228 180 Q 200 440 164 726",
            hem="M 139 717 Q 197 740 269 729",
        ),
        _WAISTBAND,
        Region("M 300 150 L 300 151", outlined=False, seams=_FLY[:1]),
    ),
)

_DENIM_WAIST: Final = Region(
    "M 300 112 Q 260 112 224 104 L 220 140 Q 260 150 300 150",
    Paint.BASE,
    half=True,
    stitches=("M 300 117 Q 260 117 226 110", "M 300 145 Q 260 145 223 135"),
    bands=(Band("M 248 106 L 246 148", 8, Paint.BASE),),
    buttons=(Buttons(((300, 131),), 6, Paint.GOLD),),
    edge=0.2,
    reach=9,
)


def _denim(path: str, *folds: str, hem: tuple[str, ...]) -> Region:
    return Region(
        f"{_HIPS} {path}",
        half=True,
        folds=(
            "M 292 296 Q 262 288 232 304",
            "M 294 284 Q 262 262 232 262",
            "M 290 312 Q 268 312 246 324",
            *folds,
        ),
        shines=("M 240 300 Q 226 390 226 470",),
        seams=("M 222 152 Q 236 204 282 152",),
        stitches=(
            "M 226 150 Q 240 210 288 154",
            "M 230 150 Q 242 204 282 152",
            "M 203 250 Q 200 270 200 290",
            *hem,
        ),
        fold_depth=0.2,
    )


_DENIM_FLY: Final = Region(
    "M 300 156 L 300 157",
    outlined=False,
    seams=("M 300 152 L 300 296",),
    stitches=("M 322 152 L 322 240 Q 320 262 302 270", "M 318 152 L 318 238 Q 316 256 302 263"),
)

SKINNY_JEANS: Final = Shape(
    "jeans",
    "skinny",
    (
        _denim(
            "Q 204 480 222 730 Q 244 736 264 730 Q 284 520 294 300 L 300 296",
            "M 214 460 Q 240 478 270 470",
            "M 216 482 Q 240 494 268 492",
            "M 224 690 Q 244 700 264 694",
            hem=("M 221 718 Q 244 724 265 718",),
        ),
        _DENIM_WAIST,
        _DENIM_FLY,
    ),
)

BOOTCUT_JEANS: Final = Shape(
    "jeans",
    "bootcut",
    (
        _denim(
            "Q 200 460 208 520 Q 194 640 174 732 Q 222 746 274 736 Q 268 620 270 520 "
            "Q 284 400 294 300 L 300 296",
            "M 212 490 Q 236 506 266 500",
            "M 226 560 Q 216 650 206 730",
            "M 250 560 Q 252 650 252 734",
            hem=("M 177 719 Q 222 732 273 723",),
        ),
        _DENIM_WAIST,
        _DENIM_FLY,
    ),
)

_SHORT_LEG: Final = "Q 184 350 172 426 Q 220 446 276 436 Q 288 360 296 312 L 300 304"

SHORTS: Final = Shape(
    "shorts",
    "chino",
    (
        _legs(
            _SHORT_LEG,
            "M 240 160 Q 222 300 214 424",
            "M 266 330 Q 256 390 250 428",
            hem="M 175 412 Q 221 431 278 422",
        ),
        _WAISTBAND,
        Region(
            "M 300 150 L 300 151", outlined=False, seams=_FLY, buttons=(Buttons(((300, 128),)),)
        ),
    ),
)

DENIM_SHORTS: Final = Shape(
    "shorts",
    "denim",
    (
        _denim(
            "Q 188 340 178 396 Q 222 414 278 404 Q 288 350 296 312 L 300 304",
            "M 212 330 Q 204 360 200 396",
            hem=("M 180 384 Q 222 401 279 392", "M 182 374 Q 222 391 280 382"),
        ),
        _DENIM_WAIST,
        _DENIM_FLY,
    ),
)

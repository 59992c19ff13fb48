"""Dresses."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

_SKIRT_FOLDS: Final = (
    "M 252 330 Q 220 480 176 640",
    "M 268 330 Q 250 500 232 660",
    "M 290 330 Q 288 500 284 664",
    "M 238 360 Q 210 460 160 580",
)

A_LINE: Final = Shape(
    "dress",
    "a-line",
    (
        Region("M 300 116 Q 272 114 254 96 Q 262 146 300 148", Paint.DEEP, half=True, reach=10),
        Region(
            "M 300 150 Q 262 148 252 92 L 222 100 Q 232 170 214 206 Q 226 260 240 318 "
            "Q 200 480 136 660 Q 216 690 300 690",
            half=True,
            folds=(*_SKIRT_FOLDS, "M 226 220 Q 246 238 262 240", "M 236 300 Q 258 290 276 260"),
            fold_width=13,
            seams=("M 300 322 Q 270 324 240 318", "M 262 240 Q 264 280 258 318"),
            stitches=("M 140 648 Q 218 677 300 677",),
            bands=(Band("M 300 148 Q 262 146 253 93", 7, Paint.BASE),),
        ),
    ),
)

SHEATH: Final = Shape(
    "dress",
    "sheath",
    (
        Region("M 300 112 Q 272 110 250 96 Q 262 128 300 130", Paint.DEEP, half=True, reach=10),
        Region(
            "M 212 108 Q 180 120 166 158 L 152 214 Q 176 228 204 226 L 240 180 L 232 110",
            pair=True,
            angle=16,
            folds=("M 204 150 Q 186 180 186 216",),
            stitches=("M 155 205 Q 178 218 207 216",),
        ),
        Region(
            "M 300 132 Q 258 130 250 94 L 210 108 Q 226 170 220 210 Q 230 270 242 320 "
            "Q 212 400 212 480 Q 214 590 222 676 Q 260 682 300 682",
            half=True,
            folds=(
                "M 246 320 Q 262 350 296 352",
                "M 228 390 Q 260 420 294 418",
                "M 226 226 Q 250 250 268 246",
                "M 232 520 Q 240 600 238 660",
            ),
            seams=("M 300 322 Q 270 324 242 318", "M 266 244 Q 270 290 262 380"),
            stitches=("M 222 664 Q 260 670 300 670",),
            bands=(Band("M 300 130 Q 260 128 251 96", 6, Paint.BASE),),
        ),
    ),
)

MAXI: Final = Shape(
    "dress",
    "maxi",
    (
        Region(
            "M 300 150 L 300 152",
            outlined=False,
            bands=(
                Band("M 246 166 Q 254 110 276 66", 6, Paint.BASE),
                Band("M 354 166 Q 346 110 324 66", 6, Paint.BASE),
            ),
        ),
        Region(
            "M 300 190 Q 276 184 248 158 Q 238 190 224 206 Q 234 260 244 306 Q 200 520 148 740 "
            "Q 224 766 300 766",
            half=True,
            folds=(
                "M 256 330 Q 222 540 180 740",
                "M 272 330 Q 256 540 236 750",
                "M 292 330 Q 290 540 286 756",
                "M 246 340 Q 206 520 164 690",
                "M 240 216 Q 262 250 296 252",
            ),
            fold_width=13,
            bands=(Band("M 300 310 Q 270 312 245 304", 13, Paint.BASE),),
            stitches=("M 152 728 Q 226 753 300 753",),
        ),
    ),
)

WRAP: Final = Shape(
    "dress",
    "wrap",
    (
        Region("M 300 108 Q 272 106 250 98 L 300 236", Paint.DEEP, half=True, reach=12),
        Region(
            "M 214 112 Q 174 122 160 168 Q 132 290 108 420 "
            "Q 136 444 170 436 Q 196 320 220 250 L 244 220 L 236 116",
            pair=True,
            angle=12,
            folds=("M 200 160 Q 172 230 168 290", "M 138 300 Q 158 318 178 318"),
            stitches=("M 111 408 Q 138 430 172 423",),
        ),
        Region(
            "M 352 96 L 388 112 Q 372 170 380 220 Q 372 270 360 320 Q 404 480 438 650 "
            "Q 380 676 300 680 L 220 676 L 300 330 L 262 262 Q 320 190 352 96",
            folds=(
                "M 344 330 Q 376 480 396 640",
                "M 326 330 Q 340 500 346 660",
                "M 374 230 Q 340 250 310 300",
            ),
            fold_width=13,
        ),
        Region(
            "M 248 96 L 212 112 Q 228 170 220 220 Q 228 270 240 320 Q 196 480 162 650 "
            "Q 230 690 340 668 Q 352 480 346 326 Q 352 300 346 282 Q 280 200 248 96",
            folds=(
                "M 256 330 Q 224 480 204 644",
                "M 280 330 Q 268 500 262 664",
                "M 310 330 Q 312 500 306 664",
                "M 228 236 Q 266 250 330 304",
                "M 236 290 Q 270 296 330 312",
            ),
            fold_width=13,
            stitches=("M 166 638 Q 232 677 340 656",),
            bands=(Band("M 346 284 Q 280 200 249 97", 7, Paint.BASE),),
        ),
        Region(
            "M 238 306 Q 300 318 362 306 L 364 334 Q 300 346 236 334",
            Paint.BASE,
            edge=0.25,
            reach=9,
        ),
        Region(
            "M 338 316 Q 322 380 328 452 Q 344 458 356 448 Q 350 380 352 318",
            Paint.BASE,
            folds=("M 342 330 Q 338 390 342 440",),
            reach=9,
        ),
        Region(
            "M 344 318 Q 366 370 388 424 Q 402 420 408 406 Q 380 360 356 314",
            Paint.BASE,
            folds=("M 356 330 Q 378 370 394 408",),
            reach=9,
        ),
    ),
)

SHIRT_DRESS: Final = Shape(
    "dress",
    "shirt",
    (
        Region("M 300 88 Q 274 86 256 92 Q 264 122 300 142", Paint.DEEP, half=True, reach=10),
        Region(
            "M 214 112 Q 172 122 158 168 Q 132 280 108 392 "
            "Q 136 416 170 408 Q 196 310 220 250 L 244 220 L 236 120",
            pair=True,
            angle=12,
            folds=("M 200 160 Q 172 230 168 290", "M 138 290 Q 158 308 178 308"),
        ),
        Region("M 106 384 Q 136 408 174 398 L 168 430 Q 132 438 100 418", pair=True, reach=9),
        Region(
            "M 300 142 Q 272 130 248 104 L 210 114 Q 226 180 220 226 Q 228 280 236 326 "
            "Q 196 480 166 640 Q 180 676 240 676 Q 276 676 300 668",
            half=True,
            folds=(*_SKIRT_FOLDS[:3], "M 228 232 Q 252 262 270 262", "M 234 310 Q 262 296 280 250"),
            fold_width=12,
            seams=("M 214 140 Q 246 134 274 152",),
        ),
        Region(
            "M 289 142 L 311 142 L 311 668 L 289 668",
            stitches=("M 292 148 L 292 664", "M 308 148 L 308 664"),
            buttons=(
                Buttons(
                    (
                        *((300, 166 + 50 * i) for i in range(3)),
                        *((300, 372 + 58 * i) for i in range(5)),
                    )
                ),
            ),
            edge=0.06,
            light=0.04,
            reach=8,
        ),
        Region(
            "M 234 312 Q 300 322 366 312 L 368 344 Q 300 354 232 344",
            Paint.BASE,
            stitches=("M 236 318 Q 300 328 364 318", "M 236 339 Q 300 348 364 339"),
            edge=0.2,
            reach=9,
        ),
        Region(
            "M 284 312 L 318 312 L 318 354 L 284 354",
            Paint.GOLD,
            holes=("M 291 319 L 311 319 L 311 347 L 291 347",),
            edge=0.2,
            reach=5,
        ),
        Region(
            "M 300 142 Q 284 122 256 92 Q 244 104 240 122 Q 248 152 266 170 Q 284 158 300 142",
            pair=True,
            angle=-30,
            stitches=("M 246 124 Q 254 148 267 161 Q 282 152 292 142",),
            edge=0.2,
            reach=12,
        ),
    ),
)

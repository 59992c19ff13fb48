"""T-shirts, shirts, blouses and knitwear."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

_BACK_OF_NECK: Final = Region(
    "M 300 125 Q 264 125 238 132 Q 250 168 300 170", Paint.DEEP, half=True, edge=0.3, reach=12
)

_SHORT_SLEEVE: Final = Region(
    "M 192 143 Q 137 158 110 195 L 48 300 Q 86 325 142 332 L 190 267",
    pair=True,
    angle=24,
    folds=("M 175 195 Q 144 222 139 280", "M 130 190 Q 101 235 94 280"),
    stitches=("M 56 286 Q 94 311 149 319",),
)

_LONG_SLEEVE: Final = Region(
    "M 192 143 Q 139 154 118 195 Q 74 325 41 525 Q 72 541 115 539 Q 151 397 192 298",
    pair=True,
    angle=12,
    folds=(
        "M 168 199 Q 132 253 127 316",
        "M 91 307 Q 120 327 142 330",
        "M 82 345 Q 115 368 132 366",
        "M 72 442 Q 86 478 82 514",
    ),
)

_RIBBED_CUFF: Final = Region(
    "M 41 514 Q 74 530 118 528 L 113 564 Q 74 566 38 552",
    Paint.DEEP,
    pair=True,
    seams=("M 55 521 L 53 555", "M 70 526 L 67 560", "M 85 528 L 83 563", "M 101 528 L 97 564"),
    reach=10,
)

_TORSO: Final = "L 187 145 Q 197 226 190 289 Q 180 442 178 586 Q 240 600 300 600"

_TORSO_FOLDS: Final = (
    "M 197 222 Q 223 246 262 251",
    "M 194 307 Q 226 352 214 415",
    "M 190 514 Q 228 523 254 561",
    "M 283 280 Q 271 388 281 478",
)

T_SHIRT: Final = Shape(
    "t-shirt",
    "crew",
    (
        _BACK_OF_NECK,
        _SHORT_SLEEVE,
        Region(
            f"M 300 170 Q 250 168 238 132 {_TORSO}",
            half=True,
            folds=_TORSO_FOLDS,
            stitches=("M 179 572 Q 240 586 300 586",),
            bands=(Band("M 300 167 Q 254 165 241 132", 11),),
        ),
    ),
)

V_NECK: Final = Shape(
    "t-shirt",
    "v-neck",
    (
        Region("M 300 125 Q 264 125 238 132 L 300 203", Paint.DEEP, half=True, edge=0.3, reach=12),
        _SHORT_SLEEVE,
        Region(
            f"M 300 222 L 235 132 {_TORSO}",
            half=True,
            folds=_TORSO_FOLDS,
            stitches=("M 179 572 Q 240 586 300 586",),
            bands=(Band("M 300 219 L 240 133", 10),),
        ),
    ),
)

TANK: Final = Shape(
    "t-shirt",
    "tank",
    (
        Region("M 300 163 Q 254 161 242 122 Q 254 190 300 192", Paint.DEEP, half=True, reach=10),
        Region(
            "M 300 213 Q 250 210 240 118 L 209 120 Q 211 210 180 253 Q 185 388 180 586 "
            "Q 240 600 300 600",
            half=True,
            folds=("M 197 271 Q 226 298 262 307", "M 192 388 Q 228 415 218 496", *_TORSO_FOLDS[2:]),
            stitches=("M 181 572 Q 240 586 300 586",),
            bands=(
                Band("M 300 211 Q 252 207 244 119", 7),
                Band("M 211 120 Q 214 210 184 251", 7),
            ),
        ),
    ),
)

_COLLAR: Final = Region(
    "M 300 165 Q 278 145 242 116 Q 228 127 221 145 Q 230 174 254 192 Q 276 181 300 165",
    Paint.MAIN,
    pair=True,
    angle=-30,
    stitches=("M 229 145 Q 238 170 256 184 Q 276 174 290 165",),
    edge=0.2,
    reach=12,
)

_COLLAR_STAND: Final = Region(
    "M 300 111 Q 266 109 242 116 Q 254 145 300 165", Paint.DEEP, half=True, edge=0.3, reach=10
)

_PLACKET: Final = Region(
    "M 286 165 L 314 165 L 314 600 L 286 600",
    stitches=("M 289 170 L 289 597", "M 311 170 L 311 597"),
    buttons=(Buttons(tuple((300, 186 + 65 * i) for i in range(7))),),
    edge=0.06,
    light=0.04,
    reach=8,
)

_BUTTONED_CUFF: Final = Region(
    "M 36 516 Q 74 532 120 530 L 115 570 Q 72 573 31 555",
    pair=True,
    angle=12,
    stitches=("M 38 523 Q 74 538 116 537", "M 36 549 Q 74 566 112 564"),
    buttons=(Buttons(((101, 550),), 3.6),),
    reach=12,
)

_SHIRT_FRONT: Final = Region(
    "M 300 165 Q 264 154 233 129 L 187 145 Q 197 226 190 289 Q 180 442 175 570 Q 187 611 254 611 "
    "Q 288 609 300 600",
    half=True,
    folds=(*_TORSO_FOLDS, "M 264 208 Q 254 280 262 334"),
    seams=("M 187 168 Q 228 161 271 177",),
    stitches=("M 179 563 Q 192 600 254 601 Q 288 600 300 591",),
)

_CHEST_POCKET: Final = Region(
    "M 336 255 L 403 255 L 403 305 L 370 318 L 336 305",
    stitches=("M 341 264 L 398 264", "M 341 258 L 341 303 L 370 314 L 398 303 L 398 258"),
    edge=0.08,
    reach=8,
)

SHIRT: Final = Shape(
    "shirt",
    "classic",
    (
        _COLLAR_STAND,
        _LONG_SLEEVE,
        _BUTTONED_CUFF,
        _SHIRT_FRONT,
        _PLACKET,
        _CHEST_POCKET,
        _COLLAR,
    ),
)

SHORT_SHIRT: Final = Shape(
    "shirt",
    "short-sleeve",
    (_COLLAR_STAND, _SHORT_SLEEVE, _SHIRT_FRONT, _PLACKET, _CHEST_POCKET, _COLLAR),
)

PUFF_BLOUSE: Final = Shape(
    "blouse",
    "puff-sleeve",
    (
        Region("M 300 145 Q 254 143 228 145 Q 254 194 300 195", Paint.DEEP, half=True, reach=12),
        Region(
            "M 197 147 Q 120 127 82 181 Q 41 253 70 312 Q 108 336 163 325 Q 197 280 194 235",
            pair=True,
            angle=20,
            folds=(
                "M 180 161 Q 120 181 108 298",
                "M 154 150 Q 84 190 86 289",
                "M 187 181 Q 156 226 142 307",
                "M 190 217 Q 175 262 163 307",
            ),
            fold_depth=0.22,
        ),
        Region(
            "M 65 300 Q 108 325 168 318 L 161 345 Q 108 354 62 327", Paint.BASE, pair=True, reach=9
        ),
        Region(
            "M 300 199 Q 245 195 228 145 L 194 147 Q 197 235 206 307 Q 218 352 211 388 "
            "Q 180 478 168 552 Q 240 570 300 570",
            half=True,
            folds=(
                "M 214 397 Q 197 469 190 541",
                "M 245 397 Q 235 478 228 550",
                "M 276 397 Q 276 478 271 559",
                "M 211 253 Q 240 307 238 361",
                "M 254 219 Q 262 280 257 352",
            ),
            seams=("M 210 390 Q 254 399 300 399",),
            stitches=("M 170 541 Q 240 559 300 559",),
            bands=(Band("M 300 196 Q 248 193 232 145", 8, Paint.BASE),),
        ),
    ),
)

BOW_BLOUSE: Final = Shape(
    "blouse",
    "bow",
    (
        Region("M 300 114 Q 262 113 242 123 Q 254 154 300 159", Paint.DEEP, half=True, reach=10),
        Region(
            "M 192 143 Q 132 150 110 199 Q 55 325 29 496 Q 72 532 139 519 Q 163 397 192 298",
            pair=True,
            angle=12,
            folds=(*_LONG_SLEEVE.folds, "M 60 451 Q 55 487 58 507", "M 120 442 Q 120 478 115 514"),
        ),
        Region("M 50 507 Q 82 523 120 518 L 115 550 Q 82 555 48 541", pair=True, reach=9),
        Region(
            f"M 300 163 Q 259 159 240 125 {_TORSO}",
            half=True,
            folds=(*_TORSO_FOLDS, "M 288 217 Q 254 307 250 433"),
            seams=("M 300 226 L 300 600",),
        ),
        Region(
            "M 300 161 Q 262 159 240 125 Q 235 116 242 111 Q 257 140 300 141",
            half=True,
            edge=0.2,
            reach=9,
        ),
        Region(
            "M 295 168 Q 254 222 235 307 Q 259 318 286 307 Q 300 235 310 176",
            folds=("M 295 186 Q 269 235 259 298",),
            reach=12,
        ),
        Region(
            "M 305 168 Q 336 226 343 325 Q 367 330 391 318 Q 367 226 314 168",
            folds=("M 314 186 Q 353 244 365 314",),
            reach=12,
        ),
        Region(
            "M 300 165 Q 240 129 197 152 Q 185 177 204 197 Q 254 203 300 172",
            pair=True,
            angle=-15,
            folds=("M 295 168 Q 254 163 218 172", "M 293 172 Q 254 181 228 188"),
            edge=0.22,
            reach=14,
        ),
        Region("M 283 154 Q 300 149 317 154 L 319 185 Q 300 190 281 185", edge=0.25, reach=10),
    ),
)

_KNIT_HEM: Final = Region(
    "M 300 584 Q 240 584 178 570 L 185 602 Q 240 617 300 617",
    Paint.DEEP,
    half=True,
    seams=tuple(f"M {x} 574 L {x} 616" for x in range(190, 300, 12)),
    reach=9,
)

SWEATER: Final = Shape(
    "sweater",
    "crew",
    (
        _BACK_OF_NECK,
        _LONG_SLEEVE,
        _RIBBED_CUFF,
        Region(
            f"M 300 170 Q 250 168 238 132 {_TORSO}",
            half=True,
            folds=_TORSO_FOLDS,
            fold_width=12,
            bands=(Band("M 300 168 Q 252 167 239 132", 18),),
        ),
        _KNIT_HEM,
    ),
)

TURTLENECK: Final = Shape(
    "sweater",
    "turtleneck",
    (
        _LONG_SLEEVE,
        _RIBBED_CUFF,
        Region(
            f"M 300 154 Q 264 154 242 136 {_TORSO}", half=True, folds=_TORSO_FOLDS, fold_width=12
        ),
        _KNIT_HEM,
        Region(
            "M 300 86 Q 259 86 242 95 Q 238 118 238 141 Q 264 159 300 159",
            Paint.MAIN,
            half=True,
            folds=("M 247 111 Q 276 123 300 123",),
            seams=("M 241 120 Q 271 132 300 132",),
            edge=0.2,
        ),
    ),
)

HOODIE: Final = Shape(
    "hoodie",
    "pullover",
    (
        Region(
            "M 300 69 Q 233 66 211 104 Q 199 136 223 161 L 300 190",
            half=True,
            edge=0.22,
            folds=("M 228 100 Q 221 127 238 150",),
        ),
        Region(
            "M 300 93 Q 254 93 242 118 Q 242 158 300 186", Paint.DEEP, half=True, edge=0.4, reach=26
        ),
        _LONG_SLEEVE,
        _RIBBED_CUFF,
        Region(
            "M 300 195 Q 254 181 223 145 L 187 145 Q 197 226 190 289 Q 180 442 178 586 "
            "Q 240 600 300 600",
            half=True,
            folds=_TORSO_FOLDS[:2],
            fold_width=12,
        ),
        _KNIT_HEM,
        Region(
            "M 300 406 L 235 406 Q 218 460 197 532 Q 197 555 204 559 L 300 563",
            half=True,
            stitches=("M 300 413 L 242 413 Q 226 465 206 532",),
            edge=0.12,
            reach=14,
        ),
        Region(
            "M 300 186 Q 254 168 240 120 Q 223 111 214 120 Q 211 168 300 213",
            half=True,
            edge=0.2,
            reach=10,
        ),
        Region(
            "M 278 186 L 278 188",
            bands=(
                Band("M 271 195 Q 264 244 269 298", 5, Paint.ACCENT),
                Band("M 329 195 Q 338 246 331 285", 5, Paint.ACCENT),
            ),
            outlined=False,
        ),
    ),
)

CARDIGAN: Final = Shape(
    "cardigan",
    "long",
    (
        Region("M 300 125 Q 264 125 238 132 L 290 307", Paint.DEEP, half=True, edge=0.3, reach=14),
        _LONG_SLEEVE,
        _RIBBED_CUFF,
        Region(
            "M 300 316 L 235 131 L 187 145 Q 197 226 190 289 Q 175 460 173 631 L 300 636",
            pair=True,
            folds=("M 197 222 Q 228 271 235 325", "M 192 388 Q 228 442 218 550"),
            fold_width=12,
            stitches=("M 199 496 L 266 496 L 266 568 L 199 568",),
            bands=(Band("M 300 633 L 300 318 L 235 132", 17),),
        ),
        Region(
            "M 288 316 L 288 318",
            outlined=False,
            buttons=(Buttons(tuple((300, 350 + 66 * i) for i in range(5)), 6),),
        ),
    ),
)

"""Shoes, seen from the side with the toe to the left."""

from __future__ import annotations

from typing import Final

from sample_wardrobe.shape import Band, Buttons, Paint, Region, Shape

SNEAKER: Final = Shape(
    "sneakers",
    "low",
    (
        Region(
            "M 366 296 Q 400 252 424 262 Q 440 276 444 300 "
            "Q 470 300 500 292 Q 514 320 510 352 L 400 360",
            Paint.DEEP,
            edge=0.3,
        ),
        Region(
            "M 92 462 Q 92 424 148 412 Q 226 400 282 372 Q 336 340 370 288 Q 386 284 398 300 "
            "Q 414 330 450 326 Q 484 320 506 288 Q 520 284 524 304 Q 528 400 522 468",
            shines=("M 130 432 Q 220 420 280 396",),
            folds=("M 250 390 Q 256 420 246 456", "M 226 402 Q 228 426 218 456"),
            seams=("M 372 330 Q 396 392 420 466",),
            stitches=("M 380 328 Q 404 390 428 462", "M 508 304 Q 470 350 410 344"),
        ),
        Region(
            "M 92 462 Q 92 424 148 412 Q 178 408 204 402 Q 236 424 232 466",
            Paint.BASE,
            seams=("M 208 406 Q 228 426 225 462",),
            shines=("M 122 438 Q 150 424 190 420",),
            edge=0.2,
        ),
        Region(
            "M 456 466 Q 470 400 456 330 Q 486 322 508 288 Q 522 284 524 304 Q 528 400 522 468",
            Paint.ACCENT,
            stitches=("M 464 462 Q 477 400 464 336",),
            edge=0.2,
        ),
        Region(
            "M 286 462 Q 330 430 352 380 L 384 394 Q 372 440 356 464",
            Paint.ACCENT,
            edge=0.15,
            reach=10,
        ),
        Region(
            "M 282 374 Q 336 340 372 288 Q 388 288 394 300 Q 372 352 304 396",
            Paint.BASE,
            bands=(
                Band("M 282 364 L 318 394", 7, Paint.RUBBER),
                Band("M 306 346 L 342 376", 7, Paint.RUBBER),
                Band("M 328 324 L 364 354", 7, Paint.RUBBER),
                Band("M 350 300 L 384 328", 7, Paint.RUBBER),
            ),
            reach=10,
        ),
        Region(
            "M 86 458 Q 200 472 320 468 Q 430 464 528 460 Q 536 480 526 506 Q 300 516 106 506 "
            "Q 84 500 86 458",
            Paint.RUBBER,
            seams=("M 90 478 Q 300 492 530 480",),
            edge=0.2,
            reach=12,
        ),
    ),
)

HIGH_TOP: Final = Shape(
    "sneakers",
    "high-top",
    (
        Region(
            "M 92 502 Q 92 464 148 452 Q 226 440 272 412 Q 330 370 352 300 Q 362 246 366 204 "
            "Q 430 222 512 204 Q 526 320 524 420 Q 526 470 522 508",
            folds=("M 250 430 Q 256 460 246 496", "M 372 330 Q 430 350 506 332"),
            stitches=(
                "M 372 216 Q 430 232 508 216",
                "M 512 230 L 516 500",
                "M 392 360 Q 414 440 428 502",
            ),
            seams=("M 384 360 Q 406 440 420 506",),
            buttons=(
                Buttons(((452, 300),), 24, Paint.RUBBER),
                Buttons(((452, 300),), 15, Paint.ACCENT),
            ),
        ),
        Region(
            "M 90 504 Q 90 464 148 452 Q 180 448 206 440 Q 236 464 234 506",
            Paint.RUBBER,
            edge=0.2,
            seams=("M 120 462 Q 128 484 124 504",),
        ),
        Region(
            "M 270 414 Q 330 370 354 300 Q 362 246 366 204 "
            "L 392 210 Q 392 300 372 352 Q 346 410 300 438",
            Paint.BASE,
            bands=tuple(
                Band(line, 7, Paint.RUBBER)
                for line in (
                    "M 276 402 L 318 430",
                    "M 304 378 L 348 404",
                    "M 326 350 L 372 370",
                    "M 342 318 L 388 332",
                    "M 352 284 L 396 294",
                    "M 358 250 L 400 256",
                )
            ),
            reach=10,
        ),
        Region(
            "M 84 500 Q 200 512 320 508 Q 430 506 528 502 Q 534 522 528 544 Q 300 552 104 544 "
            "Q 82 538 84 500",
            Paint.RUBBER,
            seams=("M 88 516 Q 300 528 530 518",),
            edge=0.2,
            reach=12,
        ),
    ),
)

PUMP: Final = Shape(
    "heels",
    "pump",
    (
        Region(
            "M 250 470 Q 330 402 400 330 Q 450 268 504 258 Q 496 300 470 330 L 380 420",
            Paint.TAN,
            edge=0.3,
        ),
        Region(
            "M 506 372 Q 512 460 498 560 L 484 560 Q 482 460 456 402",
            Paint.DEEP,
            shines=("M 496 400 Q 500 470 492 540",),
            edge=0.25,
            reach=9,
        ),
        Region(
            "M 84 546 Q 100 512 158 490 Q 210 472 236 458 Q 262 478 300 462 Q 396 420 442 330 "
            "Q 470 270 506 254 Q 530 290 522 352 Q 514 400 462 414 Q 400 430 340 500 "
            "Q 300 548 236 556 Q 140 562 84 546",
            shines=("M 130 524 Q 180 500 240 494", "M 500 290 Q 508 320 496 350"),
            seams=("M 430 352 Q 444 390 440 424",),
            fold_width=12,
            edge=0.24,
        ),
        Region(
            "M 84 546 Q 140 562 236 556 Q 280 550 312 528 Q 286 562 238 566 Q 130 570 86 556",
            Paint.INK,
            reach=5,
        ),
    ),
)

STRAPPY_HEEL: Final = Shape(
    "heels",
    "strappy",
    (
        Region(
            "M 510 400 L 520 556 L 476 556 L 452 424",
            Paint.DEEP,
            shines=("M 490 430 L 498 540",),
            edge=0.25,
            reach=12,
        ),
        Region(
            "M 88 544 Q 130 530 220 528 Q 300 520 360 460 Q 420 392 516 384 Q 522 404 514 418 "
            "Q 440 418 392 472 Q 330 552 236 556 Q 140 562 88 544",
            Paint.TAN,
            edge=0.24,
            reach=12,
        ),
        Region(
            "M 474 396 Q 464 330 480 282 Q 500 276 520 284 Q 532 340 518 410",
            shines=("M 498 300 Q 504 340 498 390",),
            edge=0.2,
            bands=(
                Band(
                    "M 500 294 Q 420 306 378 276 Q 372 254 396 252 Q 460 262 506 288",
                    12,
                    Paint.BASE,
                ),
            ),
        ),
        Region(
            "M 130 536 Q 150 470 214 452 L 236 472 Q 196 494 186 530",
            shines=("M 160 510 Q 178 478 214 466",),
            edge=0.2,
            reach=12,
        ),
        Region(
            "M 196 528 Q 216 470 276 446 L 296 470 Q 262 492 252 522",
            shines=("M 224 500 Q 244 474 276 460",),
            edge=0.2,
            reach=12,
        ),
        Region(
            "M 384 256 L 404 250 L 410 272 L 390 278",
            Paint.GOLD,
            holes=("M 390 260 L 400 257 L 403 269 L 394 272",),
            reach=4,
        ),
    ),
)

ANKLE_BOOT: Final = Shape(
    "boots",
    "ankle",
    (
        Region("M 430 500 L 524 494 L 518 556 L 440 556", Paint.INK, edge=0.25, reach=10),
        Region(
            "M 92 520 Q 92 478 150 462 Q 236 446 284 412 Q 336 372 344 300 Q 346 250 344 204 "
            "Q 420 220 508 204 Q 518 300 520 380 Q 530 440 526 508 Q 420 516 300 528 Q 180 540 96 532",
            shines=("M 130 490 Q 200 474 262 452", "M 486 240 Q 490 320 488 400"),
            folds=(
                "M 330 372 Q 380 398 440 392",
                "M 312 396 Q 360 424 420 424",
                "M 284 422 Q 300 450 292 490",
            ),
            stitches=("M 346 216 Q 420 232 508 216",),
            fold_width=12,
            edge=0.22,
        ),
        Region(
            "M 396 220 L 456 220 Q 452 300 438 372 L 410 372 Q 398 300 396 220",
            Paint.DEEP,
            seams=tuple(f"M {404 + i * 7} 226 L {411 + i * 3} 368" for i in range(7)),
            reach=9,
        ),
        Region(
            "M 90 522 Q 180 540 300 528 Q 380 520 432 514 "
            "L 434 532 Q 300 552 180 556 Q 96 558 88 548",
            Paint.INK,
            edge=0.2,
            reach=7,
        ),
    ),
)

TALL_BOOT: Final = Shape(
    "boots",
    "tall",
    (
        Region("M 440 668 L 524 662 L 516 728 L 450 728", Paint.INK, edge=0.25, reach=10),
        Region(
            "M 140 690 Q 140 652 190 636 Q 270 618 312 580 Q 352 536 350 440 Q 330 260 322 84 "
            "Q 420 102 524 84 Q 534 260 514 420 Q 508 520 520 590 Q 530 630 526 676 "
            "Q 440 684 340 696 Q 220 708 144 702",
            shines=("M 176 662 Q 230 648 290 622", "M 486 120 Q 492 280 478 420"),
            folds=(
                "M 352 520 Q 400 548 470 536",
                "M 340 556 Q 390 588 460 580",
                "M 350 470 Q 400 490 440 486",
            ),
            seams=("M 440 98 Q 444 300 436 560",),
            stitches=("M 324 98 Q 420 116 523 98",),
            bands=(Band("M 344 600 Q 420 620 516 600", 13, Paint.DEEP),),
            fold_width=13,
            edge=0.24,
        ),
        Region(
            "M 430 596 L 462 592 L 464 622 L 432 626",
            Paint.GOLD,
            holes=("M 438 602 L 456 600 L 457 615 L 439 617",),
            reach=4,
        ),
        Region(
            "M 138 692 Q 220 708 340 696 Q 400 690 442 682 "
            "L 444 700 Q 340 720 220 724 Q 144 726 136 716",
            Paint.INK,
            edge=0.2,
            reach=7,
        ),
    ),
)

SANDAL: Final = Shape(
    "sandals",
    "flat",
    (
        Region(
            "M 86 486 Q 130 470 230 474 Q 340 478 430 462 Q 500 452 526 470 Q 534 490 516 502 "
            "Q 420 506 330 512 Q 200 518 110 510 Q 84 504 86 486",
            Paint.TAN,
            seams=("M 88 494 Q 300 504 526 486",),
            edge=0.22,
            reach=10,
        ),
        Region(
            "M 450 462 Q 444 390 470 350 L 510 346 Q 532 400 520 468",
            Paint.BASE,
            shines=("M 492 366 Q 502 410 496 450",),
            edge=0.22,
            bands=(
                Band(
                    "M 492 362 Q 420 366 370 332 Q 380 314 404 320 Q 460 334 504 356",
                    15,
                    Paint.BASE,
                ),
            ),
        ),
        Region(
            "M 118 482 Q 150 408 214 396 Q 262 408 300 478 "
            "Q 270 484 252 478 Q 224 430 200 434 Q 176 446 168 482",
            stitches=("M 130 476 Q 156 418 214 405 Q 254 416 288 472",),
            shines=("M 150 446 Q 176 414 214 412",),
            edge=0.2,
            reach=12,
        ),
        Region(
            "M 280 478 Q 300 414 352 396 Q 392 408 416 466 "
            "Q 392 476 376 470 Q 356 430 342 436 Q 326 450 324 478",
            stitches=("M 292 472 Q 308 422 352 405 Q 384 416 404 464",),
            edge=0.2,
            reach=12,
        ),
        Region(
            "M 378 318 L 402 314 L 408 340 L 384 344",
            Paint.GOLD,
            holes=("M 385 323 L 397 321 L 401 334 L 389 337",),
            reach=4,
        ),
    ),
)

LOAFER: Final = Shape(
    "loafers",
    "penny",
    (
        Region("M 440 480 L 526 474 L 522 516 L 446 518", Paint.INK, edge=0.25, reach=8),
        Region(
            "M 270 400 Q 350 340 420 330 Q 480 330 512 318 L 510 380 L 330 440", Paint.TAN, edge=0.3
        ),
        Region(
            "M 90 474 Q 94 436 150 414 Q 220 392 268 384 Q 286 420 340 412 Q 440 396 508 310 "
            "Q 524 310 526 340 Q 532 420 526 486 Q 420 492 300 496 Q 170 500 92 490",
            shines=("M 470 380 Q 500 360 514 350", "M 126 448 Q 160 428 196 418"),
            stitches=("M 112 462 Q 140 430 250 412",),
            seams=("M 108 470 Q 136 438 252 420", "M 448 372 Q 462 430 456 486"),
            fold_width=12,
            edge=0.24,
        ),
        Region(
            "M 244 386 L 274 380 Q 300 420 352 410 L 366 442 Q 300 470 252 446 Q 236 416 244 386",
            Paint.DEEP,
            holes=("M 276 424 Q 296 438 322 430 L 326 438 Q 298 448 272 434",),
            stitches=("M 252 396 Q 244 418 258 438 Q 300 460 356 436",),
            edge=0.2,
            reach=8,
        ),
        Region(
            "M 88 478 Q 180 496 300 494 Q 380 492 444 484 "
            "L 446 502 Q 300 514 180 514 Q 98 514 86 504",
            Paint.INK,
            edge=0.2,
            reach=7,
        ),
    ),
)

SHAPES: Final = (SNEAKER, HIGH_TOP, PUMP, STRAPPY_HEEL, ANKLE_BOOT, TALL_BOOT, SANDAL, LOAFER)

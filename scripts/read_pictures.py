"""Runs folders of pictures through the reader: what is accepted, what is refused and why.

    python scripts/read_pictures.py FOLDER ... [--list] [--every-file] [--bound LEVELS]

Meant for the public test pictures of other projects (Pillow's, libtiff's, PngSuite ...), and for
anybody's own. They go through the program's decode processes, with their limits. What is accepted
is compared with what Qt makes of the same file, where Qt reads it: an average difference of more
than LEVELS of 256 is told. Nothing is written.

Ends with 1 when a decoder crashed or was stopped or thumbnails differ, with 2 when there is nothing to
read, otherwise with 0.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QPainter

from fashion_finder.domain import INPUT_SIDE, Pixels, PreparedPicture
from fashion_finder.errors import PictureTookTooLong
from fashion_finder.images.formats import is_picture_name
from fashion_finder.indexing.workers import DecodePool
from fashion_finder.ports import ReadTask
from fashion_finder.settings import usable_cores

BOUND = 6.0
"""Levels of 256: libraries differ by less in scaling and in rounding."""

QT_SECONDS = 20.0
_CELL = 7  # pixels that are averaged before thumbnails are compared
_LEAST_SIDE = 64  # of a picture that is compared: libraries enlarge differently
_SPAWN = multiprocessing.get_context("spawn")


@dataclass
class Report:
    """What became of the pictures."""

    accepted: int = 0
    cut_short: list[Path] = field(default_factory=list)
    refused: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    stopped: list[Path] = field(default_factory=list)  # the decoder was, or crashed
    compared: int = 0
    different: list[tuple[float, Path]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """For the shell."""
        return 1 if self.stopped or self.different else 0

    def lines(self, *, with_files: bool) -> Iterator[str]:
        """The report as text."""
        yield f"{self.accepted:6,} accepted, {self.compared:,} of them compared with Qt"
        yield from _listed(self.cut_short, "of them are cut short", with_files)
        for reason, paths in sorted(self.refused.items(), key=lambda each: -len(each[1])):
            yield from _listed(paths, f"refused: {reason}", with_files)
        if self.different:
            yield f"{len(self.different):6,} look different in Qt, by so many levels of 256"
            yield from (f"       {levels:5.1f}  {path}" for levels, path in sorted(self.different))


class QtProcess:
    """Qt's decoders in a process of their own, which a bad file may take down."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def thumbnail(self, path: Path) -> Pixels | None:
        """The picture on a white square of `INPUT_SIDE`; None when Qt does not read it."""
        if self._process is None or self._connection is None:
            self._connection, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_run_qt, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        try:
            self._connection.send(path)
            if self._connection.poll(QT_SECONDS):
                square: Pixels | None = self._connection.recv()
                return square
        except (EOFError, OSError):
            pass
        self.close()
        return None

    def close(self) -> None:
        """Stop the process."""
        if self._process is not None and self._connection is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def read_pictures(paths: Sequence[Path], bound: float = BOUND) -> Report:
    """Read them all. The order of a report's files is the order of their paths."""
    report = Report()
    pool, qt = DecodePool(usable_cores()), QtProcess()
    tasks = (ReadTask(number, path) for number, path in enumerate(paths))
    try:
        for outcome in pool.read_all(tasks):
            if outcome is None:  # none yet
                continue
            path = paths[outcome.key]
            if outcome.picture is not None:
                _accept(report, path, outcome.picture, qt.thumbnail(path), bound)
            elif outcome.error is not None:
                report.refused[_general(outcome.error.reason)].append(path)
                if isinstance(outcome.error, PictureTookTooLong):
                    report.stopped.append(path)
    finally:
        pool.close()
        qt.close()
    return report


def difference(one: Pixels, other: Pixels) -> float:
    """Mean difference of two squares of `INPUT_SIDE`, in levels, with fine detail averaged away."""
    side = INPUT_SIDE // _CELL
    cells = [
        square.reshape(side, _CELL, side, _CELL, 3).mean(axis=(1, 3)) for square in (one, other)
    ]
    return float(np.abs(cells[0] - cells[1]).mean())


def find_files(places: Sequence[Path], *, every_file: bool) -> list[Path]:
    """The pictures in folders, by their names, or every file; a file that is named is one."""
    found: set[Path] = set()
    for place in places:
        if place.is_file():
            found.add(place)
        for folder, _, names in os.walk(place):
            found.update(
                Path(folder, name) for name in names if every_file or is_picture_name(name)
            )
    return sorted(found)


def _accept(
    report: Report, path: Path, picture: PreparedPicture, seen: Pixels | None, bound: float
) -> None:
    report.accepted += 1
    if picture.cut_short:
        report.cut_short.append(path)
    elif seen is not None and max(picture.width, picture.height) >= _LEAST_SIDE:
        report.compared += 1
        levels = difference(picture.square, seen)
        if levels > bound:
            report.different.append((levels, path))


def _general(reason: str) -> str:
    """The reason without a file's own numbers, so that it can be counted."""
    return re.sub(r"\d+ x \d+", "N x N", reason)


def _listed(paths: Sequence[Path], title: str, with_files: bool) -> Iterator[str]:
    if paths:
        yield f"{len(paths):6,} {title}"
        if with_files:
            yield from (f"        {path}" for path in sorted(paths))


def _run_qt(connection: Connection) -> None:
    """Answer paths with thumbnails until the other end is closed."""
    try:
        while True:
            connection.send(_qt_thumbnail(connection.recv()))
    except (EOFError, OSError):
        pass


def _qt_thumbnail(path: Path) -> Pixels | None:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    image = reader.read()
    if image.isNull():
        return None
    image.setDevicePixelRatio(1)  # a name such as icon@3x.png sets another
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    fitted = image.scaled(
        INPUT_SIDE,
        INPUT_SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    square = QImage(INPUT_SIDE, INPUT_SIDE, QImage.Format.Format_RGB888)
    square.fill(Qt.GlobalColor.white)
    painter = QPainter(square)
    painter.drawImage(
        (INPUT_SIDE - fitted.width()) // 2, (INPUT_SIDE - fitted.height()) // 2, fitted
    )
    painter.end()
    stored = np.frombuffer(square.constBits(), np.uint8)
    return stored.reshape(INPUT_SIDE, square.bytesPerLine() // 3, 3)[:, :INPUT_SIDE].copy()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("places", nargs="+", type=Path, metavar="FOLDER", help="folders or files")
    parser.add_argument("--list", action="store_true", help="name the files that are refused")
    parser.add_argument(
        "--every-file", action="store_true", help="not only those named like pictures"
    )
    parser.add_argument("--bound", type=float, default=BOUND, metavar="LEVELS")
    options = parser.parse_args(arguments)
    paths = find_files(options.places, every_file=options.every_file)
    if not paths:
        print("There are no pictures there.", file=sys.stderr)
        return 2
    report = read_pictures(paths, options.bound)
    for line in report.lines(with_files=options.list):
        print(line)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())

"""The program's icon as files, in the sizes and formats that desktops ask for."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from fashion_finder.ui.kit.icons import APP_ICON

LINUX_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
MAC_SIZES = (32, 64, 128, 256, 512, 1024)
NAME = "fashion-finder"


def write_linux(share: Path) -> list[Path]:
    """Below `share`, as the icon theme specification wants it."""
    theme = share / "icons" / "hicolor"
    written = []
    for size in LINUX_SIZES:
        path = theme / f"{size}x{size}" / "apps" / f"{NAME}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(size))
        written.append(path)
    scalable = theme / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(APP_ICON, scalable)
    return [*written, scalable]


def write_windows(path: Path) -> None:
    """One .ico with all sizes, each drawn for itself."""
    pictures = [_picture(size) for size in WINDOWS_SIZES]
    path.parent.mkdir(parents=True, exist_ok=True)
    sizes = [(size, size) for size in WINDOWS_SIZES]
    pictures[-1].save(path, "ICO", sizes=sizes, append_images=pictures[:-1])


def write_mac(path: Path) -> None:
    """One .icns with all sizes."""
    pictures = [_picture(size) for size in MAC_SIZES]
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures[-1].save(path, "ICNS", append_images=pictures[:-1])


def png(size: int) -> bytes:
    """The icon as PNG, `size` pixels square."""
    _need_qt()
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(APP_ICON)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # only str works
    return bytes(buffer.data().data())


def _picture(size: int) -> Image.Image:
    return Image.open(io.BytesIO(png(size))).convert("RGBA")


def _need_qt() -> None:
    """Painting needs an application, and no screen.

    A full one: whoever shows windows later in the same process could not make another.
    """
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _keep.append(QApplication([]))


_keep: list[QGuiApplication] = []

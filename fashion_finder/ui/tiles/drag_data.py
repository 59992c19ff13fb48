"""Answers on their way out: what a drag and the clipboard carry."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QDrag, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from fashion_finder.domain import Match
from fashion_finder.ui.kit import desktop, labels
from fashion_finder.ui.tiles.grid_layout import fitted
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

GTK_COPIED = "x-special/gnome-copied-files"
KDE_CUT = "application/x-kde-cutselection"
CARRIED_SIDE = 96  # logical pixels of what hangs at the mouse
FANNED = 3  # pictures of a pile that are seen
FAN = 10.0  # how far each looks out from behind the one above


def files_of(matches: Sequence[Match]) -> QMimeData:
    """The files of these matches, as links: each one's own file, not its copies."""
    mime = QMimeData()
    mime.setUrls([desktop.url_of(match.path) for match in matches])
    return mime


def copy_of(matches: Sequence[Match], text: str) -> QMimeData:
    """The same for the clipboard, with words for programs that know no files.

    File managers of GTK desktops paste only what is marked as copied or cut in a format of their
    own; KDE's takes the links, and looks for a mark that they were cut.
    """
    mime = files_of(matches)
    links = [bytes(url.toEncoded().data()) for url in mime.urls()]
    mime.setText(text)
    mime.setData(GTK_COPIED, QByteArray(b"\n".join([b"copy", *links])))
    mime.setData(KDE_CUT, QByteArray(b"0"))
    return mime


def drag_of(matches: Sequence[Match], loader: ThumbnailLoader, source: QWidget) -> QDrag:
    """A drag of these matches' files, with their pictures hanging at the mouse."""
    drag = QDrag(source)
    drag.setMimeData(files_of(matches))
    ratio = source.devicePixelRatioF()
    pictures = [loader.picture(match, round(CARRIED_SIDE * ratio)) for match in matches[:FANNED]]
    drag.setPixmap(
        pile([picture for picture in pictures if picture is not None], len(matches), source, ratio)
    )
    drag.setHotSpot(QPointF(CARRIED_SIDE / 2, CARRIED_SIDE / 2).toPoint())
    return drag


def pile(pictures: Sequence[QPixmap], count: int, dressed: QWidget, ratio: float) -> QPixmap:
    """Pictures on a pile, the first on top, and how many there are."""
    side = CARRIED_SIDE + FAN * (FANNED - 1)
    result = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    palette = dressed.palette()
    for depth, picture in reversed(list(enumerate(pictures))):
        area = QRectF(depth * FAN, depth * FAN, CARRIED_SIDE, CARRIED_SIDE)
        target = fitted(picture.size(), area)
        clip = QPainterPath()
        clip.addRoundedRect(target, 6, 6)
        painter.save()
        painter.setClipPath(clip)
        painter.drawPixmap(target, picture, QRectF(picture.rect()))
        painter.restore()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Dark), 1))
        painter.drawPath(clip)
    if count > 1:
        _paint_count(painter, palette, count, dressed)
    painter.end()
    return result


def _paint_count(painter: QPainter, palette: QPalette, count: int, dressed: QWidget) -> None:
    text = labels.number_label(count)
    metrics = dressed.fontMetrics()
    width = max(metrics.height() + 6, metrics.horizontalAdvance(text) + 14)
    badge = QRectF(4, 4, width, metrics.height() + 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Accent))
    painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
    painter.setPen(QColor(palette.color(QPalette.ColorRole.HighlightedText)))
    painter.setFont(dressed.font())
    painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), text)

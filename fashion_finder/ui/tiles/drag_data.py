"""What a drag and the clipboard carry of matches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QDrag, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from fashion_finder.domain import Match
from fashion_finder.ui.kit import desktop, labels
from fashion_finder.ui.tiles.painting import paint_picture
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

GTK_COPIED = "x-special/gnome-copied-files"
KDE_CUT = "application/x-kde-cutselection"
CARRIED_SIDE = 96  # logical pixels of a picture that is dragged
FANNED = 3  # pictures of a pile that are drawn
FAN = 10.0  # logical pixels by which each juts out from behind the one above


def file_links(matches: Sequence[Match]) -> QMimeData:
    """Links to the files of these matches, without their copies."""
    mime = QMimeData()
    mime.setUrls([desktop.url_of(match.path) for match in matches])
    return mime


def copy_of(matches: Sequence[Match], text: str) -> QMimeData:
    """The same for the clipboard, with text for programs that do not accept files.

    File managers of GTK desktops paste only what a format of their own marks as copied or cut;
    KDE's accepts the links, and looks for a mark that they were cut.
    """
    mime = file_links(matches)
    links = [bytes(url.toEncoded().data()) for url in mime.urls()]
    mime.setText(text)
    mime.setData(GTK_COPIED, QByteArray(b"\n".join([b"copy", *links])))
    mime.setData(KDE_CUT, QByteArray(b"0"))
    return mime


def drag_of(matches: Sequence[Match], loader: ThumbnailLoader, source: QWidget) -> QDrag:
    """A drag of these matches' files, with a pile of their pictures at the mouse."""
    drag = QDrag(source)
    drag.setMimeData(file_links(matches))
    ratio = source.devicePixelRatioF()
    pictures = [loader.picture(match, round(CARRIED_SIDE * ratio)) for match in matches[:FANNED]]
    loaded = [picture for picture in pictures if picture is not None]
    drag.setPixmap(pile(loaded, len(matches), source, ratio))
    drag.setHotSpot(QPointF(CARRIED_SIDE / 2, CARRIED_SIDE / 2).toPoint())
    return drag


def pile(pictures: Sequence[QPixmap], count: int, widget: QWidget, ratio: float) -> QPixmap:
    """Pictures in a pile, the first on top, with their number in the widget's font and colours."""
    side = CARRIED_SIDE + FAN * (FANNED - 1)
    result = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    palette = widget.palette()
    for depth, picture in reversed(list(enumerate(pictures))):
        area = QRectF(depth * FAN, depth * FAN, CARRIED_SIDE, CARRIED_SIDE)
        outline = paint_picture(painter, picture, area, 6)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Dark), 1))
        painter.drawPath(outline)
    if count > 1:
        text = labels.number_label(count)
        metrics = widget.fontMetrics()
        width = max(metrics.height() + 6, metrics.horizontalAdvance(text) + 14)
        badge = QRectF(4, 4, width, metrics.height() + 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Accent))
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
        painter.setFont(widget.font())
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    return result

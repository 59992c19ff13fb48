"""Paints a match: its picture, its name, and how close it is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.tiles.grid_layout import GUTTER, PADDING
from fashion_finder.ui.tiles.match_model import CAPTION_ROLE, DIVIDER_ROLE, MATCH_ROLE, Index
from fashion_finder.ui.tiles.painting import paint_absence, paint_badge, paint_picture
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

RADIUS = 12.0
PICTURE_RADIUS = 6.0
MISSING_GLYPH = 48.0
BADGE_INSET = 6  # of the offline badge, from the corner of the picture
BADGE_PADDING = 8  # left and right of its word
METER_BAR = QSize(5, 11)
METER_GAP = 3
METER_WIDTH = 3 * METER_BAR.width() + 2 * METER_GAP
BESIDE_METER = 8  # between the meter and its word


class MatchDelegate(QStyledItemDelegate):
    """Draws each match as a card, in the palette of its view."""

    def __init__(self, loader: ThumbnailLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self.cell = QSize(200, 240)
        self.row_width = 600  # of a divider, which has a row to itself
        self.sharp_wanted = True  # whether to read the photo where its thumbnail is too small
        self.painted: set[ContentId] = set()  # pictures that have been on the screen

    def caption_height(self, font: QFont) -> int:
        """Height of the two lines under a picture."""
        return QFontMetrics(font).height() + QFontMetrics(_second(font)).height() + 4 + PADDING

    def words_width(self, font: QFont) -> int:
        """Width of the longest word of closeness and the meter before it."""
        metrics = QFontMetrics(_second(font))
        words = (labels.closeness_label(closeness) for closeness in Closeness)
        return METER_WIDTH + BESIDE_METER + max(map(metrics.horizontalAdvance, words))

    def divider_height(self, font: QFont) -> int:
        """Height of a divider: its words and some space."""
        return QFontMetrics(font).height() + 2 * GUTTER

    def resize_cells(self, cell: QSize, row_width: int) -> None:
        """Draw every match into a cell of this size, and a divider into a row of this width."""
        if (cell, row_width) == (self.cell, self.row_width):
            return
        self.cell = cell
        self.row_width = row_width
        self.sizeHintChanged.emit(QModelIndex())

    def badge_area(self, cell: QRect, match: Match, font: QFont) -> QRect:
        """The rectangle of the copies badge in a cell; empty for a single file."""
        if match.file_count == 1:
            return QRect()
        metrics = QFontMetrics(_second(font))
        picture = self._picture_area(cell, font)
        width = metrics.horizontalAdvance(labels.copies_label(match.file_count)) + 18
        area = QRect(0, 0, min(width, picture.width()), metrics.height() + 8)
        area.moveBottomRight(picture.bottomRight())
        return area

    def _picture_area(self, cell: QRect, font: QFont) -> QRect:
        return _inner(cell).adjusted(0, 0, 0, -self.caption_height(font))

    def _paint_divider(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        """Draw the words, and a line from them to the end of the row."""
        area = option.rect.adjusted(GUTTER // 2, GUTTER // 2, -GUTTER // 2, 0)
        metrics = QFontMetrics(option.font)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(area, int(left | Qt.TextFlag.TextSingleLine), text)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Dark), 1))
        begin = area.left() + metrics.horizontalAdvance(text) + GUTTER
        if begin < area.right():
            painter.drawLine(begin, area.center().y(), area.right(), area.center().y())

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, card: QRectF) -> None:
        palette, state, flag = option.palette, option.state, QStyle.StateFlag
        # Focus without a selection shows only once the keyboard is used.
        shows_focus = state & (flag.State_Selected | flag.State_KeyboardFocusChange)
        is_focused = bool(state & flag.State_HasFocus and shows_focus)
        edge = QPalette.ColorRole.Mid
        if is_focused or state & flag.State_Selected:
            edge = QPalette.ColorRole.Accent
        elif state & flag.State_MouseOver:
            edge = QPalette.ColorRole.Dark
        width = 2.5 if is_focused else 1.0
        painter.setPen(QPen(palette.color(edge), width))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        inset = width / 2
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)

    def _paint_picture(
        self, painter: QPainter, option: QStyleOptionViewItem, match: Match, area: QRectF
    ) -> None:
        ratio = painter.device().devicePixelRatio()
        side = round(max(area.width(), area.height()) * ratio)
        pixmap = self._loader.picture(match, side, sharp_wanted=self.sharp_wanted)
        if pixmap is not None:
            paint_picture(painter, pixmap, area, PICTURE_RADIUS)
            self.painted.add(match.content)
        else:
            glyph_side = MISSING_GLYPH if self._loader.is_missing(match) else 0
            paint_absence(painter, option.palette, area, PICTURE_RADIUS, glyph_side)

    def _paint_caption(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        match: Match,
        area: QRect,
        caption: str | None,
    ) -> None:
        palette = option.palette
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetrics(option.font)
        name = metrics.elidedText(
            labels.file_label(match.path), Qt.TextElideMode.ElideMiddle, area.width()
        )
        first = QRect(area.left(), area.top(), area.width(), metrics.height())
        painter.setFont(option.font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(first, int(left | Qt.TextFlag.TextSingleLine), name)

        small = _second(option.font)
        metrics = QFontMetrics(small)
        second = QRect(area.left(), first.bottom() + 5, area.width(), metrics.height())
        painter.setFont(small)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        if caption is not None:
            text = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, second.width())
            painter.drawText(second, int(left | Qt.TextFlag.TextSingleLine), text)
            return
        if match.closeness.word is None:
            return
        text, has_meter = closeness_line(match.closeness, second.width(), small)
        if has_meter:
            self._paint_meter(painter, palette, match, second)
            second.setLeft(second.left() + METER_WIDTH + BESIDE_METER)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(second, int(left | Qt.TextFlag.TextSingleLine), text)

    def _paint_meter(self, painter: QPainter, palette: QPalette, match: Match, line: QRect) -> None:
        """Draw three bars; the closer the match, the more of them filled."""
        filled = labels.closeness_steps(match.closeness)
        top = line.top() + (line.height() - METER_BAR.height()) / 2
        for step in range(3):
            bar = QRectF(
                line.left() + step * (METER_BAR.width() + METER_GAP) + 0.5,
                top + 0.5,
                METER_BAR.width() - 1,
                METER_BAR.height() - 1,
            )
            is_filled = step < filled
            role = QPalette.ColorRole.Accent if is_filled else QPalette.ColorRole.Dark
            painter.setPen(QPen(palette.color(role), 1))
            painter.setBrush(palette.color(role) if is_filled else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(bar, 1.5, 1.5)

    # Qt overrides

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one match into its cell, or a divider into its row."""
        match = index.data(MATCH_ROLE)
        if not isinstance(match, Match):
            painter.save()
            self._paint_divider(painter, option, str(index.data(DIVIDER_ROLE)))
            painter.restore()
            return
        inner = _inner(option.rect)
        card = inner.adjusted(-PADDING, -PADDING, PADDING, PADDING)
        picture = self._picture_area(option.rect, option.font)
        caption = inner.adjusted(0, picture.height() + PADDING, 0, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_card(painter, option, QRectF(card))
        self._paint_picture(painter, option, match, QRectF(picture))
        if match.offline:
            paint_offline_badge(painter, option.palette, option.font, QRectF(picture))
        badge = self.badge_area(option.rect, match, option.font)
        if not badge.isEmpty():  # a button in all but name: the grid listens for clicks on it
            painter.setFont(_second(option.font))
            paint_badge(
                painter, option.palette, QRectF(badge), labels.copies_label(match.file_count)
            )
        self._paint_caption(painter, option, match, caption, index.data(CAPTION_ROLE))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cells have one size; a divider fills a row."""
        if index.data(DIVIDER_ROLE) is not None:
            return QSize(self.row_width, self.divider_height(option.font))
        return self.cell


def paint_offline_badge(painter: QPainter, palette: QPalette, font: QFont, picture: QRectF) -> None:
    """Draw the badge into the upper left corner of a picture, unless the picture is too small."""
    painter.setFont(scaled(font, 0.85, QFont.Weight.DemiBold))
    metrics, text = painter.fontMetrics(), labels.offline_label()
    width = metrics.horizontalAdvance(text) + 2 * BADGE_PADDING
    badge = QRectF(0, 0, width, metrics.height() + 6)
    badge.moveTopLeft(picture.topLeft() + QPointF(BADGE_INSET, BADGE_INSET))
    if badge.width() <= picture.width() and badge.height() <= picture.height():
        paint_badge(painter, palette, badge, text)


def closeness_line(closeness: Closeness, room: int, font: QFont) -> tuple[str, bool]:
    """The word for a line of this width, and whether the meter fits before it."""
    metrics, word = QFontMetrics(font), labels.closeness_label(closeness)
    spare = room - metrics.horizontalAdvance(word)
    if spare >= 0:
        return word, spare >= METER_WIDTH + BESIDE_METER
    return metrics.elidedText(word, Qt.TextElideMode.ElideRight, room), False


def _inner(cell: QRect) -> QRect:
    """The cell without its card's border and padding."""
    edge = GUTTER // 2 + PADDING
    return cell.adjusted(edge, edge, -edge, -edge)


def _second(font: QFont) -> QFont:
    return scaled(font, 0.92)

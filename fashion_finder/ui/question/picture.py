"""The question's picture, with the crop box on it and an eyedropper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QLabel, QSizePolicy

from fashion_finder.domain import Region
from fashion_finder.ui.kit import icons
from fashion_finder.ui.question.crop_geometry import HANDLES, WHOLE, Drag, Grip, dragged, rounded
from fashion_finder.ui.tiles.grid_layout import fitted

RADIUS = 10.0  # of the picture's corners, logical pixels
HANDLE = 9.0  # side of a handle, logical pixels
REACH = 12.0  # how far from a handle the mouse still takes hold of it, logical pixels
STEP, FINE_STEP = 0.02, 0.005  # of the picture's sides, per key press
AVERAGED = 2  # pixels on each side of the one under the eyedropper: cloth has a texture

_VEIL = QColor(0, 0, 0, 140)
_DARK, _LIGHT = QColor(0, 0, 0, 215), QColor(255, 255, 255)

_CURSORS = {
    Grip.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Grip.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Grip.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Grip.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
}
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class QuestionPicture(QLabel):
    """A picture as large as fits, and the crop box on it.

    Dragging draws a box, or moves or resizes the present one. With the keyboard: arrow keys move,
    Shift and arrow keys resize, Ctrl makes the steps small. A label, so that screen readers
    announce a graphic.
    """

    region_changed = Signal(object)  # Region | None, by the user; at every step while dragging
    colour_picked = Signal(tuple)  # Rgb

    def __init__(self) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self._image = QImage()  # the same, for the eyedropper
        self._is_dimmed = False
        self._region: Region | None = None
        self._drag: Drag | None = None  # while the mouse is down
        self._is_picking = False
        self._spot = QPointF(0.5, 0.5)  # where the eyedropper is, as shares of the picture
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Your picture"))
        self.setAccessibleDescription(
            self.tr(
                "Drag to search with part of the picture. Arrow keys move the box, "
                "Shift+arrow keys resize it, Escape restores the whole picture."
            )
        )

    @property
    def region(self) -> Region | None:
        """The region that is searched with; None for the whole picture."""
        return self._region

    @property
    def is_picking(self) -> bool:
        """Whether the next click picks a colour."""
        return self._is_picking

    def show_picture(self, image: QImage | None) -> None:
        """Replace the picture; None shows that there is none."""
        self._is_dimmed = False
        self._image = QImage() if image is None else image
        self._pixmap = None if image is None else QPixmap.fromImage(image)
        if image is None:
            self.stop_picking()
        self.setPixmap(self._pixmap or QPixmap())
        focus = Qt.FocusPolicy
        self.setFocusPolicy(focus.StrongFocus if self._pixmap else focus.NoFocus)
        self.updateGeometry()
        self.update()

    def dim(self) -> None:
        """Dim the picture while another one is loading."""
        self._is_dimmed = True
        self._drag = None
        self.stop_picking()
        self.update()

    def show_region(self, region: Region | None) -> None:
        """Draw the box without emitting `region_changed`."""
        if region != self._region:
            self._region = region
            self._drag = None
            self.update()

    @Slot()
    def reset_region(self) -> None:
        """Return to the whole picture."""
        self._drag = None
        self._change(None)

    @Slot()
    def start_picking(self) -> None:
        """Let the next click, or Enter, pick a colour from the picture."""
        if self._pixmap is None:
            return
        self._is_picking = True
        self._spot = QPointF(0.5, 0.5)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    @Slot()
    def stop_picking(self) -> None:
        """Put the eyedropper away."""
        if self._is_picking:
            self._is_picking = False
            self.unsetCursor()
            self.update()

    @Slot()
    def cancel(self) -> None:
        """Put the eyedropper away, or else return to the whole picture."""
        if self._is_picking:
            self.stop_picking()
        else:
            self.reset_region()

    # ------------------------------------------------------------ geometry

    def target(self) -> QRectF:
        """Where the picture is drawn."""
        if self._pixmap is None:
            return QRectF(self.rect())
        target = fitted(self._pixmap.size(), QRectF(self.rect()))
        target.moveTop(0.0)
        return target

    def _share(self, position: QPointF) -> QPointF:
        """A position on the widget as shares of the picture's sides."""
        target = self.target()
        offset = position - target.topLeft()
        return QPointF(
            offset.x() / max(1.0, target.width()), offset.y() / max(1.0, target.height())
        )

    def _position(self, x: float, y: float) -> QPointF:
        """The inverse of `_share`."""
        target = self.target()
        return target.topLeft() + QPointF(x * target.width(), y * target.height())

    def box(self) -> QRectF:
        """Where the box is drawn; the whole picture when there is none."""
        region = self._region or WHOLE
        return QRectF(
            self._position(region.left, region.top), self._position(region.right, region.bottom)
        )

    def _grip_at(self, position: QPointF) -> Grip | None:
        if self._region is None:
            return None
        box = self.box()
        distances = {grip: _distance(_handle(box, grip).center(), position) for grip in HANDLES}
        nearest = min(HANDLES, key=distances.__getitem__)
        if distances[nearest] <= REACH:
            return nearest
        if not box.contains(position):
            return None
        for grip, distance in (
            (Grip.LEFT, position.x() - box.left()),
            (Grip.RIGHT, box.right() - position.x()),
            (Grip.TOP, position.y() - box.top()),
            (Grip.BOTTOM, box.bottom() - position.y()),
        ):
            if distance <= REACH / 2:
                return grip
        return Grip.INSIDE

    # ------------------------------------------------------------ box and eyedropper

    def _change(self, region: Region | None) -> None:
        if region is not None:
            region = rounded(region)
        if region != self._region:
            self._region = region
            self.update()
            self.region_changed.emit(region)

    def _pick(self) -> None:
        """Pick the mean colour of the few pixels around the eyedropper."""
        bounds = self._image.rect()
        x = min(int(self._spot.x() * bounds.width()), bounds.right())
        y = min(int(self._spot.y() * bounds.height()), bounds.bottom())
        side = 2 * AVERAGED + 1
        around = QRect(x - AVERAGED, y - AVERAGED, side, side).intersected(bounds)
        mean = self._image.copy(around).scaled(
            1, 1, mode=Qt.TransformationMode.SmoothTransformation
        )
        colour = mean.pixelColor(0, 0)
        self.stop_picking()
        self.colour_picked.emit((colour.red(), colour.green(), colour.blue()))

    def _move_eyedropper(self, to: QPointF) -> None:
        self._spot = QPointF(min(max(to.x(), 0.0), 1.0), min(max(to.y(), 0.0), 1.0))
        self.update()

    def _press_picking_key(self, key: int, step: float) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick()
        elif key in _KEYS:
            across, down = _KEYS[Qt.Key(key)]
            self._move_eyedropper(self._spot + QPointF(across * step, down * step))
        else:
            return False
        return True

    def _press_box_key(self, key: int, step: float, *, resize: bool) -> bool:
        if key not in _KEYS:
            return False
        across, down = _KEYS[Qt.Key(key)]
        grip = Grip.BOTTOM_RIGHT if resize else Grip.INSIDE
        self._change(dragged(self._region or WHOLE, grip, across * step, down * step))
        return True

    # ------------------------------------------------------------ painting

    def _paint_no_picture(self, painter: QPainter) -> None:
        """An empty frame with a glyph in its middle."""
        palette, area = self.palette(), QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        glyph = QRectF(0, 0, 56, 56)
        glyph.moveCenter(area.center())
        colour = palette.color(QPalette.ColorRole.Dark)
        icons.paint_glyph(painter, icons.Glyph.NO_PICTURE, colour, glyph)

    def _paint_picture(self, painter: QPainter, pixmap: QPixmap) -> None:
        """The picture, with rounded corners."""
        target, clip = self.target(), QPainterPath()
        clip.addRoundedRect(target, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(clip)
        painter.setOpacity(0.45 if self._is_dimmed else 1.0)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        painter.restore()

    def _paint_box(self, painter: QPainter) -> None:
        """The region bright in a darkened picture, with eight handles."""
        box, veil, hole = self.box(), QPainterPath(), QPainterPath()
        veil.addRoundedRect(self.target(), RADIUS, RADIUS)
        hole.addRect(box)
        painter.fillPath(veil - hole, _VEIL)
        _paint_twice(painter, lambda: painter.drawRect(box))
        painter.setPen(QPen(_DARK, 1))
        accent = self.palette().color(QPalette.ColorRole.Accent)
        painter.setBrush(accent if self.hasFocus() else _LIGHT)
        for grip in HANDLES:
            painter.drawRect(_handle(box, grip))

    def _paint_focus(self, painter: QPainter) -> None:
        """A ring around the whole picture, in two colours: one of them contrasts with it."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        roles = QPalette.ColorRole
        for role, inset in ((roles.HighlightedText, 3.0), (roles.Accent, 1.5)):
            painter.setPen(QPen(self.palette().color(role), 3))
            ring = self.target().adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(ring, RADIUS, RADIUS)

    # Qt overrides

    def hasHeightForWidth(self) -> bool:
        """The picture keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As tall as the picture, within reason."""
        if self._pixmap is None or self._pixmap.width() == 0:
            return round(width * 0.8)
        tall = width * self._pixmap.height() / self._pixmap.width()
        return round(min(tall, width * 1.4))

    def sizeHint(self) -> QSize:
        """The picture at a comfortable width."""
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        """Small enough for low windows."""
        return QSize(120, 130)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the box, begin another, or pick a colour."""
        if self._pixmap is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        event.accept()
        share = self._share(event.position())
        if self._is_picking:
            self._move_eyedropper(share)
            self._pick()
            return
        grip = self._grip_at(event.position())
        held = None if self._region is None or grip is None else (self._region, grip)
        self._drag = Drag(share.x(), share.y(), held)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the box or the eyedropper, or show what could be dragged."""
        share = self._share(event.position())
        if self._is_picking:
            self._move_eyedropper(share)
        elif self._drag is None:
            grip = self._grip_at(event.position())
            cross = Qt.CursorShape.CrossCursor
            self.setCursor(cross if grip is None else _CURSORS[grip])
        else:
            moved = _distance(self._position(self._drag.x, self._drag.y), event.position())
            # A hand that trembles at a click draws no box.
            if self._drag.held or self._region or moved > REACH / 2:
                self._change(self._drag.box_at(share.x(), share.y()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self._drag = None
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move or resize the box; move the eyedropper or pick the colour under it."""
        modifiers, modifier = event.modifiers(), Qt.KeyboardModifier
        step = FINE_STEP if modifiers & modifier.ControlModifier else STEP
        is_handled = False
        if self._pixmap is not None and not modifiers & modifier.AltModifier:
            if self._is_picking:
                is_handled = self._press_picking_key(event.key(), step)
            else:
                resize = bool(modifiers & modifier.ShiftModifier)
                is_handled = self._press_box_key(event.key(), step, resize=resize)
        event.setAccepted(is_handled)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture with its box, or the sign for no picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._pixmap is None:
            self._paint_no_picture(painter)
            return
        self._paint_picture(painter, self._pixmap)
        if self._region is not None:
            self._paint_box(painter)
        elif self.hasFocus():
            self._paint_focus(painter)
        if self._is_picking:
            spot = self._position(self._spot.x(), self._spot.y())
            _paint_twice(painter, lambda: painter.drawEllipse(spot, 8, 8))


def _handle(box: QRectF, grip: Grip) -> QRectF:
    """Where a handle is drawn: just inside the box, so that the widget's edge cuts none off."""
    side, rise = grip.value
    handle = QRectF(0, 0, HANDLE, HANDLE)
    reach_x, reach_y = (max(0.0, (size - HANDLE) / 2) for size in (box.width(), box.height()))
    handle.moveCenter(box.center() + QPointF(side * reach_x, rise * reach_y))
    return handle


def _paint_twice(painter: QPainter, draw: Callable[[], None]) -> None:
    """An outline, dark and then light: one of the two contrasts with any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_DARK, 4.0), (_LIGHT, 2.0)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        draw()


def _distance(start: QPointF, end: QPointF) -> float:
    return float((end - start).manhattanLength())

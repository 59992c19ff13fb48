"""The question's picture, with the box that says which part of it is meant, and an eyedropper."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from fashion_finder.domain import Region
from fashion_finder.ui.question.crop_geometry import (
    HANDLES,
    WHOLE,
    Drag,
    Grip,
    dragged,
    rounded,
)
from fashion_finder.ui.question.crop_painting import (
    handle,
    paint_box,
    paint_eyedropper,
    paint_focus,
    paint_no_picture,
    paint_picture,
)
from fashion_finder.ui.tiles.grid_layout import fitted

REACH = 12.0  # how far from an edge the mouse holds it
STEP, FINE_STEP = 0.02, 0.005  # of the picture's sides, per key press
AVERAGED = 2  # pixels around the one under the eyedropper: cloth has a texture

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
    """A picture as large as fits, and the crop box on it, which it owns while it is dragged.

    Dragging draws a box, or moves and resizes the one there is. With the keyboard: arrows move,
    Shift and arrows resize, Ctrl makes the steps small, Escape returns to the whole. It is a label,
    so that screen readers are told of a graphic.
    """

    region_changed = Signal(object)  # Region | None, by the user; at every step while dragging
    colour_picked = Signal(tuple)  # Rgb

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._image = QImage()  # the same, for the eyedropper
        self._dimmed = False
        self._region: Region | None = None
        self._drag: Drag | None = None  # while the mouse is down
        self._is_picking = False
        self._spot = QPointF(0.5, 0.5)  # where the eyedropper is
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
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
        """The part that is meant; None for the whole."""
        return self._region

    @property
    def is_picking(self) -> bool:
        """Whether the next click takes a colour."""
        return self._is_picking

    def show_picture(self, image: QImage | None) -> None:
        """Replace the picture; None for none."""
        self._dimmed = False
        self._image = QImage() if image is None else image
        self._pixmap = None if image is None else QPixmap.fromImage(image)
        if image is None:
            self._region = None
            self.stop_picking()
        self.setPixmap(self._pixmap or QPixmap())
        has = Qt.FocusPolicy.StrongFocus if self._pixmap else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(has)
        self.updateGeometry()
        self.update()

    def dim(self) -> None:
        """Step back while another picture is on its way."""
        self._dimmed = True
        self._drag = None
        self.stop_picking()
        self.update()

    def show_region(self, region: Region | None) -> None:
        """Draw the box there without `region_changed`."""
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
        """The next click, or Enter, takes the colour there."""
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

    # ------------------------------------------------------------ where things are

    def target(self) -> QRectF:
        """Where the picture is drawn."""
        if self._pixmap is None:
            return QRectF(self.rect())
        target = fitted(self._pixmap.size(), QRectF(self.rect()))
        target.moveTop(0.0)
        return target

    def _share(self, position: QPointF) -> QPointF:
        """A place on the widget as shares of the picture."""
        target = self.target()
        return QPointF(
            (position.x() - target.left()) / max(1.0, target.width()),
            (position.y() - target.top()) / max(1.0, target.height()),
        )

    def _place(self, share: QPointF) -> QPointF:
        """The inverse of `_share`."""
        target = self.target()
        return QPointF(
            target.left() + share.x() * target.width(), target.top() + share.y() * target.height()
        )

    def box(self) -> QRectF:
        """Where the box is drawn; the whole picture when there is none."""
        region = self._region or WHOLE
        return QRectF(
            self._place(QPointF(region.left, region.top)),
            self._place(QPointF(region.right, region.bottom)),
        )

    def _grip_at(self, position: QPointF) -> Grip | None:
        if self._region is None:
            return None
        box = self.box()
        nearest = min(HANDLES, key=lambda grip: _distance(handle(box, grip).center(), position))
        if _distance(handle(box, nearest).center(), position) <= REACH:
            return nearest
        inside = box.contains(position)
        for grip, distance in (
            (Grip.LEFT, abs(position.x() - box.left())),
            (Grip.RIGHT, abs(position.x() - box.right())),
            (Grip.TOP, abs(position.y() - box.top())),
            (Grip.BOTTOM, abs(position.y() - box.bottom())),
        ):
            if inside and distance <= REACH / 2:
                return grip
        return Grip.INSIDE if inside else None

    # ------------------------------------------------------------ what happens

    def _change(self, region: Region | None) -> None:
        if region is not None:
            region = rounded(region)
        if region != self._region:
            self._region = region
            self.update()
            self.region_changed.emit(region)

    def _pick(self) -> None:
        """Take the mean colour of the few pixels around the eyedropper."""
        x = min(int(self._spot.x() * self._image.width()), self._image.width() - 1)
        y = min(int(self._spot.y() * self._image.height()), self._image.height() - 1)
        seen = [
            self._image.pixelColor(column, row)
            for row in range(max(0, y - AVERAGED), min(self._image.height(), y + AVERAGED + 1))
            for column in range(max(0, x - AVERAGED), min(self._image.width(), x + AVERAGED + 1))
        ]
        self.stop_picking()
        channels = (
            [colour.red() for colour in seen],
            [colour.green() for colour in seen],
            [colour.blue() for colour in seen],
        )
        self.colour_picked.emit(tuple(round(sum(levels) / len(seen)) for levels in channels))

    def _move_eyedropper(self, to: QPointF) -> None:
        self._spot = QPointF(min(max(to.x(), 0.0), 1.0), min(max(to.y(), 0.0), 1.0))
        self.update()

    def _press_picking_key(self, key: int, step: float) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick()
        elif key == Qt.Key.Key_Escape:
            self.stop_picking()
        elif key in _KEYS:
            across, down = _KEYS[Qt.Key(key)]
            self._move_eyedropper(self._spot + QPointF(across * step, down * step))
        else:
            return False
        return True

    def _press_box_key(self, key: int, step: float, *, resize: bool) -> bool:
        if key == Qt.Key.Key_Escape and self._region is not None:
            self.reset_region()
        elif key in _KEYS:
            across, down = _KEYS[Qt.Key(key)]
            grip = Grip.BOTTOM_RIGHT if resize else Grip.INSIDE
            region = self._region or WHOLE
            self._change(dragged(region, grip, across * step, down * step))
        else:
            return False
        return True

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
        """A comfortable size."""
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        """Small windows still show something."""
        return QSize(120, 130)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the box, or begin another; or take a colour."""
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
        elif self._drag.held or self._region or self._is_far_from_press(event.position()):
            self._change(self._drag.box_at(share.x(), share.y()))
        event.accept()

    def _is_far_from_press(self, position: QPointF) -> bool:
        """A hand that trembles at a click draws no box."""
        pressed = QPointF(self._drag.x, self._drag.y) if self._drag else QPointF()
        return _distance(self._place(pressed), position) > REACH / 2

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._drag = None
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, resize or drop the box; move the eyedropper and take a colour."""
        held = event.modifiers()
        fine = bool(held & Qt.KeyboardModifier.ControlModifier)
        step = FINE_STEP if fine else STEP
        resize = bool(held & Qt.KeyboardModifier.ShiftModifier)
        alt = bool(held & Qt.KeyboardModifier.AltModifier)
        if self._pixmap is not None and not alt:
            if self._is_picking:
                is_ours = self._press_picking_key(event.key(), step)
            else:
                is_ours = self._press_box_key(event.key(), step, resize=resize)
            if is_ours:
                event.accept()
                return
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and the box, or that there is no picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        palette, focused = self.palette(), self.hasFocus()
        if self._pixmap is None:
            paint_no_picture(painter, palette, QRectF(self.rect()))
            return
        target = self.target()
        paint_picture(painter, self._pixmap, target, 0.45 if self._dimmed else 1.0)
        if self._region is not None:
            paint_box(painter, palette, target, self.box(), focused=focused)
        elif focused:
            paint_focus(painter, palette, target)
        if self._is_picking:
            paint_eyedropper(painter, self._place(self._spot))


def _distance(start: QPointF, end: QPointF) -> float:
    return float((end - start).manhattanLength())

"""The question beside its answers: the picture, its name, and whether it is indexed itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fashion_finder.domain import Answer, Match
from fashion_finder.ui import icons, labels
from fashion_finder.ui.elided_label import ElidedLabel
from fashion_finder.ui.fitting import Fitting
from fashion_finder.ui.grid_shape import fitted
from fashion_finder.ui.theme import scaled
from fashion_finder.ui.thumbnail_loader import image_of

RADIUS = 10.0
SHOWN_VOCABULARIES = ("type", "colour_name")
LEAST_PROBABILITY = 0.5  # a word that is more likely wrong than right is not said


class PictureView(QWidget):
    """A picture, as large as fits, with rounded corners."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._dimmed = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, pixmap: QPixmap | None) -> None:
        """Replace the picture; None for none."""
        self._pixmap = pixmap
        self._dimmed = False
        self.updateGeometry()
        self.update()

    def dim(self) -> None:
        """Step back while another picture is on its way."""
        self._dimmed = True
        self.update()

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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, or that there is none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        if self._pixmap is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
            glyph = QRectF(0, 0, 56, 56)
            glyph.moveCenter(area.center())
            colour = self.palette().color(QPalette.ColorRole.Dark)
            icons.paint_glyph(painter, icons.no_picture, colour, glyph)
            return
        target = fitted(self._pixmap.size(), area)
        target.moveTop(area.top())
        clip = QPainterPath()
        clip.addRoundedRect(target, RADIUS, RADIUS)
        painter.setClipPath(clip)
        painter.setOpacity(0.45 if self._dimmed else 1.0)
        painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))


class QuestionPanel(QFrame):
    """Shows what was asked; offers to open another picture."""

    open_picture_requested = Signal()
    show_requested = Signal(object)  # Match: the question's own indexed copy

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._itself: Match | None = None
        self.picture = PictureView()
        heading = QLabel(self.tr("Your picture"))
        heading.setFont(scaled(self.font(), 1.25, QFont.Weight.DemiBold))
        self.name = ElidedLabel()
        self.name.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        self.tags = QLabel()
        self.tags.setTextFormat(Qt.TextFormat.PlainText)
        self.tags.setProperty("role", "muted")
        self.tags.setWordWrap(True)
        self.itself = self._build_itself()
        self.open_button = QPushButton(self.tr("Open Picture…"))
        self.open_button.clicked.connect(self.open_picture_requested)
        hint = QLabel(self.tr("or drop one, or paste it"))
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setWordWrap(True)
        hint.setFont(scaled(self.font(), 0.92))

        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addSpacing(2)
        column.addWidget(self.picture)
        column.addSpacing(2)
        column.addWidget(self.name)
        column.addWidget(self.tags)
        column.addWidget(self.itself)
        column.addStretch(1)
        column.addWidget(self.open_button)
        column.addWidget(hint)
        expendable = (hint, self.tags, heading, self.open_button, self.itself)
        self._fitting = Fitting(self, expendable, elastic=self.picture)
        self._fitting.want(self.tags, False)
        self._fitting.want(self.itself, False)

    def begin(self, name: str) -> None:
        """A new question is under way."""
        self.name.show_text(name)
        self._clear_findings()
        self.picture.dim()

    def show_answer(self, answer: Answer, name: str) -> None:
        """Show the question as the engine saw it."""
        self.name.show_text(name)
        self.picture.show_picture(QPixmap.fromImage(image_of(answer.preview)))
        self.picture.setAccessibleName(self.tr("Your picture: {name}").format(name=name))
        words = [
            one.word
            for one in answer.recognised
            if one.vocabulary in SHOWN_VOCABULARIES and one.probability >= LEAST_PROBABILITY
        ]
        self.tags.setText("  ·  ".join(labels.plain(word) for word in words))
        self._fitting.want(self.tags, bool(words))
        self._show_itself(answer.itself)
        self._fitting.fit()

    def show_failure(self, name: str) -> None:
        """There is no picture to show."""
        self.name.show_text(name)
        self._clear_findings()
        self.picture.show_picture(None)

    def _clear_findings(self) -> None:
        self._fitting.want(self.tags, False)
        self._fitting.want(self.itself, False)
        self._fitting.fit()

    def _build_itself(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "bar")
        text = QLabel(self.tr("This picture is in your folders"))
        text.setWordWrap(True)
        text.setFont(scaled(self.font(), 0.95))
        self.itself_path = ElidedLabel()
        self.itself_path.setFont(scaled(self.font(), 0.92))
        self.itself_copies = QLabel()
        self.itself_copies.setProperty("role", "muted")
        self.itself_copies.setFont(scaled(self.font(), 0.92))
        self.show_itself_button = QPushButton(self.tr("Show in Folder"))
        self.show_itself_button.setProperty("role", "quiet")
        self.show_itself_button.clicked.connect(self._ask_to_show)
        foot = QHBoxLayout()
        foot.addWidget(self.itself_copies)
        foot.addStretch(1)
        foot.addWidget(self.show_itself_button)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 10, 8, 6)
        column.setSpacing(3)
        column.addWidget(text)
        column.addWidget(self.itself_path)
        column.addLayout(foot)
        frame.hide()
        return frame

    def _show_itself(self, match: Match | None) -> None:
        self._itself = match
        self._fitting.want(self.itself, match is not None)
        if match is not None:
            self.itself_path.show_text(str(match.path))
            count = len(match.copies) + 1
            self.itself_copies.setText(labels.copies_label(count) if count > 1 else "")

    @Slot()
    def _ask_to_show(self) -> None:
        if self._itself is not None:
            self.show_requested.emit(self._itself)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What does not fit is not shown."""
        super().resizeEvent(event)
        self._fitting.fit()

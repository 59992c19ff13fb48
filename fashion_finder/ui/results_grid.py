"""The grid of answers: five tiles that fill the room there is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from fashion_finder.domain import ContentId, Match
from fashion_finder.ui.match_delegate import GUTTER, PADDING, MatchDelegate
from fashion_finder.ui.results_model import ResultsModel
from fashion_finder.ui.thumbnail_loader import ThumbnailLoader

SMALLEST_PICTURE = 96  # logical pixels; below that the grid scrolls
WIDEST = 1.3  # width to height of a cell's picture area
PORTRAIT = 0.8  # width to height of the usual product photo


@dataclass(frozen=True, slots=True)
class GridShape:
    """How many columns, and how large a cell."""

    columns: int
    cell: QSize
    scrolls: bool = False


def fit_grid(room: QSize, count: int, caption: int, bar: int = 0) -> GridShape:
    """The columns that show `count` upright pictures largest; `caption` is what a cell adds below.

    Cells never get so small that the picture is lost: then the grid scrolls, and its scroll bar
    takes `bar` of the width.
    """
    frame = GUTTER + 2 * PADDING
    shapes: list[tuple[float, GridShape]] = []
    for columns in range(1, max(1, count) + 1):
        rows = -(-max(1, count) // columns)
        wide = (room.width() - 1) // columns
        high = room.height() // rows
        picture = min(wide - frame, (high - frame - caption) * PORTRAIT)
        # A cell much wider than its picture looks lost.
        widest = max(1, round((high - frame - caption) * WIDEST) + frame)
        shapes.append((picture, GridShape(columns, QSize(min(wide, widest), high))))
    picture, shape = max(shapes, key=lambda one: one[0])
    if picture >= SMALLEST_PICTURE * PORTRAIT:
        return shape
    columns = max(1, (room.width() - bar) // (SMALLEST_PICTURE + frame + 40))
    columns = min(columns, max(1, count))
    wide = max(1, (room.width() - bar - 1) // columns)
    return GridShape(columns, QSize(wide, SMALLEST_PICTURE + 60 + frame + caption), scrolls=True)


class ResultsGrid(QListView):
    """Shows matches; tells what the user wants done with one."""

    open_requested = Signal(object)  # Match
    show_requested = Signal(object)  # Match
    copy_requested = Signal(object)  # Match
    search_requested = Signal(object)  # Match
    pictures_painted = Signal()  # of an answer, as far as it is seen without scrolling

    def __init__(self, model: ResultsModel, loader: ThumbnailLoader, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("results")
        self._results = model
        self._loader = loader
        self._delegate = MatchDelegate(loader, self)
        self._announced = True
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Most similar pictures"))
        self.setAccessibleDescription(
            self.tr("Best match first. Enter opens a picture, the Menu key shows what else to do.")
        )
        loader.loaded.connect(self._repaint_match)
        model.modelAboutToBeReset.connect(self._remember_selection)
        model.modelReset.connect(self._take_answer)
        self.doubleClicked.connect(self._open_index)
        self._selected: ContentId | None = None

    @property
    def all_painted(self) -> bool:
        """Whether every picture that can be seen without scrolling has been painted."""
        room = self.viewport().rect()
        return all(
            match.content in self._delegate.painted
            for row, match in enumerate(self._results.matches)
            if room.intersects(self.visualRect(self._results.index(row)))
        )

    def current_match(self) -> Match | None:
        """The match the keyboard is on."""
        return self._results.match_at(self.currentIndex())

    def menu_for(self, match: Match) -> QMenu:
        """What can be done with one match."""
        menu = QMenu(self)
        for text, told in (
            (self.tr("&Open"), self.open_requested),
            (self.tr("Show in &Folder"), self.show_requested),
            (self.tr("&Copy Path"), self.copy_requested),
            (self.tr("&Search With This Picture"), self.search_requested),
        ):
            menu.addAction(text).triggered.connect(partial(told.emit, match))
        menu.insertSeparator(menu.actions()[-1])
        menu.setDefaultAction(menu.actions()[0])
        return menu

    def _arrange(self) -> None:
        caption = self._delegate.caption_height(self.font())
        # One or two answers keep the size they would have among five.
        count = max(5, self._results.rowCount())
        room = self.contentsRect().size()
        shape = fit_grid(room, count, caption, self.verticalScrollBar().sizeHint().width())
        # QListView keeps room for a scroll bar that may come, and would wrap a column early.
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            if shape.scrolls
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if shape.cell != self._delegate.cell:
            self._delegate.resize_cells(shape.cell)
        self.setGridSize(shape.cell)

    @Slot()
    def _remember_selection(self) -> None:
        match = self.current_match()
        self._selected = match.content if match else None

    @Slot()
    def _take_answer(self) -> None:
        self._delegate.painted.clear()
        self._announced = False
        self._arrange()
        self.scrollToTop()
        kept = [m.content for m in self._results.matches]
        row = kept.index(self._selected) if self._selected in kept else -1
        if row >= 0:
            self.setCurrentIndex(self._results.index(row))

    @Slot(object)
    def _repaint_match(self, content: ContentId) -> None:
        for row, match in enumerate(self._results.matches):
            if match.content == content:
                self.update(self._results.index(row))

    @Slot(QModelIndex)
    def _open_index(self, index: QModelIndex) -> None:
        match = self._results.match_at(index)
        if match is not None:
            self.open_requested.emit(match)

    @Slot()
    def _announce(self) -> None:
        self.pictures_painted.emit()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and tell when the last picture of an answer has appeared."""
        super().paintEvent(event)
        if not self._announced and self._results.matches and self.all_painted:
            self._announced = True
            QTimer.singleShot(0, self, self._announce)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the tiles grow or shrink with the room."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the match, on every desktop."""
        match = self.current_match()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and match is not None:
            self.open_requested.emit(match)
            event.accept()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the match under the mouse, or under the keyboard."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        match = self._results.match_at(index)
        if match is None:
            return
        where = self.visualRect(index).center() if by_key else QPoint(event.pos())
        menu = self.menu_for(match)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(where))

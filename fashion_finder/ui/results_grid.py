"""The grid of answers: a few tiles that fill the room there is, and more of them below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from fashion_finder.domain import ContentId, Match
from fashion_finder.ui.carrying import drag_of
from fashion_finder.ui.grid_shape import fit_grid
from fashion_finder.ui.match_delegate import MatchDelegate
from fashion_finder.ui.results_model import ResultsModel
from fashion_finder.ui.thumbnail_loader import ThumbnailLoader

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ResultsGrid(QListView):
    """Shows matches; tells what the user wants done with one, or with several."""

    open_requested = Signal(object)  # Match
    preview_requested = Signal(object)  # Match
    show_requested = Signal(object)  # Match
    copy_files_requested = Signal(object)  # tuple[Match, ...]
    copy_paths_requested = Signal(object)  # tuple[Match, ...]
    copy_picture_requested = Signal(object)  # Match
    search_requested = Signal(object)  # Match
    more_requested = Signal(object)  # Match: more like this
    less_requested = Signal(object)  # Match: less like this
    copies_requested = Signal(object)  # Match: all files of its photo
    pictures_painted = Signal()  # of an answer, as far as it is seen without scrolling

    def __init__(self, model: ResultsModel, loader: ThumbnailLoader, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("results")
        self._results = model
        self._loader = loader
        self._delegate = MatchDelegate(loader, self)
        self._announced = True
        self._selected: ContentId | None = None
        self._pressed: Match | None = None  # whose number of copies the mouse was pressed on
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Most similar pictures"))
        self.setAccessibleDescription(
            self.tr(
                "Best match first. Space shows a picture large, Enter opens it, the Menu key shows "
                "what else to do."
            )
        )
        loader.loaded.connect(self._repaint_match)
        model.modelAboutToBeReset.connect(self._remember_selection)
        model.modelReset.connect(self._take_answer)
        model.rowsInserted.connect(self._arrange)
        model.rowsRemoved.connect(self._arrange)
        self.doubleClicked.connect(self._open_index)

    @property
    def all_painted(self) -> bool:
        """Whether every picture that can be seen without scrolling has been painted."""
        room = self.viewport().rect()
        return all(
            match.content in self._delegate.painted
            for match in self._results.matches
            if room.intersects(self.visualRect(self._results.place_of(match)))
        )

    def current_match(self) -> Match | None:
        """The match the keyboard is on."""
        return self._results.match_at(self.currentIndex())

    def chosen_matches(self) -> tuple[Match, ...]:
        """The selected matches, best first; the one the keyboard is on when none is selected."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        found = [self._results.match_at(self._results.index(row)) for row in rows]
        chosen = tuple(match for match in found if match is not None)
        current = self.current_match()
        return chosen or (() if current is None else (current,))

    def go_to(self, match: Match) -> None:
        """Put the keyboard on a match and bring it into sight."""
        index = self._results.place_of(match)
        if index.isValid():
            self.setCurrentIndex(index)

    def menu_for(self, matches: Sequence[Match]) -> QMenu:
        """What can be done with one match, or with several."""
        menu = QMenu(self)
        several = tuple(matches)
        first = several[0]
        if len(several) == 1:
            self._add(menu, self.tr("&Large Preview"), self.preview_requested, first, "Space")
            self._add(menu, self.tr("&Open"), self.open_requested, first, "Return")
            menu.setDefaultAction(menu.actions()[-1])
            self._add(menu, self.tr("Show in &Folder"), self.show_requested, first)
            if first.file_count > 1:
                self._add(menu, self.tr("S&how Copies"), self.copies_requested, first, "C")
            menu.addSeparator()
        copy = QKeySequence(QKeySequence.StandardKey.Copy).toString()
        files = self.tr("&Copy File") if len(several) == 1 else self.tr("&Copy Files")
        paths = self.tr("Copy &Path") if len(several) == 1 else self.tr("Copy &Paths")
        self._add(menu, files, self.copy_files_requested, several, copy)
        if len(several) == 1:
            self._add(
                menu, self.tr("Copy &Image"), self.copy_picture_requested, first, "Ctrl+Alt+C"
            )
        self._add(menu, paths, self.copy_paths_requested, several, "Ctrl+Shift+C")
        if len(several) == 1:
            menu.addSeparator()
            self._add(
                menu, self.tr("Find &Similar to This"), self.search_requested, first, "Ctrl+Return"
            )
            self._add(menu, self.tr("&More Like This"), self.more_requested, first, "+")
            self._add(menu, self.tr("L&ess Like This"), self.less_requested, first, "-")
        return menu

    def _add(
        self, menu: QMenu, text: str, told: SignalInstance, subject: object, key: str = ""
    ) -> None:
        action = menu.addAction(text)
        action.triggered.connect(partial(told.emit, subject))
        if key:  # told only: the keys themselves are the grid's and the window's
            action.setText(f"{text}\t{QKeySequence(key).toString(_NATIVE)}")

    @Slot()
    def _arrange(self) -> None:
        font = self.font()
        groups = list(self._results.groups)
        # One or two answers keep the size they would have among five.
        groups[-1] += max(0, self._results.least_room - sum(groups))
        bar = self.verticalScrollBar().sizeHint().width()
        room = self.contentsRect().size()
        if self._results.beyond:  # room for the bar they will need, so that no tile moves then
            room.setWidth(room.width() - bar)
        caption = self._delegate.caption_height(font)
        divider = self._delegate.divider_height(font)
        shape = fit_grid(room, groups, caption, bar=bar, divider=divider)
        scrolls = shape.scrolls or (self._results.is_expanded and self._results.beyond > 0)
        # QListView keeps room for a scroll bar that may come, and would wrap a column early.
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if scrolls else policy.ScrollBarAlwaysOff
        )
        self.verticalScrollBar().setSingleStep(max(1, shape.cell.height() // 6))
        self._delegate.resize_cells(shape.cell, max(1, room.width() - 1))

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
        kept = next((m for m in self._results.matches if m.content == self._selected), None)
        if kept is not None:
            self.go_to(kept)

    @Slot(object)
    def _repaint_match(self, content: ContentId) -> None:
        for index in self._results.indexes_of(content):
            self.update(index)

    @Slot(QModelIndex)
    def _open_index(self, index: QModelIndex) -> None:
        match = self._results.match_at(index)
        if match is not None:
            self.open_requested.emit(match)

    @Slot()
    def _announce(self) -> None:
        self.pictures_painted.emit()

    def _copies_at(self, place: QPoint) -> Match | None:
        """The match whose number of copies is drawn there."""
        index = self.indexAt(place)
        match = self._results.match_at(index)
        if match is None:
            return None
        area = self._delegate.badge_area(self.visualRect(index), match, self.font())
        return match if area.contains(place) else None

    def _action_for(self, event: QKeyEvent) -> Callable[[Match], None] | None:
        """What a key does with the match the keyboard is on."""
        key = event.key()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key in ENTER_KEYS:
            with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            return (self.search_requested if with_control else self.open_requested).emit
        if key == Qt.Key.Key_Plus:
            return self.more_requested.emit
        if key == Qt.Key.Key_Minus:
            return self.less_requested.emit
        match = self.current_match()
        if key == Qt.Key.Key_C and plain and match is not None and match.file_count > 1:
            return self.copies_requested.emit
        if key == Qt.Key.Key_Space and plain:
            return self.preview_requested.emit
        return None

    # Qt overrides

    def startDrag(self, _supported: Qt.DropAction) -> None:
        """Carry the files of the chosen tiles to another program; they are only ever copied."""
        chosen = self.chosen_matches()
        if chosen:
            drag_of(chosen, self._loader, self).exec(Qt.DropAction.CopyAction)

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
        """The keys that do something with the current match, on every desktop the same."""
        match = self.current_match()
        act = self._action_for(event)
        if act is not None and match is not None:
            act(match)
            event.accept()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On a number of copies, a click is meant for that."""
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._copies_at(event.position().toPoint())
        if self._pressed is None:
            super().mousePressEvent(event)
        else:
            self.go_to(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the copies that were clicked on."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif self._copies_at(event.position().toPoint()) == pressed:
            self.copies_requested.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell by its shape where the mouse is on something to click."""
        on_badge = self._copies_at(event.position().toPoint()) is not None
        hand = Qt.CursorShape.PointingHandCursor if on_badge else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand)
        if self._pressed is None:
            super().mouseMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the match under the mouse, or with all that are chosen."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        match = self._results.match_at(index)
        if match is None:
            return
        chosen = self.chosen_matches()
        where = self.visualRect(index).center() if by_key else QPoint(event.pos())
        menu = self.menu_for(chosen if match in chosen else (match,))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(where))


_NATIVE = QKeySequence.SequenceFormat.NativeText

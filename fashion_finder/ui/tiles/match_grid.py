"""A grid of tiles, and what the user can do with one of them or with several."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu

from fashion_finder.domain import ContentId, Match
from fashion_finder.ui.kit import labels
from fashion_finder.ui.tiles.drag_data import drag_of
from fashion_finder.ui.tiles.drag_pulse import DragPulse
from fashion_finder.ui.tiles.grid_layout import GridShape
from fashion_finder.ui.tiles.match_delegate import MatchDelegate
from fashion_finder.ui.tiles.match_model import MatchModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST_TOGETHER = 1000  # files copied or dragged at once; naming more would block the window


class MatchGrid(QListView):
    """Shows matches; its signals say what the user wants done with them."""

    open_requested = Signal(Match)
    preview_requested = Signal(Match)
    show_requested = Signal(Match)
    copy_files_requested = Signal(tuple)  # tuple[Match, ...]
    copy_paths_requested = Signal(tuple)  # tuple[Match, ...]
    copy_picture_requested = Signal(Match)
    search_requested = Signal(Match)
    more_requested = Signal(Match)  # more like this
    less_requested = Signal(Match)  # less like this
    copies_requested = Signal(Match)  # all files of its photo
    read_again_requested = Signal(tuple)  # tuple[Match, ...]
    notified = Signal(str)  # why nothing was done

    def __init__(self, model: MatchModel, loader: ThumbnailLoader, *, are_answers: bool) -> None:
        super().__init__()
        self._shown = model
        self._loader = loader
        self._are_answers = are_answers  # which can be marked as more or less like the question
        self._delegate = MatchDelegate(loader, self)
        self._pressed: Match | None = None  # whose copies badge the mouse was pressed on
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
        loader.loaded.connect(self._repaint_match)
        self.doubleClicked.connect(self._open_index)

    @property
    def all_painted(self) -> bool:
        """Whether every picture in sight has been painted."""
        return all(match.content in self._delegate.painted for match in self.in_sight())

    def in_sight(self) -> tuple[Match, ...]:
        """The matches whose tiles can be seen now, the upper ones first."""
        raise NotImplementedError

    def current_match(self) -> Match | None:
        """The match the keyboard is on."""
        return self._shown.match_at(self.currentIndex())

    def chosen_matches(self) -> tuple[Match, ...]:
        """The selected matches in their order; the one the keyboard is on when none is selected.

        Empty when there are too many to handle at once; a notification then says so.
        """
        selection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        count = sum(block.height() for block in ranges)
        if count > MOST_TOGETHER:
            text = self.tr(
                "{count} pictures selected. At most {most} can be copied or dragged at once"
            )
            most = labels.number_label(MOST_TOGETHER)
            self.notified.emit(text.format(count=labels.number_label(count), most=most))
            return ()
        rows = sorted(row for block in ranges for row in range(block.top(), block.bottom() + 1))
        found = [self._shown.match_at(self._shown.index(row)) for row in rows]
        chosen = tuple(match for match in found if match is not None)
        current = self.current_match()
        return chosen or (() if current is None else (current,))

    def go_to(self, match: Match) -> None:
        """Make a match the current one and scroll to it."""
        index = self._shown.index_for(match)
        if index.isValid():
            self.setCurrentIndex(index)

    def menu_for(self, matches: tuple[Match, ...]) -> QMenu:
        """The context menu of one match, or of several."""
        menu = QMenu(self)
        first = matches[0]

        def add(text: str, signal: SignalInstance, subject: object, key: str = "") -> None:
            action = menu.addAction(text)
            action.triggered.connect(partial(signal.emit, subject))
            if key:  # shown only: the grid and the window handle the keys
                native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
                action.setText(f"{text}\t{native}")

        copy_key = QKeySequence(QKeySequence.StandardKey.Copy).toString()
        if len(matches) > 1:
            add(self.tr("&Copy Files"), self.copy_files_requested, matches, copy_key)
            add(self.tr("Copy &Paths"), self.copy_paths_requested, matches, "Ctrl+Shift+C")
            menu.addSeparator()
            add(self.tr("Read &Again"), self.read_again_requested, matches)
            return menu
        add(self.tr("&Large Preview"), self.preview_requested, first, "Space")
        add(self.tr("&Open"), self.open_requested, first, "Return")
        menu.setDefaultAction(menu.actions()[-1])
        add(self.tr("Show in &Folder"), self.show_requested, first)
        if first.file_count > 1:
            add(self.tr("S&how Copies"), self.copies_requested, first, "C")
        menu.addSeparator()
        add(self.tr("&Copy File"), self.copy_files_requested, matches, copy_key)
        add(self.tr("Copy &Image"), self.copy_picture_requested, first, "Ctrl+Alt+C")
        add(self.tr("Copy &Path"), self.copy_paths_requested, matches, "Ctrl+Shift+C")
        menu.addSeparator()
        add(self.tr("Find &Similar to This"), self.search_requested, first, "Ctrl+Return")
        if self._are_answers:
            add(self.tr("&More Like This"), self.more_requested, first, "+")
            add(self.tr("L&ess Like This"), self.less_requested, first, "-")
        menu.addSeparator()
        add(self.tr("Read &Again"), self.read_again_requested, matches)
        return menu

    def _apply_shape(self, shape: GridShape, *, scrolls: bool, row_width: int) -> None:
        """Resize the tiles, and show the scroll bar or not.

        Not as needed: QListView keeps room for a bar that may come, and would wrap a column early.
        """
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if scrolls else policy.ScrollBarAlwaysOff
        )
        self.verticalScrollBar().setSingleStep(max(1, shape.cell.height() // 6))
        self._delegate.resize_cells(shape.cell, row_width)

    @Slot(int)
    def _repaint_match(self, content: ContentId) -> None:
        for index in self._shown.indexes_of(content):
            self.update(index)

    @Slot(QModelIndex)
    def _open_index(self, index: QModelIndex) -> None:
        match = self._shown.match_at(index)
        if match is not None:
            self.open_requested.emit(match)

    def _copies_at(self, place: QPoint) -> Match | None:
        """The match whose copies badge is drawn there."""
        index = self.indexAt(place)
        match = self._shown.match_at(index)
        if match is None:
            return None
        area = self._delegate.badge_area(self.visualRect(index), match, self.font())
        return match if area.contains(place) else None

    def _action_for(self, event: QKeyEvent) -> Callable[[Match], None] | None:
        """What a key does with the current match."""
        key = event.key()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key in ENTER_KEYS:
            with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            return (self.search_requested if with_control else self.open_requested).emit
        if key == Qt.Key.Key_Plus and self._are_answers:
            return self.more_requested.emit
        if key == Qt.Key.Key_Minus and self._are_answers:
            return self.less_requested.emit
        match = self.current_match()
        if key == Qt.Key.Key_C and plain and match is not None and match.file_count > 1:
            return self.copies_requested.emit
        if key == Qt.Key.Key_Space and plain:
            return self.preview_requested.emit
        return None

    # Qt overrides

    def startDrag(self, _supported: Qt.DropAction) -> None:
        """Drag the files of the selected tiles; another program can only copy them."""
        chosen = self.chosen_matches()
        if chosen:
            drag = drag_of(chosen, self._loader, self)
            with DragPulse() if QGuiApplication.platformName() == "xcb" else nullcontext():
                drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys of the current match, the same ones on every desktop."""
        match = self.current_match()
        act = self._action_for(event)
        if act is not None and match is not None:
            act(match)
            event.accept()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a copies badge is not a press on its tile."""
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._copies_at(event.position().toPoint())
        if self._pressed is None:
            super().mousePressEvent(event)
        else:
            self.go_to(self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show the copies whose badge was clicked."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif self._copies_at(event.position().toPoint()) == pressed:
            self.copies_requested.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over a copies badge."""
        on_badge = self._copies_at(event.position().toPoint()) is not None
        hand = Qt.CursorShape.PointingHandCursor if on_badge else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand)
        if self._pressed is None:
            super().mouseMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the match under the mouse, or of the whole selection."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        match = self._shown.match_at(index)
        if match is None:
            return
        chosen = self.chosen_matches()
        where = self.visualRect(index).center() if by_key else QPoint(event.pos())
        menu = self.menu_for(chosen if match in chosen else (match,))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(where))

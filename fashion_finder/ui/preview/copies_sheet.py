"""All files that show one photo, over the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fashion_finder.domain import Match, PictureDetails
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.elided_label import ElidedLabel
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.kit.overlay import Overlay
from fashion_finder.ui.kit.theme import scaled
from fashion_finder.ui.tiles.match_model import CAPTION_ROLE, Index, MatchModel
from fashion_finder.ui.tiles.results_grid import ResultsGrid
from fashion_finder.ui.tiles.results_model import ResultsModel, Row
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader


class CopiesModel(ResultsModel):
    """The files of one photo, each with its size and folder."""

    least_room = 3

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._captions: dict[Match, str] = {}

    def laid_out(self, matches: Sequence[Match]) -> tuple[Row, ...]:
        """One group: the photo's own tile shows how close they are."""
        return tuple(matches)

    @property
    def is_described(self) -> bool:
        """Whether the captions give sizes, not only folders."""
        return bool(self._captions)

    def describe(self, captions: dict[Match, str]) -> None:
        """Set the captions below the names."""
        self._captions = captions
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1), [CAPTION_ROLE])

    # Qt overrides

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What a view or a screen reader asks of a row."""
        match = self.match_at(index)
        if role == CAPTION_ROLE and match is not None:
            return self._captions.get(match, labels.plain(match.path.parent.name))
        return super().data(index, role)


class CopiesSheet(Overlay):
    """A grid of files; its signals say what the user wants done with one."""

    shown = Signal(tuple)  # tuple[Match, ...]: their details are needed
    closed = Signal()

    def __init__(
        self,
        model: MatchModel,
        loader: ThumbnailLoader,
        parent: QWidget,
        *,
        are_answers: bool = True,
    ) -> None:
        super().__init__(parent)
        self._groups = model
        self._group: Match | None = None
        self.setProperty("role", "preview")
        self.setAutoFillBackground(True)
        self.model = CopiesModel(self)
        self.grid = ResultsGrid(self.model, loader, are_answers=are_answers)
        self.grid.setAccessibleName(self.tr("Copies of this photo"))
        self.heading = ElidedLabel()
        self.heading.setFont(scaled(self.font(), 1.45, QFont.Weight.DemiBold))
        self.hint = QLabel(self.tr("The same photo in several files."))
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.close_button = GlyphButton(Glyph.CLOSE, self.tr("Close (Escape)"))
        self.close_button.clicked.connect(self.dismiss)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.hint)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        model.modelReset.connect(self._follow_answer)

    @property
    def is_open(self) -> bool:
        """Whether the sheet shows the files of a photo."""
        return self._group is not None

    @Slot(Match)
    def show_group(self, match: Match) -> None:
        """Open on the files of a match."""
        self._group = match
        files = labels.matches_by_file(match)
        self.heading.show_text(
            self.tr("{copies} of {name}").format(
                copies=labels.copies_label(len(files)), name=labels.file_label(match.path)
            )
        )
        self.model.describe({})
        self.model.show(files, expanded=True)
        self.lift()
        self.grid.go_to(files[0])
        self.grid.setFocus()
        self.shown.emit(files)

    def show_details(self, details: dict[Match, PictureDetails]) -> None:
        """Say how large these files are and where they lie."""
        text = self.tr("{width} × {height}, {bytes}  ·  {folder}")
        self.model.describe(
            {
                match: text.format(
                    width=known.width,
                    height=known.height,
                    bytes=QLocale().formattedDataSize(known.size, 0),
                    folder=labels.plain(match.path.parent.name),
                )
                for match, known in details.items()
            }
        )

    @Slot()
    def dismiss(self) -> None:
        """Close, and give the page back."""
        if self._group is None:
            return
        self._group = None
        self.hide()
        self.closed.emit()

    @Slot()
    def _follow_answer(self) -> None:
        """Show the files that the new answer has of the photo; close when it has one or none."""
        if self._group is None:
            return
        kept = self._groups.match_at(self._groups.index_of(self._group.content))
        if kept is None or kept.file_count == 1:
            self.dismiss()
        elif kept != self._group:
            self.show_group(kept)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

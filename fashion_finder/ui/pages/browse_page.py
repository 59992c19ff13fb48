"""The page of all photos."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from fashion_finder.engine.listing import Listing
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.glyph_button import GlyphButton
from fashion_finder.ui.kit.icons import Glyph
from fashion_finder.ui.pages.grid_page import GridPage
from fashion_finder.ui.preview.copies_sheet import CopiesSheet
from fashion_finder.ui.preview.large_preview import LargePreview
from fashion_finder.ui.tiles.browse_grid import BrowseGrid
from fashion_finder.ui.tiles.browse_model import BrowseModel
from fashion_finder.ui.work.thumbnail_loader import ThumbnailLoader


class BrowsePage(GridPage):
    """Shows a listing, or says why there is nothing to show."""

    grid: BrowseGrid

    closed = Signal()  # by the user

    def __init__(self, loader: ThumbnailLoader) -> None:
        super().__init__()
        self.model = BrowseModel(self)
        self.copies = CopiesSheet(self.model, loader, self, are_answers=False)
        self.copies.grid.search_requested.connect(self.copies.dismiss)
        self.preview = LargePreview(self.model, loader, self, are_answers=False)
        self.back_button = GlyphButton(Glyph.CHEVRON_LEFT, self.tr("Close"), has_words=True)
        self.back_button.clicked.connect(self.closed)
        grid = BrowseGrid(self.model, loader)
        column = self.build_column(grid, self.back_button, self.tr("Loading…"))
        column.setContentsMargins(12, 12, 12, 12)
        self.setLayout(column)

    def offer_way_back(self, *, to_question: bool) -> None:
        """Name the button by where it leads."""
        self.back_button.set_name(self.tr("Back to Results") if to_question else self.tr("Close"))

    def show_listing(self, listing: Listing, *, keep_place: bool) -> None:
        """Show the photos that are listed, if need be scrolled to where the page was."""
        self.grid.show_listing(listing, keep_place=keep_place)
        photos = labels.photos_label(len(listing))
        self.show_grid(
            self.tr("Matching photos") if listing.filters else self.tr("All photos"),
            self.tr("{photos}, newest first").format(photos=photos),
        )

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the page on Escape, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

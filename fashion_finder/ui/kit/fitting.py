"""What is hidden when a window is small or its letters are large: better absent than cut off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget


class Fitting:
    """Hides the expendable widgets of a container, one after the other, until the rest fits."""

    def __init__(
        self, container: QWidget, expendable: Sequence[QWidget], elastic: QWidget | None = None
    ) -> None:
        """The first of `expendable` is hidden first; `elastic` shrinks to its minimum before."""
        self._container = container
        self._expendable = expendable
        self._elastic = elastic
        self._wanted = dict.fromkeys(expendable, True)

    def set_wanted(self, widget: QWidget, is_wanted: bool) -> None:
        """Set whether a widget has anything to show; call `fit` after the last of these."""
        self._wanted[widget] = is_wanted

    def fit(self) -> bool:
        """Show what is wanted and fits; False when even the rest does not fit."""
        for widget in self._expendable:
            widget.setVisible(self._wanted[widget])
        for widget in self._expendable:
            if self._needed_height() <= self._container.height():
                return True
            widget.hide()
        return self._needed_height() <= self._container.height()

    def _needed_height(self) -> int:
        layout = self._container.layout()
        if layout is None:
            return 0
        layout.invalidate()
        layout.activate()
        if not layout.hasHeightForWidth():
            return layout.minimumSize().height()
        needed = layout.minimumHeightForWidth(self._container.width())
        if self._elastic is not None:
            # To a layout, the height that suits the width is the minimum.
            suits = self._elastic.heightForWidth(layout.contentsRect().width())
            needed -= max(0, suits - self._elastic.minimumSizeHint().height())
        return needed

"""What gives way when a window is small or its letters are large: better absent than cut off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget


class Fitting:
    """Hides the parts of a container that can be missed, one after the other, until it fits."""

    def __init__(
        self,
        container: QWidget,
        expendable: Sequence[QWidget],
        elastic: QWidget | None = None,
    ) -> None:
        """`expendable`: what goes first stands first. `elastic` shrinks to its minimum before."""
        self._container = container
        self._expendable = expendable
        self._elastic = elastic
        self._wanted = dict.fromkeys(expendable, True)

    def want(self, part: QWidget, is_wanted: bool) -> None:
        """Whether there is anything to show in a part; call `fit` after the last of these."""
        self._wanted[part] = is_wanted

    def fit(self) -> bool:
        """Show what is wanted and fits; False when the rest is too much already."""
        for part in self._expendable:
            part.setVisible(self._wanted[part])
        for part in self._expendable:
            if self._fits():
                return True
            part.hide()
        return self._fits()

    def _fits(self) -> bool:
        return self._needed() <= self._container.height()

    def _needed(self) -> int:
        layout = self._container.layout()
        if layout is None:
            return 0
        layout.invalidate()
        layout.activate()
        if not layout.hasHeightForWidth():
            return layout.minimumSize().height()
        needed = layout.minimumHeightForWidth(self._container.width())
        if self._elastic is not None:
            # A layout counts the height that suits the width as the least there can be.
            suits = self._elastic.heightForWidth(layout.contentsRect().width())
            needed -= max(0, suits - self._elastic.minimumSizeHint().height())
        return needed

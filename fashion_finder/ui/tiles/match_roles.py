"""What the models of pictures tell a view or a screen reader of one row."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from fashion_finder.domain import Match
from fashion_finder.ui.kit import labels
from fashion_finder.ui.tiles.offline import offline_advice

MATCH_ROLE = int(Qt.ItemDataRole.UserRole) + 1
DIVIDER_ROLE = MATCH_ROLE + 1  # the words of a divider, None for a match
CAPTION_ROLE = MATCH_ROLE + 2  # words to stand below a name instead of the closeness, or None

Index = QModelIndex | QPersistentModelIndex


def told_of(match: Match, role: int) -> Any:
    """What can be said of a match wherever it is shown."""
    if role == MATCH_ROLE:
        return match
    if role == Qt.ItemDataRole.DisplayRole:
        return labels.file_label(match.path)
    if role == Qt.ItemDataRole.ToolTipRole:
        lines = [labels.path_label(file.path) for file in labels.files_of(match)]
        return labels.tooltip("\n".join([*lines, *([offline_advice()] * match.offline)]))
    if role == Qt.ItemDataRole.AccessibleDescriptionRole:
        return labels.path_label(match.path)
    return None

"""The filters above a grid: a field for words, and chips for type, colour, folder and date."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStyle,
    QStyleOptionFrame,
    QWidget,
)

from fashion_finder.domain import EVERYTHING, FacetCounts, Filters
from fashion_finder.engine.words import Vocabulary, understand
from fashion_finder.ui.kit import labels
from fashion_finder.ui.tiles.offline import OfflineChip

LATELY = (30, 365)  # days back that the date chip offers
MOST_YEARS = 8  # offered by the date chip, the newest first
TEXT_MARGIN = 2  # logical pixels that Qt keeps on both sides of the text in a field


class WordsField(QLineEdit):
    """Its placeholder is the first of several that fits, or none."""

    def __init__(self, *placeholders: str) -> None:
        super().__init__(placeholderText=placeholders[0])
        self._placeholders = placeholders

    @property
    def room(self) -> int:
        """The width available to text, in logical pixels."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        element = QStyle.SubElement.SE_LineEditContents
        return self.style().subElementRect(element, option, self).width() - 2 * TEXT_MARGIN

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the placeholder again."""
        super().resizeEvent(event)
        advance = self.fontMetrics().horizontalAdvance
        fitting = (text for text in self._placeholders if advance(text) <= self.room)
        self.setPlaceholderText(next(fitting, ""))


class Chip(QPushButton):
    """One kind of filter: shows the chosen values, and lists those on offer."""

    def __init__(self, name: str, label_of: Callable[[Any], str] = labels.plain) -> None:
        """`label_of` returns the label of a value in the list."""
        super().__init__(name)
        self.name = name
        self.label_of = label_of
        self.choices = QMenu(self)
        self.choices.setToolTipsVisible(True)
        self.setMenu(self.choices)
        self.setProperty("role", "chip")
        self.show_chosen(())

    def show_chosen(self, chosen: Sequence[str]) -> None:
        """Show the first chosen value, or the name of the kind when there is none."""
        text = labels.plain(chosen[0]) if chosen else self.name
        if len(chosen) > 1:
            text = self.tr("{first} + {count} more").format(
                first=text, count=labels.number_label(len(chosen) - 1)
            )
        self.setText(
            self.fontMetrics()
            .elidedText(text, Qt.TextElideMode.ElideMiddle, 180)
            .replace("&", "&&")
        )
        self.setProperty("chosen", bool(chosen))
        self.setAccessibleName(
            self.tr("{kind}: {chosen}").format(
                kind=self.name, chosen=", ".join(chosen) or self.tr("any")
            )
        )
        self.style().unpolish(self)
        self.style().polish(self)


class FilterBar(QWidget):
    """Holds the filters that the user has chosen, and shows how many photos each would leave."""

    changed = Signal(Filters)

    def __init__(self) -> None:
        super().__init__()
        self._filters = EVERYTHING
        self._vocabulary = Vocabulary((), (), ())
        self.field = WordsField(
            self.tr("Filter: red dress, file name…"),
            self.tr("Words or file name"),
            self.tr("Words"),
        )
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(self.tr("Filter by words or file names"))
        self.field.returnPressed.connect(self.apply_words)
        self.field.textChanged.connect(self._clear_names)
        self._describe_names(())
        self.field.setMaximumWidth(260)
        self.types = Chip(self.tr("Type"), labels.word_label)
        self.colours = Chip(self.tr("Colour"), labels.word_label)
        self.folders = Chip(self.tr("Folder"), labels.file_label)
        self.dates = Chip(self.tr("Date"))
        self.offline = OfflineChip()
        self.offline.wanted.connect(self._hide_offline)
        self.clear_button = QPushButton(self.tr("Clear"))
        self.clear_button.setProperty("role", "quiet")
        self.clear_button.setAccessibleName(self.tr("Clear all filters"))
        self.clear_button.clicked.connect(self.clear)
        self.clear_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for chip in self.chips:
            row.addWidget(chip)
        row.addWidget(self.offline)
        row.addWidget(self.clear_button)
        row.addStretch(1)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The chips in the order they are shown."""
        return (self.types, self.colours, self.folders, self.dates)

    @property
    def filters(self) -> Filters:
        """The filters that are chosen."""
        return self._filters

    @Slot()
    def focus_field(self) -> None:
        """Focus the field; typing replaces its text."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Recognise these words in the field."""
        self._vocabulary = vocabulary

    def set_filters(self, filters: Filters) -> None:
        """Replace all filters."""
        if filters == self._filters:
            return
        names = self._filters.names
        self._filters = filters
        if filters.names != names:
            self.field.setText(" ".join(filters.names))
            self._describe_names(filters.names)
        self.types.show_chosen([labels.word_label(word) for word in filters.types])
        self.colours.show_chosen([labels.word_label(word) for word in filters.colours])
        self.folders.show_chosen([path.name or str(path) for path in filters.folders])
        self.dates.show_chosen(
            [self._date_words(filters)] if filters.since or filters.until else []
        )
        self.offline.set_hiding(is_hiding=filters.online_only)
        self.clear_button.setVisible(bool(filters))
        self.changed.emit(filters)

    @Slot(FacetCounts)
    def show_counts(self, counts: FacetCounts) -> None:
        """Offer values, each with the number of photos it would leave."""
        self._offer(self.types, "types", counts.types)
        self._offer(self.colours, "colours", counts.colours)
        self._offer(self.folders, "folders", counts.folders)
        self._offer_dates(counts.oldest, counts.newest)
        self.offline.show_count(counts.offline)

    @Slot()
    def clear(self) -> None:
        """Remove all filters."""
        self.set_filters(EVERYTHING)
        self.field.clear()

    @Slot(bool)
    def _hide_offline(self, is_hidden: bool) -> None:
        self.set_filters(replace(self._filters, online_only=is_hidden))

    @Slot()
    def apply_words(self) -> None:
        """Turn the words into filters; the others are searched for in file and folder names."""
        understood = understand(self.field.text(), self._vocabulary)
        self.set_filters(
            replace(
                self._filters,
                types=understood.filters.types or self._filters.types,
                colours=understood.filters.colours or self._filters.colours,
                folders=understood.filters.folders or self._filters.folders,
                names=understood.unknown,
            )
        )
        self.field.setText(" ".join(understood.unknown))
        self.field.selectAll()

    @Slot(str)
    def _clear_names(self, text: str) -> None:
        """Remove the filter by name when the field is emptied."""
        if not text and self._filters.names:
            self.set_filters(replace(self._filters, names=()))

    def _describe_names(self, names: Sequence[str]) -> None:
        text = self.tr("Type a garment, a colour, or a folder or file name, then press Enter")
        if names:
            words = labels.plain(", ".join(names))
            text = self.tr("Only files with “{words}” in the name").format(words=words)
        self.field.setToolTip(labels.tooltip(text))
        self.field.setAccessibleDescription(text)

    def _offer(self, chip: Chip, kind: str, offered: Sequence[tuple[Hashable, int]]) -> None:
        """List the values that are chosen, and those that would leave any photo."""
        chip.choices.clear()
        chosen = getattr(self._filters, kind)
        counts = dict.fromkeys(chosen, 0) | {value: count for value, count in offered if count}
        for value, count in counts.items():
            text = self.tr("{words}  ({count})").format(
                words=chip.label_of(value), count=labels.number_label(count)
            )
            action = chip.choices.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in chosen)
            if isinstance(value, Path):
                action.setToolTip(labels.tooltip(labels.path_label(value)))
            # Toggles the filters of that moment, whatever the list shows as checked.
            action.triggered.connect(partial(self._toggle, kind, value))
        chip.setEnabled(not chip.choices.isEmpty())

    def _offer_dates(self, oldest: date | None, newest: date | None) -> None:
        menu = self.dates.choices
        menu.clear()
        self.dates.setEnabled(oldest is not None)
        if oldest is None or newest is None:
            return
        today = date.today()  # noqa: DTZ011 - the user's own day
        offers: list[tuple[str, date | None, date | None]] = [(self.tr("Any time"), None, None)]
        for days in LATELY:
            text = self.tr("Last {count} days").format(count=days)
            offers.append((text, today - timedelta(days=days), None))
        # A camera whose clock is far ahead must not leave only years to come on the list.
        last = min(newest.year, max(today.year, oldest.year))
        for year in range(last, max(oldest.year, last - MOST_YEARS + 1) - 1, -1):
            offers.append((str(year), date(year, 1, 1), date(year, 12, 31)))
        for text, since, until in offers:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked((since, until) == (self._filters.since, self._filters.until))
            action.triggered.connect(partial(self._choose_dates, since, until))

    def _date_words(self, filters: Filters) -> str:
        since, until = filters.since, filters.until
        if since is not None and until is not None and since.year == until.year:
            return str(since.year)
        if since is not None:
            return self.tr("Since {day}").format(day=since.isoformat())
        return self.tr("Until {day}").format(day=until.isoformat() if until else "")

    def _toggle(self, kind: str, value: Hashable, _checked: bool = False) -> None:
        chosen = getattr(self._filters, kind)
        others = tuple(other for other in chosen if other != value)
        changed: dict[str, Any] = {kind: others if value in chosen else (*chosen, value)}
        self.set_filters(replace(self._filters, **changed))

    def _choose_dates(self, since: date | None, until: date | None, _checked: bool = False) -> None:
        self.set_filters(replace(self._filters, since=since, until=until))

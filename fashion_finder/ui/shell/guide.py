"""The user guide in a window of its own: headings, text, and a search field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Slot
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fashion_finder import paths
from fashion_finder.errors import GuideMissing
from fashion_finder.ui.kit.dialog import Dialog

SIZE = QSize(980, 720)
MARGIN = 24  # logical pixels around the text
SPACE = 14  # above headings, around pictures and tables
CELL_PADDING = 6

_PICTURE = re.compile(r"^!\[(.+)\]\((.+)\)$", re.MULTILINE)
_IMAGE = QTextDocument.ResourceType.ImageResource.value


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide as Markdown, and its pictures by the names used there."""

    text: str
    pictures: dict[str, QImage]


def read_guide() -> Guide:
    """Read the guide of this installation. Not for the GUI thread.

    Each picture's description becomes its caption, which also replaces a picture that is missing.
    Raises GuideMissing.
    """
    path = paths.guide_path()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuideMissing(path) from error
    pictures = {name: QImage(str(path.parent / name)) for _, name in _PICTURE.findall(text)}
    pictures = {name: picture for name, picture in pictures.items() if not picture.isNull()}

    def captioned(found: re.Match[str]) -> str:
        caption = f"*{found[1]}*"
        return f"{found[0]}\n\n{caption}" if found[2] in pictures else caption

    return Guide(_PICTURE.sub(captioned, text), pictures)


class GuidePage(QTextBrowser):
    """The text with its pictures, scaled down to the page. Links never load anything."""

    def __init__(self, guide: Guide, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = guide.pictures
        self.setAccessibleName(self.tr("User guide"))
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.document().setDocumentMargin(MARGIN)
        self.setMarkdown(guide.text)
        self._add_space()
        self._style_tables()

    def headings(self) -> list[QTextBlock]:
        """The blocks that are headings, from the top."""
        return [block for block in self._blocks() if block.blockFormat().headingLevel()]

    def show_block(self, block: QTextBlock) -> None:
        """Scroll a block to the top."""
        self.setTextCursor(QTextCursor(block))
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top) - MARGIN // 2)

    def find_text(self, text: str, *, again: bool) -> bool:
        """Select the next occurrence of a text from the selection on, wrapping at the end."""
        cursor = self.textCursor()
        start = cursor.selectionEnd() if again else cursor.selectionStart()
        for position in (start, 0):
            found = self.document().find(text, position)
            if not found.isNull():
                self.setTextCursor(found)
                return True
        cursor.setPosition(cursor.selectionStart())
        self.setTextCursor(cursor)
        return not text

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        """Go to a heading of this guide; other links do nothing."""
        for block in self.headings():
            name = re.sub(r"[^\w\- ]", "", block.text().lower()).replace(" ", "-")
            if link.toString() == f"#{name}":
                self.show_block(block)

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _add_space(self) -> None:
        """Add space above headings and pictures; the first heading has the page's margin."""
        for block in self._blocks():
            style = block.blockFormat()
            is_heading = style.headingLevel() > 0 and block.position() > 0
            if is_heading or block.text() == "\N{OBJECT REPLACEMENT CHARACTER}":
                style.setTopMargin(SPACE)
                QTextCursor(block).setBlockFormat(style)

    def _style_tables(self) -> None:
        """Make tables as wide as the page, with lines in the theme's colour."""
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                style = frame.format()
                style.setBorderBrush(self.palette().color(QPalette.ColorRole.Mid))
                style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                style.setBorderCollapse(True)
                style.setCellPadding(CELL_PADDING)
                style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                style.setTopMargin(SPACE / 2)
                style.setBottomMargin(SPACE)
                frame.setFormat(style)

    def _fit_pictures(self) -> None:
        """Scale pictures to the page in device pixels, so that they stay sharp."""
        ratio = self.devicePixelRatioF()
        room = self.viewport().width() - 2 * MARGIN
        for name, picture in self._pictures.items():
            width = round(min(room, picture.width()) * ratio)
            fitted = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            fitted.setDevicePixelRatio(ratio)
            self.document().addResource(_IMAGE, QUrl(name), fitted)
        self.document().markContentsDirty(0, self.document().characterCount())

    # Qt overrides

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """An empty picture: ours were added as resources, and for None Qt would look for a file."""
        return QImage()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pictures follow the width."""
        super().resizeEvent(event)
        self._fit_pictures()

    def changeEvent(self, event: QEvent) -> None:
        """The lines follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_pictures"):
            self._style_tables()


class GuideWindow(Dialog):
    """Stays open beside the main window, so that readers can try things at once."""

    def __init__(self, guide: Guide, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("User Guide"), parent)
        self.resize(SIZE)
        self.page = GuidePage(guide)
        self.headings = self.table(self.tr("Headings"), [self.tr("Headings")], ())
        self.headings.setHeaderHidden(True)
        self._blocks = self.page.headings()
        for block in self._blocks:
            self.headings.addTopLevelItem(self.row((block.text(),)))
        self.headings.currentItemChanged.connect(self._jump)
        self.headings.itemClicked.connect(self._jump)  # also on the current one
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find in the guide"))
        self.field.setAccessibleName(self.tr("Find in the guide"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._find)
        self.not_found = self.paragraph(self.tr("Not in the guide."), muted=True)
        self.not_found.hide()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._focus_field)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        for widget in (self.field, self.not_found, self.headings):
            column.addWidget(widget)
        both = QSplitter()
        both.addWidget(left)
        both.addWidget(self.page)
        both.setStretchFactor(1, 1)
        both.setSizes([250, SIZE.width() - 250])
        both.setChildrenCollapsible(False)
        self.fill(both, stretched=both)
        self.page.setFocus()

    @Slot(QTreeWidgetItem)
    def _jump(self, heading: QTreeWidgetItem) -> None:
        self.page.show_block(self._blocks[self.headings.indexOfTopLevelItem(heading)])

    @Slot()
    def _focus_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot(str)
    def _find(self, text: str, *, again: bool = False) -> None:
        self.not_found.setHidden(self.page.find_text(text, again=again))

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does not close the window; in the field it finds the next occurrence."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.field.hasFocus():
            self._find(self.field.text(), again=True)

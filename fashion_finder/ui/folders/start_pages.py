"""What the window shows before the first question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from fashion_finder.domain import Status
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.state_page import Choice, State


@dataclass(frozen=True, slots=True)
class StartPages:
    """Decides, from what is indexed, which invitation to show; holds what its buttons do."""

    index: Callable[[], None]
    sample: Callable[[], None]
    open_picture: Callable[[], None]
    browse: Callable[[], None]
    see_skipped: Callable[[], None]

    @property
    def first_choices(self) -> tuple[Choice, ...]:
        """The buttons that get something indexed."""
        return (
            Choice(_translate("Index a Folder…"), self.index, is_primary=True),
            Choice(_translate("Try the Sample Wardrobe"), self.sample),
        )

    def state(self, status: Status | None, is_indexing: bool) -> State:
        """The page to show; `status` is None until the engine has opened."""
        if status is None or status.photos:
            count = labels.photos_label(status.photos) if status else ""
            return State(
                title=_translate("Drop a picture here"),
                text=_translate(
                    "Drop a photo, a screenshot or an image from a web page to see the five most "
                    "similar pieces in your folders. You can also paste one."
                ),
                footnote=_translate("{photos} ready to search.").format(photos=count)
                if count
                else "",
                choices=(
                    Choice(_translate("Open Picture…"), self.open_picture, is_primary=True),
                    Choice(_translate("Browse All Photos"), self.browse),
                ),
            )
        if is_indexing:
            return State(
                title=_translate("Your photos are being indexed"),
                text=_translate(
                    "You can drop a picture now. Results appear as soon as the first photos are "
                    "read."
                ),
                choices=(Choice(_translate("Open Picture…"), self.open_picture),),
            )
        if status.left_out or status.skipped or status.unlisted:
            left_out = labels.left_out_sentences(status.left_out)
            return State(
                title=_translate("No photos to search yet"),
                text=left_out or _translate("None of the pictures in your folders could be read."),
                choices=(
                    Choice(_translate("Index a Folder…"), self.index, is_primary=True),
                    Choice(_translate("See What Was Left Out…"), self.see_skipped),
                ),
            )
        return State(
            title=_translate("Find similar pieces in your own photos"),
            text=_translate(
                "Choose a folder of garments and accessories. Then drop any picture here to "
                "see the five most similar pieces."
            ),
            footnote=_translate(
                "Everything stays on this computer. Your photos are never changed."
            ),
            choices=self.first_choices,
        )


def _translate(text: str) -> str:
    return QCoreApplication.translate("start_pages", text)

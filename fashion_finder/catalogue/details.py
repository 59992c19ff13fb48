"""What is known of single pictures, without opening their files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fashion_finder.catalogue.connection import Records
from fashion_finder.catalogue.records import file_path
from fashion_finder.domain import ContentId, PictureDetails, Recognised


class DetailRecords(Records):
    """Questions about one content."""

    def details_of(self, content: ContentId, path: Path, model: str) -> PictureDetails | None:
        """A content as the file at `path` holds it; None when it is not there any more."""
        with self._connections.reading() as connection:
            picture = connection.execute(
                "SELECT width, height, size FROM contents WHERE id = ?", (content,)
            ).fetchone()
            files = connection.execute(
                "SELECT path, relative, mtime_ns FROM items JOIN roots ON roots.id = items.root"
                " WHERE content = ?",
                (content,),
            ).fetchall()
        changed = {file_path(root, relative): mtime for root, relative, mtime in files}
        if picture is None or path not in changed:
            return None
        width, height, size = picture
        return PictureDetails(
            width=width,
            height=height,
            size=size,
            modified=datetime.fromtimestamp(changed[path] / 1e9).astimezone(),
            recognised=self.recognised_in(content, model),
        )

    def recognised_in(self, content: ContentId, model: str) -> tuple[Recognised, ...]:
        """What a model said of a content, by vocabulary."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT vocabulary, words.word, probability FROM tags"
                " JOIN words ON words.id = tags.word"
                " WHERE content = ? AND model = (SELECT id FROM models WHERE stamp = ?)"
                " ORDER BY vocabulary, probability DESC",
                (content, model),
            )
            return tuple(Recognised(*row) for row in rows)

"""Thumbnails beside the catalogue: a bounded cache that is safe to delete.

Each has a signature, by which near duplicates are recognised. It is derived like the thumbnail, so it
is stored here: adding those that an earlier version did not make must not change the catalogue.

Nothing in the file is trusted: every blob has a checksum, and a file that SQLite finds damaged, at the
start or in use, is thrown away while nobody reads it. The store remembers from which content on
something may be lacking, until all of it has been made again.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from fashion_finder.catalogue.connection import Connections, bring_up_to_date, companions
from fashion_finder.catalogue.rescue import find_damage
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import ContentId
from fashion_finder.errors import (
    CatalogueDamaged,
    CatalogueError,
    CatalogueNewer,
    CatalogueUnwritable,
)
from fashion_finder.file_lock import FileLock
from fashion_finder.own_files import make_way_for_new

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = 60.0
"""How long there are no thumbnails after the store could not be opened, until it is tried again."""

_HEALING_SECONDS: Final = 5.0
"""How long to wait for another process that throws the same file away."""

_MIGRATIONS = (
    """
    CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), catalogue TEXT NOT NULL);
    INSERT INTO owner VALUES (1, '');
    CREATE TABLE thumbnails (
        content  INTEGER PRIMARY KEY,
        jpeg     BLOB NOT NULL
    );
    CREATE TABLE total (one INTEGER PRIMARY KEY CHECK (one = 1), bytes INTEGER NOT NULL);
    INSERT INTO total VALUES (1, 0);
    CREATE TRIGGER count_in AFTER INSERT ON thumbnails
    BEGIN UPDATE total SET bytes = bytes + length(NEW.jpeg); END;
    CREATE TRIGGER count_out AFTER DELETE ON thumbnails
    BEGIN UPDATE total SET bytes = bytes - length(OLD.jpeg); END;
    """,
    """
    CREATE TABLE signatures (
        content    INTEGER PRIMARY KEY,
        signature  BLOB NOT NULL
    );
    """,
    """
    CREATE TABLE IF NOT EXISTS checksums (  -- CRC-32; NULL for what an earlier version stored
        content       INTEGER PRIMARY KEY,
        of_jpeg       INTEGER,
        of_signature  INTEGER
    );
    CREATE TABLE IF NOT EXISTS lacking (  -- contents after this one may lack a signature
        one    INTEGER PRIMARY KEY CHECK (one = 1),
        after  INTEGER  -- NULL: none does
    );
    INSERT OR IGNORE INTO lacking VALUES (1, 0);
    """,
)

_TABLES: Final = {"owner", "thumbnails", "total", "signatures", "checksums", "lacking"}

_NOTE_JPEG: Final = (
    "INSERT INTO checksums (content, of_jpeg) VALUES (?1, ?2)"
    " ON CONFLICT (content) DO UPDATE SET of_jpeg = ?2"
)
_NOTE_SIGNATURE: Final = (
    "INSERT INTO checksums (content, of_signature) VALUES (?1, ?2)"
    " ON CONFLICT (content) DO UPDATE SET of_signature = ?2"
)

_DAMAGE: Final = (
    CatalogueDamaged,
    CatalogueNewer,
    sqlite3.OperationalError,  # tables or columns that are not there
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InternalError,
)

_Found = TypeVar("_Found")


class ThumbnailStore:
    """JPEG thumbnails by content. Any thread may call it.

    Raises CatalogueError where the disk fails; damage is mended, and nothing is found then.
    """

    def __init__(self, data_dir: Path, catalogue: str, limit: int) -> None:
        """Open the store of this catalogue; a damaged one, or another catalogue's, starts over.

        Where that fails, there are no thumbnails for the time being.
        """
        self._path: Final = DataFolder(data_dir).thumbnails
        self._catalogue: Final = catalogue
        self._limit: Final = limit  # bytes
        self._connections: Connections | None = None
        self._identity: tuple[int, int] | None = None  # of the file that is open
        self._retry_at = float("-inf")
        self._users = 0
        self._is_replacing = False
        self._is_closed = False
        self._changed = threading.Condition()
        self._reopen(None)

    def close(self) -> None:
        """Close all connections."""
        with self._alone():
            self._is_closed = True
            self._release()

    def verify(self, stopped: threading.Event) -> None:
        """Read the whole file, until done or stopped; a damaged one starts over."""
        connections = self._connections  # not borrowed: that would keep others from mending it
        if connections is None:
            return
        try:
            damage = find_damage(self._path, stopped)
        except (CatalogueError, sqlite3.Error) as error:  # met again by the first use
            log.warning("could not check the thumbnails: %s", error)
            return
        if damage:
            self._reopen(connections, damage)

    # ------------------------------------------------------------ thumbnails

    def get(self, content: ContentId) -> bytes | None:
        """The thumbnail's JPEG bytes, if they are stored and as they were."""
        jpeg, checksum = self._stored(content)
        return jpeg if jpeg is not None and checksum == zlib.crc32(jpeg) else None

    def get_unverified(self, content: ContentId) -> bytes | None:
        """What an earlier version stored, without a checksum: it need not be a picture."""
        jpeg, checksum = self._stored(content)
        return jpeg if checksum is None else None

    def _stored(self, content: ContentId) -> tuple[bytes | None, int | None]:
        rows = self._rows(
            "SELECT jpeg, of_jpeg FROM thumbnails LEFT JOIN checksums USING (content)"
            " WHERE content = ?",
            content,
        )
        return rows[0] if rows and isinstance(rows[0][0], bytes) else (None, None)

    def put(
        self,
        thumbnails: Mapping[ContentId, bytes],
        signatures: Mapping[ContentId, bytes] | None = None,
    ) -> None:
        """Store thumbnails; those of the lowest ids are dropped when the store exceeds its limit.

        Signatures, about a fifth as large, stay as long as their contents.
        """

        def write(connection: sqlite3.Connection) -> None:
            # A replaced row fires no delete trigger, so it is deleted by name.
            connection.executemany(
                "DELETE FROM thumbnails WHERE content = ?", ((key,) for key in thumbnails)
            )
            connection.executemany("INSERT INTO thumbnails VALUES (?, ?)", thumbnails.items())
            connection.executemany(_NOTE_JPEG, _checksums(thumbnails))
            connection.executemany(
                "INSERT OR REPLACE INTO signatures VALUES (?, ?)", (signatures or {}).items()
            )
            connection.executemany(_NOTE_SIGNATURE, _checksums(signatures or {}))
            while _total(connection) > self._limit:
                dropped = connection.execute(
                    "DELETE FROM thumbnails WHERE content IN"
                    " (SELECT content FROM thumbnails ORDER BY content LIMIT 64)"
                ).rowcount
                if not dropped:
                    raise CatalogueDamaged(self._path, "the thumbnails are counted wrongly")

        self._write(write)

    def drop(self, contents: Iterable[ContentId]) -> None:
        """Delete the thumbnails of contents that were deleted."""
        deleted = [(content,) for content in contents]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM thumbnails WHERE content = ?", deleted)
            connection.executemany("DELETE FROM signatures WHERE content = ?", deleted)
            connection.executemany("DELETE FROM checksums WHERE content = ?", deleted)

        self._write(write)

    # ------------------------------------------------------------ signatures

    def signatures_of(self, contents: Sequence[ContentId]) -> dict[ContentId, bytes]:
        """The signatures of these contents, where there are any."""

        def read(connections: Connections) -> list[tuple[Any, ...]]:
            return list(
                connections.rows_among(
                    "SELECT content, signature, of_signature FROM signatures"
                    " LEFT JOIN checksums USING (content) WHERE content IN ({values})",
                    contents,
                )
            )

        sound: dict[ContentId, bytes] = {}
        damaged: list[int] = []
        nothing: list[tuple[Any, ...]] = []
        for content, signature, checksum in self._use(read, nothing):
            if isinstance(signature, bytes) and checksum in {None, zlib.crc32(signature)}:
                sound[ContentId(content)] = signature
            else:
                damaged.append(content)
        if damaged:
            self._forget_signatures(damaged)
        return sound

    def _forget_signatures(self, contents: Sequence[int]) -> None:
        """They are damaged: let them be made again."""
        log.warning("%d damaged signatures are made again", len(contents))

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "DELETE FROM signatures WHERE content = ?", ((content,) for content in contents)
            )
            connection.execute(
                "UPDATE lacking SET after = min(ifnull(after, ?1), ?1)", (min(contents) - 1,)
            )

        try:
            self._write(write)
        except CatalogueError as error:
            log.warning("could not drop damaged signatures: %s", error.title)

    def unsigned(self, after: int, count: int) -> list[ContentId]:
        """The next contents with a thumbnail but no signature yet, ascending."""
        rows = self._rows(
            "SELECT content FROM thumbnails WHERE content > ?"
            " AND content NOT IN (SELECT content FROM signatures) ORDER BY content LIMIT ?",
            *(after, count),
        )
        return [ContentId(content) for (content,) in rows]

    def sign(self, signatures: Mapping[ContentId, bytes]) -> None:
        """Store signatures of thumbnails; those of thumbnails deleted since are dropped."""

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR REPLACE INTO signatures SELECT content, ? FROM thumbnails"
                " WHERE content = ?",
                ((signature, content) for content, signature in signatures.items()),
            )
            connection.executemany(_NOTE_SIGNATURE, _checksums(signatures))

        self._write(write)

    # ------------------------------------------------------------ what is lacking

    def lacking_after(self) -> int | None:
        """Contents after this one may lack thumbnail and signature; None when none does."""
        rows = self._rows("SELECT after FROM lacking")
        return rows[0][0] if rows else None

    def note_made(self, before: int, upto: int | None) -> None:
        """After `before`, all up to `upto` have been made as far as they can be read; None: all."""
        self._write(
            lambda connection: connection.execute(
                "UPDATE lacking SET after = ? WHERE after = ?", (upto, before)
            )
        )

    # ------------------------------------------------------------ the file

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query; none without a store."""

        def read(connections: Connections) -> list[tuple[Any, ...]]:
            with connections.reading() as connection:
                return connection.execute(statement, values).fetchall()

        return self._use(read, [])

    def _write(self, write: Callable[[sqlite3.Connection], object]) -> None:
        """One transaction; nothing without a store."""

        def run(connections: Connections) -> None:
            with connections.atomic() as connection:
                write(connection)

        self._use(run, None)

    def _use(self, work: Callable[[Connections], _Found], otherwise: _Found) -> _Found:
        """What `work` returns, on a new file when this one is damaged; `otherwise` without one."""
        for is_last in (False, True):
            with self._borrowed() as connections:
                if connections is None:
                    return otherwise
                try:
                    return work(connections)
                except _DAMAGE as error:
                    if is_last:
                        raise CatalogueDamaged(self._path, str(error)) from error
                    damage = str(error)
            self._reopen(connections, damage)
        raise AssertionError("the second try returns or raises")

    @contextmanager
    def _borrowed(self) -> Iterator[Connections | None]:
        """The connections, which are not closed while the block runs."""
        if self._connections is None:
            if not self._is_closed and time.monotonic() >= self._retry_at:
                self._reopen(None)
        elif self._identity != _identity_of(self._path):  # another process has replaced the file
            self._reopen(self._connections)
        with self._changed:
            self._changed.wait_for(lambda: not self._is_replacing)
            connections = self._connections
            self._users += 1
        try:
            yield connections
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody uses the connections while the block runs."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_replacing)
            self._is_replacing = True
            self._changed.wait_for(lambda: self._users == 0)
        try:
            yield
        finally:
            with self._changed:
                self._is_replacing = False
                self._changed.notify_all()

    def _reopen(self, before: Connections | None, damage: str = "") -> None:
        """Open the file anew, and another one if it is damaged, unless a thread was faster."""
        with self._alone():
            if self._connections is not before or self._is_closed:
                return
            self._release()
            try:
                if damage:
                    _throw_away(self._path, damage)
                self._connections = _open_or_replace(self._path)
                self._identity = _identity_of(self._path)
                self._belong_to_catalogue(self._connections)
            except (CatalogueError, sqlite3.Error) as error:
                log.warning("no thumbnails: %s", error)
                self._release()
                self._retry_at = time.monotonic() + RETRY_SECONDS

    def _release(self) -> None:
        if self._connections is not None:
            self._connections.close()
            self._connections = None

    def _belong_to_catalogue(self, connections: Connections) -> None:
        with connections.reading() as connection:
            (owner,) = connection.execute("SELECT catalogue FROM owner").fetchone()
        if owner != self._catalogue:  # ids of two catalogues mean different pictures
            with connections.atomic() as connection:
                connection.execute("DELETE FROM thumbnails")
                connection.execute("DELETE FROM signatures")
                connection.execute("DELETE FROM checksums")
                connection.execute("UPDATE lacking SET after = 0")
                connection.execute("UPDATE owner SET catalogue = ?", (self._catalogue,))


def is_damaged(path: Path) -> bool:
    """Whether the stored thumbnails cannot be used; False where there are none. Reads the file."""
    odd = (file for file in (path, *companions(path)) if os.path.lexists(file))
    if any(file.is_symlink() or not file.is_file() for file in odd):
        return True
    return path.is_file() and not _is_sound(path)


def _open_or_replace(path: Path) -> Connections:
    try:
        return _open(path)
    except _DAMAGE as error:
        _throw_away(path, str(error))
        return _open(path)


def _open(path: Path) -> Connections:
    """Raises what `_DAMAGE` lists for a file that is no store of thumbnails."""
    try:
        make_way_for_new(path)
    except OSError as error:
        if not path.is_file():  # else it lies in a folder that is read-only
            raise CatalogueUnwritable.because(path, error) from error
    connections = Connections(path)
    try:
        bring_up_to_date(connections, _MIGRATIONS, keeps_copy=False)
        _require_whole(connections)
    except BaseException:
        connections.close()
        raise
    return connections


def _require_whole(connections: Connections) -> None:
    """Raise CatalogueDamaged where tables, or the one row that some have, are missing."""
    with connections.reading() as connection:
        tables = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not tables >= _TABLES:
            raise CatalogueDamaged(connections.path, "tables are missing")
        rows = connection.execute("SELECT 1 FROM owner, total, lacking").fetchall()
        if len(rows) != 1:
            raise CatalogueDamaged(connections.path, "rows are missing")


def _throw_away(path: Path, damage: str) -> None:
    """Delete the damaged file, unless another process has replaced it. Raises CatalogueUnwritable.

    No connection of this process may be open. Another process goes on with the deleted file until it
    notices.
    """
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        try:
            lock.acquire(_HEALING_SECONDS)
        except OSError as error:  # a full disk, perhaps
            log.info("thumbnails are thrown away without a lock: %s", error.strerror)
        if _is_sound(path):
            return
        log.warning("the thumbnails are damaged, and are made again: %s", damage)
        for file in (path, *companions(path)):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise CatalogueUnwritable.because(path, error) from error
    finally:
        lock.release(remove=True)


def _is_sound(path: Path) -> bool:
    try:
        with closing(_open(path)) as connections:
            return _is_counted(connections) and not find_damage(path)
    except (*_DAMAGE, CatalogueError):
        return False


def _is_counted(connections: Connections) -> bool:
    """Whether the bytes of all thumbnails are what was counted as they came and went."""
    with connections.reading() as connection:
        (there,) = connection.execute("SELECT total(length(jpeg)) FROM thumbnails").fetchone()
        return _total(connection) == int(there)


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


def _checksums(blobs: Mapping[ContentId, bytes]) -> Iterator[tuple[ContentId, int]]:
    return ((content, zlib.crc32(blob)) for content, blob in blobs.items())


def _total(connection: sqlite3.Connection) -> int:
    """The bytes of all thumbnails."""
    row = connection.execute("SELECT bytes FROM total").fetchone()
    if row is None:
        raise sqlite3.DataError("the count of bytes is missing")
    return int(row[0])

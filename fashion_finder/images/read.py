"""Reads a picture, from a file or bytes, into what the catalogue and the model need."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from fashion_finder.domain import PreparedPicture
from fashion_finder.errors import (
    PictureDenied,
    PictureError,
    PictureInCloud,
    PictureMissing,
    PicturePostponed,
    PictureTooLarge,
    PictureUnreachable,
    PictureUnreadable,
)
from fashion_finder.images.decode import Upright, decode
from fashion_finder.images.formats import PICTURE, detail_of, kind_of_name, unread_kind
from fashion_finder.images.placeholders import is_only_in_cloud
from fashion_finder.images.preprocess import fitted_size, prepare_square
from fashion_finder.images.signature import signature_of

FILE_LIMIT: Final = 512 << 20
"""Largest file that is read, bytes: it is held in memory while it is decoded."""

_WORKING_SIDE: Final = 486
"""Least longer side of a decoded photo, pixels: about twice the model's and the thumbnail's.

The prepared squares of detailed 12-megapixel JPEGs, compared with decoding in full (210 ms): at 486
(libjpeg's scale 1/8) they differ by 0.6 of 256 levels on average and take 56 ms; at 640 (1/4) by 0.3
levels in 70 ms. Decoding smaller photos to just 256 costs 2.6 levels.
"""

THUMBNAIL_SIDE: Final = 256
"""Longer side of a new thumbnail, pixels."""

_KEPT_SIDE: Final = 320
_KEPT_BYTES: Final = 24 << 10
"""A plain JPEG up to this size is its own thumbnail: for catalogue photos of 225 x 300 pixels, making
another would be a good part of the work of reading them."""

_QUALITY: Final = 80  # about 8 KB each; at 70 the blocks show on plain backgrounds

# Opening a FIFO without O_NONBLOCK waits for a writer; these flags do not exist everywhere.
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)

_NO_ATIME: Final = getattr(os, "O_NOATIME", 0)
"""Leaves the access time alone, on Linux."""

_PIECE: Final = 256 << 10
"""Bytes read at once: a drive that answers at all gives as much within seconds."""

_NO_SUCH_FILE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


def _ignore() -> None:
    """Nobody wants to know."""


def read_picture(
    source: Path | bytes,
    known: Sequence[bytes] = (),
    preview: int = 0,
    *,
    may_fetch: bool = True,
    arrived: Callable[[], None] = _ignore,
    complete: Callable[[], None] = _ignore,
) -> PreparedPicture | bytes:
    """Read and prepare a picture; the file is opened once, for reading.

    Args:
        source: a file, or the encoded bytes of a picture.
        known: digests of contents that need no decoding.
        preview: longer side of the preview wanted, pixels; 0 for none.
        may_fetch: whether a file that is only in the cloud is to be downloaded for it.
        arrived: called whenever the file has given bytes.
        complete: called once all bytes are there: no disk is waited for any more.

    Returns:
        The prepared picture, or only the BLAKE2b-256 digest when that is among ``known``.

    Raises:
        PictureMissing, PictureDenied, PictureUnreachable, PictureInCloud, PictureUnreadable,
        PictureTooLarge, PicturePostponed: as their names say.
    """
    subject = source if isinstance(source, Path) else None
    data = source
    if isinstance(data, Path):
        data = read_bytes(data, arrived, may_fetch=may_fetch)
    complete()
    if len(data) > FILE_LIMIT:
        raise PictureTooLarge(subject, _megabytes(len(data)))
    digest = hashlib.blake2b(data, digest_size=32).digest()
    if digest in known:
        return digest
    try:
        upright = _decoded(data, max(_WORKING_SIDE, preview), subject)
    except PictureError as error:
        if _is_the_systems(error.__cause__):
            raise PicturePostponed(subject, "the system could not open what it needs") from error
        raise
    square = prepare_square(upright.image)
    is_small = len(data) <= _KEPT_BYTES and max(upright.image.size) <= _KEPT_SIDE
    return PreparedPicture(
        digest=digest,
        size=len(data),
        width=upright.width,
        height=upright.height,
        square=square,
        thumbnail=data if upright.plain and is_small else encode_thumbnail(upright.image),
        preview=np.array(_shrunk(upright.image, preview)) if preview else None,
        signature=signature_of(square),
        cut_short=upright.cut_short,
    )


def _decoded(data: bytes, side: int, subject: Path | None) -> Upright:
    """Decode it; a file of a kind that is not read is called that, not damaged."""
    kind = unread_kind(data, subject)
    if kind is not None:
        raise PictureUnreadable(subject, detail_of(kind))
    try:
        return decode(data, side, subject)
    except PictureUnreadable as error:
        kind = kind_of_name(subject.name) if subject is not None else None
        if kind is None or kind is PICTURE:
            raise
        raise PictureUnreadable(subject, detail_of(kind)) from error


def encode_thumbnail(image: Image.Image) -> bytes:
    """A small JPEG copy of an RGB picture, to be shown even while the photo itself is offline."""
    file = BytesIO()
    _shrunk(image, THUMBNAIL_SIDE).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """A copy of at most ``side`` pixels on the longer side; smaller pictures keep their size."""
    if max(image.size) <= side:
        return image
    return image.resize(
        fitted_size(image.width, image.height, side), Image.Resampling.BICUBIC, reducing_gap=3.0
    )


def read_bytes(
    path: Path, arrived: Callable[[], None] = _ignore, *, may_fetch: bool = True
) -> bytes:
    """All bytes of a regular file of at most ``FILE_LIMIT``, which must not change meanwhile.

    ``arrived`` is called after each piece of it.

    Raises:
        PictureMissing, PictureDenied, PictureUnreachable, PictureInCloud, PictureUnreadable,
        PictureTooLarge: as their names say.
    """
    try:
        # Checked before it is opened: opening some devices has side effects.
        seen = os.stat(path)
        _require_regular(seen, path)
        if not may_fetch and is_only_in_cloud(seen):
            raise PictureInCloud(path)
        descriptor = _open(path)
        with open(descriptor, "rb", buffering=0) as file:
            before = os.fstat(descriptor)
            _require_regular(before, path)
            if before.st_size > FILE_LIMIT:
                raise PictureTooLarge(path, _megabytes(before.st_size))
            data = _read_at_most(file.fileno(), before.st_size + 1, arrived)
            after = os.fstat(descriptor)
    except OSError as error:
        raise _translate(error, path) from error
    except ValueError as error:  # no file has such a name: a null character, or lone surrogates
        raise PictureMissing(path) from error
    unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if len(data) != before.st_size or not unchanged:
        raise PictureUnreachable(path, "it was being written while it was read")
    return data


def _open(path: Path) -> int:
    if _NO_ATIME:
        try:
            return os.open(path, _FLAGS | _NO_ATIME)
        except PermissionError:  # only its owner may ask for that
            pass
    return os.open(path, _FLAGS)


def _require_regular(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise PictureUnreadable(path, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise PictureUnreadable(path, "it is not a regular file")


def _read_at_most(descriptor: int, limit: int, arrived: Callable[[], None]) -> bytes:
    """Bytes up to the end of the file or ``limit``; a growing file cannot fill the memory."""
    pieces = []
    while limit > 0 and (piece := os.read(descriptor, min(limit, _PIECE))):
        pieces.append(piece)
        limit -= len(piece)
        arrived()
    return b"".join(pieces)


def _is_the_systems(cause: BaseException | None) -> bool:
    """Whether decoding failed for want of a library or a descriptor: bytes cause no such errors."""
    return isinstance(cause, ImportError) or (
        isinstance(cause, OSError) and cause.errno is not None
    )


def _translate(error: OSError, path: Path) -> PictureError:
    if isinstance(error, PermissionError):
        return PictureDenied(path)
    if error.errno in _NO_SUCH_FILE:
        return PictureMissing(path)
    if error.errno == errno.ELOOP:
        return PictureUnreadable(path, "its links lead in a circle")
    reason = (error.strerror or "an unknown error").lower()
    return PictureUnreachable(path, f"the drive or share answered: {reason}")


def _megabytes(size: int) -> str:
    return f"the file has {size / (1 << 20):.0f} MB, at most {FILE_LIMIT >> 20} are read"

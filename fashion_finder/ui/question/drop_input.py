"""What a drop or a paste means, decided from the formats it offers, without touching the disk.

Order of preference: a local file, then picture data, then a local picture inside HTML. A web
link is never followed; the user is told how to copy the picture itself.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QImage

from fashion_finder.domain import PictureData
from fashion_finder.errors import PictureRefused, PictureUnreadable
from fashion_finder.images.formats import PICTURE_SUFFIXES
from fashion_finder.ui.question.file_links import local_path
from fashion_finder.ui.question.search_session import RawPicture

_KINDS = "png jpeg jpg webp avif heic heif tiff bmp x-bmp x-ms-bmp gif"
ENCODED_FORMATS = tuple(f"image/{kind}" for kind in _KINDS.split())
NAMELESS_FORMAT = "application/octet-stream"  # how Chromium offers a picture that is dragged
LONGEST_HTML = 48 * 1024 * 1024  # characters; it may embed a picture

_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class LocalFiles:
    """Local files or folders; which are folders, only the disk can say."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Nothing to search with, and what to do instead."""

    title: str
    text: str


Incoming = LocalFiles | PictureData | RawPicture | PictureRefused | Advice


def is_acceptable(mime: QMimeData) -> bool:
    """Whether to accept a drag: it may be a picture, or something to give advice on."""
    return mime.hasUrls() or mime.hasImage() or mime.hasHtml() or mime.hasText()


def read_mime(mime: QMimeData, indexed: Iterable[Path], name: str) -> Incoming:
    """Decide what was meant; `name` is for a picture without a file."""
    folders = tuple(indexed)
    return (
        _from_urls(mime.urls() if mime.hasUrls() else _text_urls(mime), folders)
        or _from_picture_data(mime, name)
        or _from_html(mime, folders, name)
        or _advice(mime)
    )


def first_picture(paths: Sequence[Path]) -> Path:
    """The file to ask with: the first with a picture's suffix, or else the first."""
    return next((path for path in paths if path.suffix.lower() in PICTURE_SUFFIXES), paths[0])


def folders_among(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The folders among dropped paths. Reads the disk: not for the GUI thread."""
    return tuple(path for path in paths if os.path.isdir(path))  # noqa: PTH112 - never raises


def encoded_picture(image: QImage, name: str) -> PictureData:
    """Encode pixels as PNG, for speed rather than size. Slow. Raises PictureUnreadable."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    # Qt hands quality 0..100 to zlib upside down: 80 is a fast, light compression.
    if not image.save(buffer, "PNG", 80):  # type: ignore[call-overload]
        raise PictureUnreadable
    return PictureData(bytes(data.data()), name)


def _translate(text: str) -> str:
    return QCoreApplication.translate("incoming", text)


def _text_urls(mime: QMimeData) -> list[QUrl]:
    """Links in plain text, as some file managers paste them."""
    if not mime.hasText():
        return []
    lines = mime.text()[:65536].split()
    return [QUrl(line) for line in lines if line.lower().startswith("file:")]


def _from_urls(urls: Iterable[QUrl], folders: Sequence[Path]) -> Incoming | None:
    paths: list[Path] = []
    refused: PictureRefused | None = None
    for url in urls:
        if url.scheme().lower() != "file":
            continue
        try:
            paths.append(local_path(url, folders))
        except PictureRefused as error:
            refused = refused or error
        except ValueError:
            continue
    return LocalFiles(tuple(paths)) if paths else refused


def _from_picture_data(mime: QMimeData, name: str) -> Incoming | None:
    # Programs list the original format first and conversions after it: read in this order, the
    # exact bytes of an indexed photo are recognised.
    for kind in mime.formats():
        if kind in ENCODED_FORMATS:
            data = mime.data(kind).data()
            if data:
                return PictureData(bytes(data), name)
    if mime.hasFormat(NAMELESS_FORMAT):
        data = bytes(mime.data(NAMELESS_FORMAT).data())
        if _begins_like_a_picture(data):
            return PictureData(data, name)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return RawPicture(name, partial(encoded_picture, image, name))
    return None


def _begins_like_a_picture(data: bytes) -> bool:
    """Whether data without a format is a picture, judged by its first twelve bytes."""
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    if data[4:8] == b"ftyp":  # ISO/IEC 14496-12; the brands of AVIF and HEIF
        return data[8:12] in _BRANDS
    return data.startswith(_SIGNATURES)


def _from_html(mime: QMimeData, folders: Sequence[Path], name: str) -> Incoming | None:
    if not mime.hasHtml():
        return None
    refused: Incoming | None = None
    for source in _PictureSources(mime.html()[:LONGEST_HTML]).found:
        if source[:5].lower() == "data:":
            data = _embedded_picture(source)
            if data:
                return PictureData(data, name)
        else:
            found = _from_urls([QUrl(source)], folders)
            if isinstance(found, LocalFiles):
                return found
            refused = refused or found
    return refused


class _PictureSources(HTMLParser):
    """The sources of the pictures in a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        with suppress(AssertionError):  # html.parser raises it for some malformed declarations
            self.feed(text)
            self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by HTMLParser for each opening tag."""
        if tag == "img":
            self.found += [value.strip() for key, value in attrs if key == "src" and value]


def _embedded_picture(source: str) -> bytes | None:
    """The bytes of a `data:image/...` link (RFC 2397); None when it holds no picture."""
    head, comma, body = source.partition(",")
    if not comma or not head.lower().startswith("data:image/"):
        return None
    if "svg" in head.lower():  # drawing instructions, not a photo
        return None
    raw = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return raw or None
    try:
        return base64.b64decode(raw, validate=False) or None
    except binascii.Error:
        return None


def _advice(mime: QMimeData) -> Advice:
    words = mime.text().strip() if mime.hasText() else ""
    is_link = mime.hasUrls() or words.lower().startswith(("http:", "https:", "www."))
    if is_link or (mime.hasHtml() and "<img" in mime.html()[:LONGEST_HTML].lower()):
        return Advice(
            _translate("That is a link, not a picture"),
            _translate(
                "Fashion Finder works offline. In your browser, choose “Copy Image”, then "
                "paste it here."
            ),
        )
    return Advice(
        _translate("That isn't a picture"),
        _translate("Drop or paste a photo of a garment or accessory, or open a picture file."),
    )

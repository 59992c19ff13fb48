"""What a drop or a paste means, decided from the formats it offers, without touching the disk.

Order of preference: a local file, then picture data, then a local picture inside HTML. A web
link is never followed; the user is told how to copy the picture itself.

`take` copies what is needed out of the offer, on the GUI thread, where alone it can be had.
`understand` parses it, in a worker: it comes from another program and may be anything of any size.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QImage

from fashion_finder.domain import PictureData
from fashion_finder.errors import PictureRefused, PictureUnreadable
from fashion_finder.images.formats import PICTURE_SUFFIXES
from fashion_finder.ui.question.file_links import local_path
from fashion_finder.ui.question.html_pictures import MOST_ESCAPES, picture_sources
from fashion_finder.ui.question.search_session import RawPicture

_KINDS = "png jpeg jpg webp avif heic heif tiff bmp x-bmp x-ms-bmp gif"
ENCODED_FORMATS = tuple(f"image/{kind}" for kind in _KINDS.split())
NAMELESS_FORMAT = "application/octet-stream"  # how Chromium offers a picture that is dragged
LINKS_FORMAT, HTML_FORMAT = "text/uri-list", "text/html"
PIXELS_FORMAT = "application/x-qt-image"  # Qt's name for pixels that are not encoded
LONGEST_HTML = 16 * 1024 * 1024  # bytes; it may embed a picture
LONGEST_LINKS = 1024 * 1024  # bytes of all together
LONGEST_LINK = 32_768  # bytes: the longest path of any system
LONGEST_TEXT = 65_536  # bytes
MOST_LINKS = 10_000

PATIENCE_SECONDS = 2.0
"""A program that hands over nothing in this time is asked for no other format: each can take Qt five
seconds, in which the window stands still."""

_FILE = b"file:"
_FILE_LINE = re.compile(rb"^[ \t]*file:", re.IGNORECASE | re.MULTILINE)
_WORDS = ("text/plain;charset=utf-8", "text/plain")
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class ForeignPicture:
    """A picture in a format that only Qt reads, such as PPM."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """What was taken of a drop or a paste, not looked into yet."""

    links: bytes = b""  # URLs, one per line
    picture: bytes | ForeignPicture | QImage | None = None
    page: bytes = b""  # HTML
    text: bytes = b""
    is_kept_back: bool = False  # a picture was promised, or anything, and not handed over


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


def take(mime: QMimeData, clock: Callable[[], float] = time.monotonic) -> Offer:
    """Take what can be searched with: the first of links to files, a picture, HTML, text.

    Waits for the program that offers it. Each format is asked for once, and none that is not needed,
    and so is the list of formats: `hasImage` and its like would fetch an empty one again and again.
    """
    began, formats = clock(), mime.formats()
    taken: dict[str, bytes] = {}

    def is_late() -> bool:
        return clock() - began > PATIENCE_SECONDS

    def data(kind: str, most: int | None = None) -> bytes:
        if kind not in formats or (taken and is_late()):
            return b""
        found = mime.data(kind)
        taken[kind] = bytes((found if most is None else found.left(most)).data())
        return taken[kind]

    links = data(LINKS_FORMAT, LONGEST_LINKS)
    if _FILE_LINE.search(links):
        return Offer(links)
    picture: bytes | ForeignPicture | QImage | None = _picture_in(formats, data)
    # Some systems keep pixels on the clipboard; elsewhere Qt would decode what is encoded, here.
    if PIXELS_FORMAT in formats and not any(kind.startswith("image/") for kind in formats):
        image, taken[PIXELS_FORMAT] = mime.imageData(), b""
        picture = image if isinstance(image, QImage) and not image.isNull() else picture
    if picture is not None:
        return Offer(links, picture)
    page = data(HTML_FORMAT, LONGEST_HTML)
    words = b"" if links else next(filter(None, (data(kind, LONGEST_TEXT) for kind in _WORDS)), b"")
    is_kept_back = any(_is_picture(kind) and not taken[kind] for kind in taken) or (
        not any(taken.values()) and (bool(taken) or is_late())
    )
    return Offer(links, None, page, words, is_kept_back)


def understand(offer: Offer, indexed: Iterable[Path], name: str) -> Incoming:
    """Decide what was meant; `name` is for a picture without a file."""
    folders = tuple(indexed)
    urls = _urls(offer.links.split(b"\n", MOST_LINKS)) or _urls(offer.text.split(None, MOST_LINKS))
    sources = list(islice(picture_sources(_utf8(offer.page)), MOST_LINKS))
    return (
        _from_urls(urls, folders)
        or _picture(offer.picture, name)
        or _from_sources(sources, folders, name)
        or _advice(offer, has_pictures=bool(sources))
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


def converted_picture(picture: ForeignPicture, name: str) -> PictureData:
    """Decode what only Qt reads, and encode it as PNG. Slow. Raises PictureUnreadable."""
    image = QImage.fromData(picture.data)
    if image.isNull():
        raise PictureUnreadable
    return encoded_picture(image, name)


def _translate(text: str) -> str:
    return QCoreApplication.translate("incoming", text)


def _urls(lines: Sequence[bytes]) -> list[QUrl]:
    """The file links among lines or words; the last of too many may be cut off, and is left out."""
    # Some programs end the list with a zero, as C ends a string.
    words = [line.strip(b" \t\r\n\0") for line in lines[:MOST_LINKS] if len(line) <= LONGEST_LINK]
    return [QUrl.fromEncoded(word) for word in words if word[:5].lower() == _FILE]


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


def _is_picture(kind: str) -> bool:
    """Whether a format is a picture's; SVG is drawing instructions, not a photo."""
    return kind.startswith("image/") and "svg" not in kind


def _picture_in(
    formats: Sequence[str], data: Callable[[str], bytes]
) -> bytes | ForeignPicture | None:
    # Programs list the original format first and conversions after it: read in this order, the
    # exact bytes of an indexed photo are recognised.
    for kind in formats:
        if kind in ENCODED_FORMATS:
            encoded = data(kind)
            if encoded:
                return encoded
    nameless = data(NAMELESS_FORMAT)
    if _begins_like_a_picture(nameless):
        return nameless
    foreign = next(filter(_is_picture, formats), None)
    if foreign is None or foreign in ENCODED_FORMATS:
        return None
    found = data(foreign)
    return ForeignPicture(found) if found else None


def _picture(
    taken: bytes | ForeignPicture | QImage | None, name: str
) -> PictureData | RawPicture | None:
    if isinstance(taken, QImage):
        return RawPicture(name, partial(encoded_picture, taken, name))
    if isinstance(taken, ForeignPicture):
        return RawPicture(name, partial(converted_picture, taken, name))
    return PictureData(taken, name) if taken else None


def _begins_like_a_picture(data: bytes) -> bool:
    """Whether data without a format is a picture, judged by its first twelve bytes."""
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    if data[4:8] == b"ftyp":  # ISO/IEC 14496-12; the brands of AVIF and HEIF
        return data[8:12] in _BRANDS
    return data.startswith(_SIGNATURES)


def _utf8(page: bytes) -> bytes:
    """HTML in UTF-8, without a mark of the byte order; some programs offer UTF-16."""
    if page[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return page.decode("utf-16", "replace").encode()
    if page[1:2] == b"\0":
        return page.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return page.removeprefix(codecs.BOM_UTF8)


def _from_sources(sources: Iterable[str], folders: Sequence[Path], name: str) -> Incoming | None:
    refused: Incoming | None = None
    escapes = 0
    for source in sources:
        if source[:5].lower() == "data:":
            escapes += source.count("%")
            data = _embedded_picture(source) if escapes <= MOST_ESCAPES else None
            if data:
                return PictureData(data, name)
        else:
            found = _from_urls(_urls([source.encode("utf-8", "replace")]), folders)
            if isinstance(found, LocalFiles):
                return found
            refused = refused or found
    return refused


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


def _advice(offer: Offer, *, has_pictures: bool) -> Advice:
    if offer.is_kept_back:
        return Advice(
            _translate("Nothing was handed over"),
            _translate(
                "The program it came from did not hand the picture over. Try again, or save the "
                "picture and drop the file."
            ),
        )
    is_link = offer.text.strip().lower().startswith((b"http:", b"https:", b"www."))
    if offer.links.strip() or is_link or has_pictures:
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

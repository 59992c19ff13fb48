"""Which pictures a piece of HTML shows, found in one pass from front to back.

HTML that is dropped or pasted may be anything. Every byte is looked at a fixed number of times,
whatever it holds, which `html.parser` cannot promise. Tags, comments and attributes are told apart
as the tokenizer of the HTML standard does (WHATWG, section 13.2.5), without its rarer states.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MOST_TAGS = 30_000
"""Tags and attributes looked at, together, in a tenth of a second; what stands behind is ignored."""
MOST_ESCAPES = 200_000
"""Escaped signs that are read; each takes a fraction of a microsecond."""

_SPACE = re.compile(rb"[ \t\n\r\f]+")
_BETWEEN = re.compile(rb"[ \t\n\r\f/]+")
_END_OF_TAG = re.compile(rb"[ \t\n\r\f/>]")
_END_OF_NAME = re.compile(rb"[ \t\n\r\f/>=]")
_END_OF_VALUE = re.compile(rb"[ \t\n\r\f>]")
_RAW = (b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes")
"""Elements whose text is not markup."""


def picture_sources(page: bytes) -> Iterator[str]:
    """The sources of the ``img`` elements, in order; `page` is UTF-8."""
    lower = page.lower()  # of ASCII alone, so that places stay the same
    steps = iter(range(MOST_TAGS))
    place = escapes = 0
    for _ in steps:
        place = page.find(b"<", place)
        if place < 0:
            return
        if page.startswith(b"<!--", place):
            place = page.find(b"-->", place + 4)
        elif lower[place + 1 : place + 2].isalpha():
            end = _end_of(page, place + 1, _END_OF_TAG)
            tag = lower[place + 1 : end]
            place, source = _source_in(page, end, steps)
            if source and tag == b"img":
                escapes += source.count(b"&")
                text = source.decode("utf-8", "replace")
                text = (_unescaped(text) if escapes <= MOST_ESCAPES else text).strip()
                if text:
                    yield text
            if tag in _RAW and place >= 0:
                place = lower.find(b"</" + tag, place)
        else:  # a closing tag, a declaration, or just a sign
            place += 1
        if place < 0:
            return


def _source_in(page: bytes, place: int, steps: Iterator[int]) -> tuple[int, bytes | None]:
    """Where a tag ends whose attributes begin here, -1 for nowhere, and its ``src`` as it stands.

    Takes one of `steps` for each attribute.
    """
    source: bytes | None = None
    for _ in steps:
        place = _skip(page, place, _BETWEEN)
        if place >= len(page):
            break
        if page[place : place + 1] == b">":
            return place + 1, source
        end = _end_of(page, place + 1, _END_OF_NAME)
        name = page[place:end].lower()
        place = _skip(page, end, _SPACE)
        value = b""
        if page[place : place + 1] == b"=":
            place = _skip(page, place + 1, _SPACE)
            quote = page[place : place + 1]
            if quote in (b'"', b"'"):
                end = page.find(quote, place + 1)
                if end < 0:
                    break
                value, place = page[place + 1 : end], end + 1
            else:
                end = _end_of(page, place, _END_OF_VALUE)
                value, place = page[place:end], end
        if name == b"src" and source is None:
            source = value
    return -1, None


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # Python reads no number of more than 4,300 digits
        return text


def _skip(page: bytes, place: int, signs: re.Pattern[bytes]) -> int:
    """Where the first byte stands that is none of these signs."""
    found = signs.match(page, place)
    return found.end() if found else place


def _end_of(page: bytes, place: int, signs: re.Pattern[bytes]) -> int:
    """Where the next of these signs stands, or the end."""
    found = signs.search(page, place)
    return found.start() if found else len(page)

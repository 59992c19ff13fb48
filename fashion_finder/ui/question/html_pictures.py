"""Which pictures a piece of HTML shows, found in one pass from front to back.

HTML that is dropped or pasted may be anything. Every byte is looked at a fixed number of times,
whatever it holds, which `html.parser` cannot promise. Tags, comments and attributes are told apart
as the tokenizer of the HTML standard does (WHATWG, section 13.2.5), without its rarer states.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MOST_TAGS = 100_000
"""Tags looked at, and attributes of one; what stands behind them is ignored."""

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
    place = tags = 0
    while (place := page.find(b"<", place)) >= 0 and (tags := tags + 1) <= MOST_TAGS:
        if page.startswith(b"<!--", place):
            place = page.find(b"-->", place + 4)
        elif lower[place + 1 : place + 2].isalpha():
            end = _end_of(page, place + 1, _END_OF_TAG)
            tag = lower[place + 1 : end]
            place, source = _source_in(page, end)
            if source and tag == b"img":
                yield source
            if tag in _RAW and place >= 0:
                place = lower.find(b"</" + tag, place)
        else:  # a closing tag, a declaration, or just a sign
            place += 1
        if place < 0:
            return


def _source_in(page: bytes, place: int) -> tuple[int, str]:
    """Where a tag ends whose attributes begin here, -1 for nowhere, and its ``src``."""
    source: bytes | None = None
    for _ in range(MOST_TAGS):
        place = _skip(page, place, _BETWEEN)
        if place >= len(page):
            break
        if page[place : place + 1] == b">":
            text = html.unescape((source or b"").decode("utf-8", "replace"))
            return place + 1, text.strip()
        end = _end_of(page, place + 1, _END_OF_NAME)
        name = page[place:end].lower()
        place = _skip(page, end, _SPACE)
        if page[place : place + 1] != b"=":
            continue
        place = _skip(page, place + 1, _SPACE)
        quote = page[place : place + 1]
        if quote in (b'"', b"'"):
            place += 1
            end = page.find(quote, place)
            if end < 0:
                break
            value, place = page[place:end], end + 1
        else:
            end = _end_of(page, place, _END_OF_VALUE)
            value, place = page[place:end], end
        if name == b"src" and source is None:
            source = value
    return -1, ""


def _skip(page: bytes, place: int, signs: re.Pattern[bytes]) -> int:
    """Where the first byte stands that is none of these signs."""
    found = signs.match(page, place)
    return found.end() if found else place


def _end_of(page: bytes, place: int, signs: re.Pattern[bytes]) -> int:
    """Where the next of these signs stands, or the end."""
    found = signs.search(page, place)
    return found.start() if found else len(page)

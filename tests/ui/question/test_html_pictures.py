"""The pictures in HTML are found whatever else it holds, in time that grows with its length."""

from __future__ import annotations

import html
import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fashion_finder.ui.question.html_pictures import MOST_ESCAPES, MOST_TAGS, picture_sources


def found(page: str) -> list[str]:
    """The sources in a page."""
    return list(picture_sources(page.encode("utf-8", "replace")))


class _Reference(HTMLParser):
    """The standard library's answer, which is right for what is well formed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The first ``src`` counts."""
        sources = [value for key, value in attrs if key == "src"]
        if tag == "img" and sources and sources[0] and sources[0].strip():
            self.found.append(sources[0].strip())


names = st.sampled_from(["src", "SRC", "alt", "data-src", "title", "srcset"])
values = st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), max_size=12)
attributes = st.one_of(
    st.builds(lambda name, value: f' {name}="{html.escape(value)}"', names, values),
    st.builds(lambda name, value: f"\n{name} = '{html.escape(value)}'", names, values),
    st.builds(
        lambda name, word: f" {name}={word}", names, st.from_regex(r"[a-z:/.]{1,8}", fullmatch=True)
    ),
    st.builds(lambda name: f" {name}", names),
)
tags = st.builds(
    lambda tag, given, end: f"<{tag}{''.join(given)}{end}",
    st.sampled_from(["img", "IMG", "a", "p", "image", "imgx", "br"]),
    st.lists(attributes, max_size=4),
    st.sampled_from([">", " />", ">"]),
)
texts = st.text(st.characters(exclude_characters="<&\0\r", codec="utf-8"), max_size=12)
pages = st.lists(
    st.one_of(
        tags,
        texts,
        st.just("</p>"),
        st.just("<!-- <img src='hidden'> -->"),
        st.just("<script>'<img src=hidden>'</script>"),
        st.just("<style><img src=hidden></style>"),
    ),
    max_size=8,
).map("".join)


@given(pages)
@example("<a title='<img src=no>'><img src=yes>")
@example("<img src src=no><img src=yes src=no>")
def test_well_formed_pages_are_understood_as_the_standard_library_does(page: str) -> None:
    """Tags in attributes, comments and scripts are none."""
    assert found(page) == _Reference(page).found


@given(st.text(st.sampled_from("<>img src='\"=/-!a &;\n"), max_size=80))
def test_any_text_is_survived(page: str) -> None:
    """No exception, and nothing but what stands in the text."""
    for source in found(page):
        assert source.strip() == source != ""


HOSTILE = [
    "<a ",
    "<",
    "<!--",
    "<!",
    "</",
    "<img src=",
    "<img src='",
    '<img src="x" ',
    "<script>",
    "<a href='>",
    "<img>",
    "<a b=c ",
    "<img src=x>",
    "<!-- --",
    "<![CDATA[",
    "<?",
    "&#1",
    "<img src='&#9;'>",
    "<a b b b b b b b b>",
]


def test_a_number_of_five_thousand_digits_is_no_character() -> None:
    """Python refuses to read it; the source stays as it stands."""
    source = f"&#{'9' * 5000};"
    assert found(f"<img src='{source}'><img src='a&amp;b'>") == [source, "a&b"]


def test_the_work_on_a_page_is_limited() -> None:
    """Attributes count as tags do, and escaped signs are counted."""
    attributes = "<a" + " b" * (MOST_TAGS // 2) + ">"
    assert found(f"{attributes}<img src=seen>{attributes}<img src=late>") == ["seen"]
    escapes = "&lt;" * (MOST_ESCAPES // 2 + 1)
    few, many = found(f"<img src='{escapes}'><img src='{escapes}'>")
    assert (few, many) == ("<" * (MOST_ESCAPES // 2 + 1), escapes)


def seconds(page: bytes) -> float:
    """The fastest of three."""
    spent = []
    for _ in range(3):
        began = time.thread_time()
        for _ in picture_sources(page):
            pass
        spent.append(time.thread_time() - began)
    return min(spent)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_length_and_not_faster(piece: str) -> None:
    """Sixteen times as much takes no more than forty times as long; a quadratic parser, 256 times."""
    count = MOST_TAGS // 40
    short, long = (piece.encode() * number for number in (count, 16 * count))
    assert seconds(long) <= 40 * max(seconds(short), 0.0005)

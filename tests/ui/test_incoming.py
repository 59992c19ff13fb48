"""What a drop or a paste is taken for."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from fashion_finder.errors import PictureRefused
from fashion_finder.ui.incoming import (
    ENCODED_FORMATS,
    Advice,
    BarePixels,
    EncodedPicture,
    LocalFiles,
    Refused,
    first_picture,
    is_worth_a_try,
    read_mime,
)
from tests.ui.fakes import encoded

NAME = "dropped picture"


def image() -> QImage:
    """Four red pixels."""
    result = QImage(2, 2, QImage.Format.Format_RGB32)
    result.fill(QColor("red"))
    return result


def mime_with(
    *,
    urls: tuple[str, ...] = (),
    data: dict[str, bytes] | None = None,
    html: str = "",
    text: str = "",
    pixels: bool = False,
) -> QMimeData:
    """What another program offers."""
    mime = QMimeData()
    if urls:
        mime.setUrls([QUrl(url) for url in urls])
    for kind, value in (data or {}).items():
        mime.setData(kind, QByteArray(value))
    if html:
        mime.setHtml(html)
    if text:
        mime.setText(text)
    if pixels:
        mime.setImageData(image())
    return mime


def test_a_local_file_is_preferred_to_everything_else() -> None:
    """A file manager offers the file, and perhaps a preview of it."""
    mime = mime_with(
        urls=("file:///photos/dress.jpg",), data={"image/png": encoded()}, html="<img src='x'>"
    )
    assert read_mime(mime, (), NAME) == LocalFiles((Path("/photos/dress.jpg"),))


def test_picture_data_beats_the_link_it_came_from() -> None:
    """A browser offers the address and the picture: the picture is enough."""
    data = encoded()
    mime = mime_with(urls=("https://shop.example/dress",), data={"image/png": data})
    found = read_mime(mime, (), NAME)
    assert isinstance(found, EncodedPicture)
    assert found.picture.data == data
    assert found.picture.name == NAME


def test_the_format_that_is_named_first_is_taken() -> None:
    """It is the picture itself; the others are conversions of it."""
    png, jpeg = encoded(), encoded(kind="JPEG")
    for first, offer in (
        (jpeg, {"image/jpeg": jpeg, "image/png": png}),
        (png, {"image/png": png, "image/jpeg": jpeg}),
    ):
        found = read_mime(mime_with(data=offer), (), NAME)
        assert isinstance(found, EncodedPicture)
        assert found.picture.data == first


def test_an_empty_format_is_passed_over() -> None:
    """Some programs announce a format and deliver nothing."""
    jpeg = encoded(kind="JPEG")
    found = read_mime(mime_with(data={"image/png": b"", "image/jpeg": jpeg}), (), NAME)
    assert isinstance(found, EncodedPicture)
    assert found.picture.data == jpeg


def test_bare_pixels_are_taken_when_nothing_is_encoded() -> None:
    """A screenshot may be pixels only."""
    found = read_mime(mime_with(pixels=True), (), NAME)
    assert isinstance(found, BarePixels)
    assert found.image.size() == image().size()


def test_a_local_picture_in_html_is_found() -> None:
    """A mail program may offer only HTML."""
    html = '<p>Look:</p><img src="https://x.example/a.png"><img src="file:///photos/hat.png">'
    assert read_mime(mime_with(html=html), (), NAME) == LocalFiles((Path("/photos/hat.png"),))


def test_a_picture_embedded_in_html_is_found() -> None:
    """RFC 2397: the picture itself stands in the link."""
    data = encoded()
    html = f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">'
    found = read_mime(mime_with(html=html), (), NAME)
    assert isinstance(found, EncodedPicture)
    assert found.picture.data == data


@pytest.mark.parametrize(
    "mime",
    [
        mime_with(urls=("https://shop.example/dress.jpg",)),
        mime_with(text="https://shop.example/dress.jpg"),
        mime_with(html='<img src="https://shop.example/dress.jpg">'),
    ],
    ids=["url", "text", "html"],
)
def test_a_web_link_is_answered_with_how_to_copy_the_picture(mime: QMimeData) -> None:
    """The program never goes online."""
    found = read_mime(mime, (), NAME)
    assert isinstance(found, Advice)
    assert "Copy Image" in found.text


def test_text_is_answered_with_what_to_do() -> None:
    """Words are no picture."""
    found = read_mime(mime_with(text="red dress"), (), NAME)
    assert isinstance(found, Advice)
    assert "no picture" in found.title


def test_a_file_link_pasted_as_text_is_a_file() -> None:
    """Some file managers paste that."""
    found = read_mime(mime_with(text="file:///photos/a%20b.jpg"), (), NAME)
    assert found == LocalFiles((Path("/photos/a b.jpg"),))


def test_a_file_of_another_computer_is_refused() -> None:
    """Opening it would log in there."""
    mime = mime_with(urls=("file://evil.example/share/dress.jpg",))
    found = read_mime(mime, (), NAME)
    assert isinstance(found, Refused)
    assert isinstance(found.error, PictureRefused)


def test_local_files_are_asked_though_others_are_refused() -> None:
    """One bad link does not spoil the rest."""
    mime = mime_with(urls=("file://evil.example/a.jpg", "file:///photos/b.jpg"))
    assert read_mime(mime, (), NAME) == LocalFiles((Path("/photos/b.jpg"),))


def test_the_first_file_named_like_a_picture_is_chosen() -> None:
    """Side files lie beside photos."""
    paths = [Path("/a/notes.txt"), Path("/a/two.JPG"), Path("/a/three.png")]
    assert first_picture(paths) == Path("/a/two.JPG")
    assert first_picture(paths[:1]) == Path("/a/notes.txt")


anything = st.text(max_size=60)
links = st.one_of(
    anything,
    anything.map(lambda tail: "file://" + tail),
    anything.map(lambda tail: "file:///" + tail),
    anything.map(lambda tail: "https://" + tail),
    anything.map(lambda tail: "data:image/png;base64," + tail),
)
pages = st.one_of(anything, links.map(lambda link: f'<img alt=x src="{link}">'))
offers = st.builds(
    mime_with,
    urls=st.lists(links, max_size=3).map(tuple),
    data=st.dictionaries(st.sampled_from((*ENCODED_FORMATS, "text/x")), st.binary(max_size=20)),
    html=pages,
    text=st.one_of(anything, links),
    pixels=st.booleans(),
)


@given(mime=offers)
def test_every_offer_gets_an_answer_that_leads_nowhere_else(mime: QMimeData) -> None:
    """Whatever is offered: no exception, no empty data, and no path on another computer."""
    is_worth_a_try(mime)
    found = read_mime(mime, (), NAME)
    if isinstance(found, LocalFiles):
        assert found.paths
        for path in found.paths:
            assert not str(path).startswith(("//", "\\\\"))
            assert "\0" not in str(path)
    elif isinstance(found, EncodedPicture):
        assert found.picture.data
    elif isinstance(found, Advice):
        assert found.title and found.text


@given(
    data=st.dictionaries(st.sampled_from(ENCODED_FORMATS), st.binary(min_size=1), min_size=1),
    html=pages,
    text=anything,
)
def test_encoded_data_is_taken_unless_there_is_a_file(
    data: dict[str, bytes], html: str, text: str
) -> None:
    """Pictures come before pages and words, byte for byte as offered."""
    found = read_mime(mime_with(data=data, html=html, text=text), (), NAME)
    if not isinstance(found, LocalFiles | Refused):
        assert isinstance(found, EncodedPicture)
        assert found.picture.data in data.values()

"""What a drop or a paste is taken for."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from fashion_finder.domain import PictureData
from fashion_finder.errors import PictureRefused, PictureUnreadable
from fashion_finder.ui.question.drop_input import (
    ENCODED_FORMATS,
    LONGEST_LINK,
    LONGEST_LINKS,
    MOST_LINKS,
    NAMELESS_FORMAT,
    PIXELS_FORMAT,
    Advice,
    ForeignPicture,
    Incoming,
    LocalFiles,
    first_picture,
    is_acceptable,
    take,
    understand,
)
from fashion_finder.ui.question.html_pictures import MOST_ESCAPES
from fashion_finder.ui.question.search_session import RawPicture
from tests.ui.fakes import encoded

NAME = "dropped picture"


def read_mime(mime: QMimeData, indexed: tuple[Path, ...], name: str) -> Incoming:
    """From the offer to its meaning, as a drop goes."""
    return understand(take(mime), indexed, name)


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
    assert isinstance(found, PictureData)
    assert found.data == data
    assert found.name == NAME


def test_the_format_that_is_named_first_is_taken() -> None:
    """It is the picture itself; the others are conversions of it."""
    png, jpeg = encoded(), encoded(kind="JPEG")
    for first, offer in (
        (jpeg, {"image/jpeg": jpeg, "image/png": png}),
        (png, {"image/png": png, "image/jpeg": jpeg}),
    ):
        found = read_mime(mime_with(data=offer), (), NAME)
        assert isinstance(found, PictureData)
        assert found.data == first


def test_an_empty_format_is_passed_over() -> None:
    """Some programs announce a format and deliver nothing."""
    jpeg = encoded(kind="JPEG")
    found = read_mime(mime_with(data={"image/png": b"", "image/jpeg": jpeg}), (), NAME)
    assert isinstance(found, PictureData)
    assert found.data == jpeg


def test_bare_pixels_are_taken_when_nothing_is_encoded() -> None:
    """A screenshot may be pixels only."""
    found = read_mime(mime_with(pixels=True), (), NAME)
    assert isinstance(found, RawPicture)
    assert QImage.fromData(found.encode().data) == image()


def test_a_local_picture_in_html_is_found() -> None:
    """A mail program may offer only HTML."""
    html = '<p>Look:</p><img src="https://x.example/a.png"><img src="file:///photos/hat.png">'
    assert read_mime(mime_with(html=html), (), NAME) == LocalFiles((Path("/photos/hat.png"),))


def test_a_picture_embedded_in_html_is_found() -> None:
    """RFC 2397: the picture itself stands in the link."""
    data = encoded()
    html = f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">'
    found = read_mime(mime_with(html=html), (), NAME)
    assert isinstance(found, PictureData)
    assert found.data == data


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
    assert "isn't a picture" in found.title


def test_a_file_link_pasted_as_text_is_a_file() -> None:
    """Some file managers paste that."""
    found = read_mime(mime_with(text="file:///photos/a%20b.jpg"), (), NAME)
    assert found == LocalFiles((Path("/photos/a b.jpg"),))


def test_a_file_of_another_computer_is_refused() -> None:
    """Opening it would log in there."""
    mime = mime_with(urls=("file://evil.example/share/dress.jpg",))
    found = read_mime(mime, (), NAME)
    assert isinstance(found, PictureRefused)


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
    data=st.dictionaries(
        st.sampled_from((*ENCODED_FORMATS, NAMELESS_FORMAT, "text/x")), st.binary(max_size=20)
    ),
    html=pages,
    text=st.one_of(anything, links),
    pixels=st.booleans(),
)


@given(mime=offers)
def test_every_offer_gets_an_answer_that_leads_nowhere_else(mime: QMimeData) -> None:
    """Whatever is offered: no exception, no empty data, and no path on another computer."""
    is_acceptable(mime)
    found = read_mime(mime, (), NAME)
    if isinstance(found, LocalFiles):
        assert found.paths
        for path in found.paths:
            assert not str(path).startswith(("//", "\\\\"))
            assert "\0" not in str(path)
    elif isinstance(found, PictureData):
        assert found.data
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
    if not isinstance(found, LocalFiles | PictureRefused):
        assert isinstance(found, PictureData)
        assert found.data in data.values()


# What real programs offer, written down from them: Chromium 156 and PCManFM 1.3.2 of Debian 12, on X11.
# The formats stand in the programs' own order.

ADDRESS = "https://shop.example/dress.jpg"
PAGE = "https://shop.example/dresses/17"


def chromium_drag(photo: bytes, link: str = ADDRESS) -> QMimeData:
    """A picture dragged out of a page; inside a link, the link is the page it leads to."""
    mime = QMimeData()
    for kind, value in (
        ("text/uri-list", link.encode()),
        ("text/plain", link.encode()),
        ("XdndDirectSave0", b"F"),
        ("application/octet-stream", photo),
        ("chromium/x-renderer-taint", b"https://shop.example"),
        (
            "text/html",
            b'\xef\xbb\xbf<img src="' + ADDRESS.encode() + b'" width="300" height="400">',
        ),
        ("chromium/x-drag-id", b"0A5944D24B60C86B1A7C0B8CB2C2AFDF"),
    ):
        mime.setData(kind, QByteArray(value))
    return mime


def chromium_copy(png: bytes) -> QMimeData:
    """*Copy image* in the page's menu: the picture is turned into a PNG."""
    mime = QMimeData()
    for kind, value in (
        ("text/uri-list", ADDRESS.encode()),
        ("chromium/x-internal-source-rfh-token", b"\x14" + b"\0" * 23),
        ("chromium/x-source-url", b"https://shop.example/"),
        ("image/png", png),
        ("text/html", b'<img src="' + ADDRESS.encode() + b'"/>'),
    ):
        mime.setData(kind, QByteArray(value))
    mime.setImageData(image())
    return mime


def file_manager_copy() -> QMimeData:
    """A file copied; the name has a space and an accent."""
    link = b"file:///photos/red%20dress%20%C3%A9.jpg"
    mime = QMimeData()
    for kind, value in (
        ("text/uri-list", link),
        ("x-special/gnome-copied-files", b"copy\n" + link + b"\0"),
        ("application/x-kde-cutselection", b""),
    ):
        mime.setData(kind, QByteArray(value))
    return mime


def file_manager_drag() -> QMimeData:
    """The same file dragged."""
    link = b"file:///photos/red%20dress%20%C3%A9.jpg\r\n"
    mime = QMimeData()
    for kind, value in (
        ("text/uri-list", link),
        ("application/x-fmlist-ptr", b"0h\xe6\xde(V\0\0"),
        ("text/plain", link),
        ("COMPOUND_TEXT", link),
        ("text/plain;charset=utf-8", link),
    ):
        mime.setData(kind, QByteArray(value))
    return mime


@pytest.mark.parametrize("link", [ADDRESS, PAGE], ids=["alone", "inside a link"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_picture_dragged_out_of_chromium_is_asked(kind: str, link: str) -> None:
    """It offers the file's very bytes under no picture's name; the link is not followed."""
    photo = encoded(kind=kind)
    mime = chromium_drag(photo, link)
    assert is_acceptable(mime)
    found = read_mime(mime, (), NAME)
    assert isinstance(found, PictureData)
    assert found.data == photo


def test_a_picture_copied_in_chromium_is_asked() -> None:
    """The encoded picture goes before the pixels that Qt makes of it."""
    png = encoded()
    found = read_mime(chromium_copy(png), (), NAME)
    assert isinstance(found, PictureData)
    assert found.data == png


@pytest.mark.parametrize("mime", [file_manager_copy(), file_manager_drag()], ids=["copy", "drag"])
def test_a_file_of_a_file_manager_is_asked(mime: QMimeData) -> None:
    """By its path, whatever is in its name."""
    assert read_mime(mime, (), NAME) == LocalFiles((Path("/photos/red dress é.jpg"),))


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 a lookbook", b"RIFF\x10\0\0\0WAVEfmt ", b"\0\0\0\x18ftypmp42\0\0\0\0"],
    ids=["empty", "document", "sound", "film"],
)
def test_bytes_of_another_kind_are_no_picture(data: bytes) -> None:
    """The advice is given that a link deserves."""
    found = read_mime(chromium_drag(data), (), NAME)
    assert isinstance(found, Advice)
    assert "Copy Image" in found.text


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x1cftypavif\0\0\0\0",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"GIF89a\x01\0\x01\0",
        b"II*\0\x08\0\0\0",
    ],
    ids=["webp", "avif", "heic", "gif", "tiff"],
)
def test_pictures_are_known_by_how_they_begin(data: bytes) -> None:
    """Whether they can be read, the decoder tells."""
    assert isinstance(read_mime(chromium_drag(data), (), NAME), PictureData)


class Counting(QMimeData):
    """Hands data over only when it is asked to, as another program does, and remembers for what."""

    def __init__(self, offered: dict[str, bytes]) -> None:
        super().__init__()
        self.offered = offered
        self.asked: list[str] = []
        self.looks = 0

    def formats(self) -> list[str]:
        """What is promised."""
        self.looks += 1
        return list(self.offered)

    def hasFormat(self, kind: str) -> bool:
        """Whether it is promised."""
        return kind in self.formats()

    def retrieveData(self, kind: str, _type: object) -> object:
        """Hand over."""
        self.asked.append(kind)
        return QByteArray(self.offered.get(kind, b""))


def test_no_format_is_asked_for_twice_nor_without_need() -> None:
    """Each can make the window wait for the other program."""
    mime = Counting(
        {"text/html": b"<p>", "image/png": encoded(), "text/uri-list": b"file:///a.jpg"}
    )
    assert understand(take(mime), (), NAME) == LocalFiles((Path("/a.jpg"),))
    assert mime.asked == ["text/uri-list"]
    mime = Counting({"text/html": b"<p>", "image/png": encoded(), "text/uri-list": b"https://x"})
    assert isinstance(understand(take(mime), (), NAME), PictureData)
    assert sorted(mime.asked) == ["image/png", "text/uri-list"]


def test_a_program_that_hands_nothing_over_is_named_as_the_cause() -> None:
    """It ended before its data was fetched: nobody is told of a link."""
    promised = ("text/uri-list", "text/html", "image/png", "text/plain")
    found = read_mime(Counting(dict.fromkeys(promised, b"")), (), NAME)
    assert isinstance(found, Advice)
    assert "did not hand the picture over" in found.text


def test_a_program_that_does_not_answer_is_not_asked_again() -> None:
    """Each further format could take five seconds."""
    now = iter(range(0, 1000, 5))
    mime = Counting(dict.fromkeys(("text/uri-list", "image/png", "text/html", "text/plain"), b""))
    offer = take(mime, lambda: next(now))
    assert len(mime.asked) == 1
    assert offer.is_kept_back


@pytest.mark.parametrize("rest", [b"", b"<img src='https://shop.example/a.png'>"])
def test_a_picture_that_was_promised_and_is_missing_is_not_called_a_link(rest: bytes) -> None:
    """The program ended halfway; its link and its page were still handed over."""
    offered = {"text/uri-list": b"https://shop.example/a", "image/png": b"", "text/html": rest}
    found = read_mime(Counting(offered), (), NAME)
    assert isinstance(found, Advice)
    assert "did not hand the picture over" in found.text


def test_a_program_that_does_not_even_name_its_formats_is_named_as_the_cause() -> None:
    """An empty clipboard answers at once; a program that hangs keeps the window waiting."""
    slow, quick = iter((0.0, 5.0, 5.0, 5.0)), iter((0.0, 0.0, 0.0, 0.0))
    hanging = Counting({})
    assert take(hanging, lambda: next(slow)).is_kept_back
    assert hanging.looks == 1  # each takes five seconds while there is no answer
    assert not take(Counting({}), lambda: next(quick)).is_kept_back


@pytest.mark.parametrize("link", [b"https://en.wikipedia.org/wiki/File:Dress.jpg", b"x:file:"])
def test_a_link_with_the_word_file_in_it_is_no_file(link: bytes) -> None:
    """The picture that comes with it is asked."""
    picture = encoded()
    found = read_mime(Counting({"text/uri-list": link, "image/png": picture}), (), NAME)
    assert found == PictureData(picture, NAME)


@pytest.mark.parametrize("kind", ["application/x-cells", "image/svg+xml"])
def test_what_no_picture_was_promised_in_is_not_asked_for(kind: str) -> None:
    """Nothing is kept back by a program that never had a photo; a drawing is not rendered."""
    mime = Counting({kind: b"<svg/>", PIXELS_FORMAT: b""} if "svg" in kind else {kind: b"1"})
    found = read_mime(mime, (), NAME)
    assert isinstance(found, Advice)
    assert "isn't a picture" in found.title
    assert mime.asked == []


def test_links_stand_on_lines_and_may_hold_spaces() -> None:
    """Not every program escapes them, and some end with a zero."""
    links = b"# photos\r\n https://x.example/\r\nfile:///photos/red dress.jpg\r\nFILE:///b.jpg\0"
    found = read_mime(Counting({"text/uri-list": links}), (), NAME)
    assert found == LocalFiles((Path("/photos/red dress.jpg"), Path("/b.jpg")))


def test_a_link_longer_than_any_path_is_passed_over() -> None:
    """Megabytes of a name would be drawn."""
    links = b"file:///" + b"a" * LONGEST_LINK + b"\r\nfile:///b.jpg"
    assert read_mime(Counting({"text/uri-list": links}), (), NAME) == LocalFiles((Path("/b.jpg"),))


def test_a_format_that_only_qt_reads_is_decoded_by_the_worker() -> None:
    """The GUI thread copies its bytes and no more."""
    ppm = encoded(kind="PPM")
    offer = take(Counting({"image/x-portable-pixmap": ppm, "application/x-qt-image": b""}))
    assert offer.picture == ForeignPicture(ppm)
    found = understand(offer, (), NAME)
    assert isinstance(found, RawPicture)
    assert QImage.fromData(found.encode().data) == QImage.fromData(ppm)
    broken = understand(take(Counting({"image/x-portable-pixmap": ppm[:5]})), (), NAME)
    assert isinstance(broken, RawPicture)
    with pytest.raises(PictureUnreadable):
        broken.encode()


def test_a_picture_escaped_sign_by_sign_is_limited() -> None:
    """Each takes time; no program writes megabytes like that."""
    few, many = (
        f"<img src='data:image/png,{'%41' * count}'>" for count in (MOST_ESCAPES, MOST_ESCAPES + 1)
    )
    assert isinstance(read_mime(mime_with(html=few), (), NAME), PictureData)
    assert isinstance(read_mime(mime_with(html=many), (), NAME), Advice)


def test_html_in_utf_16_is_understood() -> None:
    """Firefox offers it so."""
    page = '<img src="file:///photos/h\u00fct.png">'
    for data in (page.encode("utf-16"), page.encode("utf-16-le"), page.encode("utf-8-sig")):
        found = read_mime(mime_with(data={"text/html": data}), (), NAME)
        assert found == LocalFiles((Path("/photos/h\u00fct.png"),))


def test_a_million_links_are_cut_off() -> None:
    """The first thousands are more than anyone drops."""
    offer = take(mime_with(data={"text/uri-list": b"file:///a.jpg\r\n" * 1_000_000}))
    assert len(offer.links) <= LONGEST_LINKS
    found = understand(offer, (), NAME)
    assert isinstance(found, LocalFiles)
    assert len(found.paths) == MOST_LINKS

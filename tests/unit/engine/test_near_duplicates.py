"""Copies of a photo that were saved again share a tile; five different photos are left."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, Filters, Match, PictureData, PictureFile, Refinement
from fashion_finder.engine import Engine
from fashion_finder.errors import CatalogueDamaged
from tests.pictures import draw, draw_folder, jpeg


def webp(picture: Image.Image) -> bytes:
    """The picture as WebP bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=70)
    return buffer.getvalue()


@pytest.fixture
def photos(engine: Engine, tmp_path: Path) -> list[Path]:
    """Twenty pictures, and the first of them saved again three times, once in two places."""
    paths = draw_folder(tmp_path / "photos")
    with Image.open(paths[0]) as first:
        small, cropped = first.resize((150, 200)), first.crop((8, 10, 292, 391))
        others = {"web.webp": webp(first), "small.jpg": jpeg(small, 60), "cut.jpg": jpeg(cropped)}
    (tmp_path / "photos" / "export").mkdir()
    for name, data in {**others, "cut again.jpg": others["cut.jpg"]}.items():
        (tmp_path / "photos" / "export" / name).write_bytes(data)
    engine.sync([tmp_path / "photos"])
    return paths


def names(match: Match | None) -> set[str]:
    """The files under one tile."""
    assert match is not None
    near = {path.name for one in match.near for path in (one.path, *one.copies)}
    return {match.path.name, *(path.name for path in match.copies)} | near


SAVED_AGAIN = {"web.webp", "small.jpg", "cut.jpg", "cut again.jpg"}


def test_copies_share_a_tile_and_five_others_answer(engine: Engine, photos: list[Path]) -> None:
    """The question's own copies are set apart with it."""
    answer = engine.find_similar(PictureFile(photos[0]), apart=True)
    assert names(answer.itself) == {photos[0].name} | SAVED_AGAIN
    assert answer.itself is not None
    assert answer.itself.path == photos[0]
    assert answer.itself.file_count == 5
    assert len(answer.matches) == 5
    assert all(match.file_count == 1 for match in answer.matches)


def test_a_question_from_elsewhere_finds_one_tile(engine: Engine, photos: list[Path]) -> None:
    """Each of its files is known with its own likeness to the question."""
    with Image.open(photos[0]) as first:
        answer = engine.find_similar(PictureData(jpeg(first.resize((240, 320)), 80)))
    assert names(answer.matches[0]) == {photos[0].name} | SAVED_AGAIN
    assert all(-1 <= one.similarity <= 1 for one in answer.matches[0].near)
    assert len(answer.matches) == 5
    assert not SAVED_AGAIN & set().union(*(names(match) for match in answer.matches[1:]))


def test_filters_leave_out_copies_too(engine: Engine, photos: list[Path]) -> None:
    """A filtered answer obeys its filter, under the tiles as well."""
    export = photos[0].parent / "export"
    answer = engine.find_similar(PictureFile(photos[0]), filters=Filters(folders=(export,)))
    assert [names(match) for match in answer.matches] == [SAVED_AGAIN]


def test_a_colourway_has_a_tile_of_its_own(engine: Engine, photos: list[Path]) -> None:
    """Whatever is asked: it is what another colour finds."""
    answer = engine.find_similar(PictureFile(photos[0]), 30)
    dresses = [match for match in answer.matches if match.path.name.startswith("dress")]
    assert len(dresses) == 5


def test_a_refined_question_still_sets_its_own_apart(engine: Engine, photos: list[Path]) -> None:
    """Even where one of its copies comes out before it."""
    other = engine.find_similar(PictureFile(photos[7])).matches[0].content
    refined = Refinement(less_like=(other,))
    answer = engine.find_similar(PictureFile(photos[0]), apart=True, refinement=refined)
    assert answer.itself is not None
    assert answer.itself.path == photos[0]
    assert names(answer.itself) == {photos[0].name} | SAVED_AGAIN


def test_an_earlier_catalogue_is_signed_behind_the_program(
    engine: Engine, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its thumbnails, which hold what is needed; no photo is opened, and a stop ends it."""
    store = engine._thumbnails
    assert store.unsigned(0, 99) == []
    assert store._connections is not None
    with store._connections.atomic() as connection:
        connection.execute("DELETE FROM signatures")
    everything = store.unsigned(0, 99)
    torn = engine.find_similar(PictureFile(photos[9])).matches[0].content
    store.put({torn: b"torn"})
    for path in photos[0].parent.rglob("*.*"):
        path.unlink()
    monkeypatch.setattr("fashion_finder.engine.previews._REST_SECONDS", 0)
    stopped = threading.Event()
    stopped.set()
    engine._previews.sign_missing(stopped)
    assert store.unsigned(0, 99) == everything
    engine._previews.sign_missing(threading.Event())
    assert store.unsigned(0, 99) == []
    assert store.signatures_of([torn]) == {torn: b""}
    question = PictureData(jpeg(draw("dress", "red")))
    assert len(names(engine.find_similar(question).matches[0])) == 5


def test_without_signatures_nothing_is_folded(engine: Engine, photos: list[Path]) -> None:
    """Not yet: an earlier catalogue answers before it is signed."""
    assert engine._thumbnails._connections is not None
    with engine._thumbnails._connections.atomic() as connection:
        connection.execute("DELETE FROM signatures")
    answer = engine.find_similar(PictureFile(photos[0]))
    shown = set().union(*(names(match) for match in answer.matches))
    assert len(SAVED_AGAIN & shown) >= 3
    assert all(not match.near for match in answer.matches)


def test_an_answer_with_duplicates_is_better_than_none(
    engine: Engine,
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The store beside the catalogue may be damaged or on a full disk."""

    def fail(*_: object) -> dict[ContentId, bytes]:
        raise CatalogueDamaged(None, "torn")

    monkeypatch.setattr(ThumbnailStore, "signatures_of", fail)
    assert len(engine.find_similar(PictureFile(photos[0])).matches) == 5
    assert "could not fold near duplicates" in caplog.text


def test_contents_of_one_photo_are_different_contents(engine: Engine, photos: list[Path]) -> None:
    """Each can be looked at, asked with and described by itself."""
    match = engine.find_similar(PictureFile(photos[0])).matches[0]
    ids: set[ContentId] = {match.content, *(one.content for one in match.near)}
    assert len(ids) == 4
    for one in match.near:
        assert engine.details(one).size == one.path.stat().st_size

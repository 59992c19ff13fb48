"""Questions and their answers: the real engine on real files."""

from __future__ import annotations

import io
import threading
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from PIL import Image

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import Closeness, Filters, PictureData, PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import (
    CatalogueBusy,
    CatalogueEmpty,
    FolderUnknown,
    PictureMissing,
    PictureRefused,
    PictureUnreadable,
)
from fashion_finder.search.index import SearchIndex
from fashion_finder.search.snapshot import Snapshot
from tests.pictures import COLOURS, SHAPES, draw, draw_folder, jpeg


@pytest.fixture
def photos(engine: Engine, tmp_path: Path) -> list[Path]:
    """Twenty indexed pictures: every shape in every colour."""
    paths = draw_folder(tmp_path / "photos", len(SHAPES) * len(COLOURS))
    engine.sync([tmp_path / "photos"])
    return paths


def named(paths: list[Path], kind: str) -> Path:
    """The picture of this kind."""
    return next(path for path in paths if path.name.startswith(kind))


def test_the_most_similar_comes_first(engine: Engine, photos: list[Path]) -> None:
    """A new red dress finds the red dress, then other dresses or red pieces; best first."""
    question = PictureData(jpeg(draw("dress", "red", mark=5)))
    answer = engine.find_similar(question)
    assert answer.matches[0].path == named(photos, "dress-red")
    assert len(answer.matches) == 5
    similarities = [match.similarity for match in answer.matches]
    assert similarities == sorted(similarities, reverse=True)
    assert all("dress" in one.path.name or "red" in one.path.name for one in answer.matches[:3])
    assert answer.searched == 20
    assert answer.itself is None
    assert max(answer.preview.shape) == 400


def _recompressed(picture: Image.Image) -> bytes:
    return jpeg(picture.resize((150, 200)), quality=35)


def _cropped(picture: Image.Image) -> bytes:
    return jpeg(picture.crop((12, 16, 288, 384)))


def _turned(picture: Image.Image) -> bytes:
    """Stored on its side, with the EXIF tag that tells how to put it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    picture.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", quality=90, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize("change", [_recompressed, _cropped, _turned])
def test_a_changed_copy_finds_its_original_first(
    engine: Engine, photos: list[Path], change: object
) -> None:
    """Smaller and recompressed, cropped, or turned by its EXIF orientation."""
    assert callable(change)
    for path in photos:
        with Image.open(path) as picture:
            question = PictureData(change(picture))
        assert engine.find_similar(question).matches[0].path == path


def test_an_indexed_picture_finds_itself_or_is_set_apart(
    engine: Engine, photos: list[Path]
) -> None:
    """The command line shows it first; the window shows it apart, and five others."""
    question = PictureFile(photos[3])
    together = engine.find_similar(question)
    assert together.matches[0].path == photos[3]
    assert together.matches[0].closeness is Closeness.SAME_PIECE
    apart = engine.find_similar(question, apart=True)
    assert apart.itself is not None
    assert apart.itself.path == photos[3]
    assert len(apart.matches) == 5
    assert [match.path for match in apart.matches[:4]] == [
        match.path for match in together.matches[1:]
    ]


@pytest.mark.parametrize("asked", ["a copy.jpg", "m copy.jpg", "z copy.jpg"])
def test_the_asked_file_names_its_exact_copies(
    engine: Engine, photos: list[Path], asked: str
) -> None:
    """Wherever it stands in the alphabet, and however its path is written."""
    folder = photos[3].parent
    copies = {"a copy.jpg", "m copy.jpg", "z copy.jpg"}
    for name in copies:
        (folder / name).write_bytes(photos[3].read_bytes())
    engine.sync([folder])
    for question in (folder / asked, folder / ".." / folder.name / asked):
        best = engine.find_similar(PictureFile(question)).matches[0]
        assert best.path == folder / asked
        assert {path.name for path in best.copies} == {photos[3].name, *copies} - {asked}


def test_a_folder_limits_the_answer_and_fills_it(engine: Engine, tmp_path: Path) -> None:
    """Only pictures below it, as many as asked for, also when nearer ones lie elsewhere."""
    draw_folder(tmp_path / "photos" / "a", 20)
    inside = draw_folder(tmp_path / "photos" / "b", 3)
    for number, path in enumerate(inside):
        path.write_bytes(jpeg(draw("hat", "mustard", mark=40 + number)))
    engine.sync([tmp_path / "photos"])
    question = PictureData(jpeg(draw("dress", "red")))
    answer = engine.find_similar(question, filters=Filters(folders=(tmp_path / "photos" / "b",)))
    assert {match.path for match in answer.matches} == set(inside)
    wider = engine.find_similar(question, filters=Filters(folders=(tmp_path,)))
    assert len(wider.matches) == 5
    with pytest.raises(FolderUnknown):
        engine.find_similar(question, filters=Filters(folders=(tmp_path / "elsewhere",)))


def test_nothing_close_is_said_so(engine: Engine, tmp_path: Path) -> None:
    """The nearest is not near just because it is nearest."""
    draw_folder(tmp_path / "photos", 1)
    engine.sync([tmp_path / "photos"])
    negative = Image.eval(draw("bag", "blue"), lambda value: 255 - value)
    answer = engine.find_similar(PictureData(jpeg(negative)))
    assert answer.matches[0].closeness is Closeness.DISSIMILAR
    assert answer.nothing_close


def test_fewer_pictures_than_asked_for(engine: Engine, photos: list[Path]) -> None:
    """All of them come, each once."""
    answer = engine.find_similar(PictureFile(photos[0]), 1000)
    assert sorted(match.path for match in answer.matches) == sorted(photos)


def test_bad_questions_are_told_apart(engine: Engine, photos: list[Path], tmp_path: Path) -> None:
    """Missing, no picture, and nothing indexed are three different sentences."""
    with pytest.raises(PictureMissing):
        engine.find_similar(PictureFile(tmp_path / "none.jpg"))
    (tmp_path / "text.jpg").write_text("words")
    with pytest.raises(PictureUnreadable):
        engine.find_similar(PictureFile(tmp_path / "text.jpg"))
    with pytest.raises(PictureUnreadable):
        engine.find_similar(PictureData(b""))
    engine.forget(photos[0].parent)
    with pytest.raises(CatalogueEmpty):
        engine.find_similar(PictureFile(photos[0]))


def test_a_picture_on_another_computer_is_refused(engine: Engine) -> None:
    """Opening it would send credentials; the name alone decides."""
    share = PureWindowsPath(r"\\server\share\dress.jpg")
    with pytest.raises(PictureRefused):
        engine.find_similar(PictureFile(share))  # type: ignore[arg-type]


def test_a_lost_thumbnail_is_made_again(engine: Engine, photos: list[Path]) -> None:
    """From the file, as long as there is one."""
    content = engine.find_similar(PictureFile(photos[0])).matches[0].content
    first = engine.thumbnail(content)
    engine._thumbnails.drop([content])
    assert engine.thumbnail(content) == first
    assert first is not None
    with Image.open(io.BytesIO(first)) as thumbnail:
        assert max(thumbnail.size) == 256
    engine._thumbnails.drop([content])
    photos[0].unlink()
    assert engine.thumbnail(content) is None


def test_a_preview_has_the_size_asked_for(engine: Engine, photos: list[Path]) -> None:
    """Upright RGB, never enlarged."""
    assert engine.load_preview(photos[0], 200).shape == (200, 150, 3)
    assert engine.load_preview(photos[0], 2000).shape == (400, 300, 3)


@pytest.mark.parametrize("harm", ["remove", "damage"])
def test_a_restart_answers_the_same_whatever_became_of_the_graph(
    tmp_path: Path, tiny_model_path: Path, harm: str
) -> None:
    """The graph is derived: without it search is exact while it is built again."""
    paths = draw_folder(tmp_path / "photos", 20)
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine.sync([tmp_path / "photos"])
        before = engine.find_similar(PictureFile(paths[4])).matches
    (graph,) = (tmp_path / "data" / "index").glob("graph-*.bin")
    if harm == "remove":
        graph.unlink()
    else:
        data = bytearray(graph.read_bytes())
        data[100:200] = bytes(100)
        graph.write_bytes(data)
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        after = engine.find_similar(PictureFile(paths[4])).matches
    assert [match.path for match in after] == [match.path for match in before]
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        assert engine._index.current.graphs


def test_questions_are_answered_during_a_sync(engine: Engine, tmp_path: Path) -> None:
    """From several threads at once, each right about what is indexed so far."""
    paths = draw_folder(tmp_path / "first", 8)
    engine.sync([tmp_path / "first"])
    draw_folder(tmp_path / "second", 60)
    failures: list[BaseException] = []
    finished = threading.Event()

    def ask() -> None:
        try:
            while not finished.is_set():
                assert engine.find_similar(PictureFile(paths[1])).matches[0].path == paths[1]
        except BaseException as error:  # noqa: BLE001 - shown by the main thread
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    summary = engine.sync([tmp_path / "second"])
    finished.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert summary.added == 60


def test_an_answer_is_full_while_its_folder_is_being_forgotten(
    engine: Engine, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest contents lose their files before the search hears of it; five others come."""
    catalogue = engine._catalogue
    root = catalogue.roots.all()[0].id
    nearest = engine.find_similar(PictureFile(photos[0]), 12).matches
    catalogue.files.forget(root, [match.path.name for match in nearest])
    question = PictureData(jpeg(draw("dress", "red")))
    with monkeypatch.context() as patch:
        patch.setattr(type(engine._index), "refresh", lambda index: None)
        answer = engine.find_similar(question)
    assert len(answer.matches) == 5
    assert not {match.path for match in answer.matches} & {match.path for match in nearest}


def test_the_question_itself_is_found_though_the_graph_missed_it(
    engine: Engine, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Approximate search may miss a point; an indexed picture must not."""
    own = engine.find_similar(PictureFile(photos[6])).matches[0].content
    nearest = Snapshot.nearest

    def without_own(*arguments: Any, **options: Any) -> list[tuple[int, float]]:
        return [one for one in nearest(*arguments, **options) if one[0] != own]

    monkeypatch.setattr(Snapshot, "nearest", without_own)
    answer = engine.find_similar(PictureFile(photos[6]))
    assert (answer.matches[0].path, len(answer.matches)) == (photos[6], 5)


def test_what_another_process_indexed_is_found(
    engine: Engine, photos: list[Path], tmp_path: Path, tiny_model_path: Path
) -> None:
    """A command line beside an open window: both see one catalogue."""
    new = draw_folder(tmp_path / "more", 25)[-1]
    with Engine.open(engine.data_dir, tiny_model_path) as other:
        other.sync([tmp_path / "more"])
        other.forget(photos[0].parent)
    answer = engine.find_similar(PictureFile(new), 50)
    assert answer.matches[0].path == new
    assert {match.path.parent for match in answer.matches} == {tmp_path / "more"}


def test_a_thumbnail_is_of_the_content_not_of_the_file(engine: Engine, photos: list[Path]) -> None:
    """A file that became another picture does not lend it its thumbnail."""
    content = engine.find_similar(PictureFile(photos[0])).matches[0].content
    engine._thumbnails.drop([content])
    photos[0].write_bytes(jpeg(draw("bag", "black")))
    assert engine.thumbnail(content) is None


def test_an_engine_that_fails_to_open_leaves_nothing_open(
    tmp_path: Path, tiny_model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a damaged file can be moved aside at once."""
    closed: list[str] = []
    for kind in (Catalogue, ThumbnailStore):
        original = kind.close

        def close(self: object, name: str = kind.__name__, do: object = original) -> None:
            closed.append(name)
            assert callable(do)
            do(self)

        monkeypatch.setattr(kind, "close", close)

    def fail(index: object) -> None:
        raise CatalogueBusy(None)

    monkeypatch.setattr(SearchIndex, "load", fail)
    with pytest.raises(CatalogueBusy):
        Engine.open(tmp_path / "data", tiny_model_path)
    assert closed == ["ThumbnailStore", "Catalogue"]

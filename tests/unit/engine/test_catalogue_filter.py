"""Filters: obeyed exactly, never short, and counted before they are chosen."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fashion_finder.catalogue.records import Filed, NewContent
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    EVERYTHING,
    FileStamp,
    Filters,
    PictureFile,
    Recognised,
    RootId,
)
from fashion_finder.engine import Engine
from fashion_finder.engine.catalogue_filter import CatalogueFilter
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.errors import FolderUnknown
from fashion_finder.indexing.availability import Offline
from tests.pictures import draw_folder

MODEL = "model-a"
TIMEOUT = 30.0
DAYS = (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1))


@dataclass(frozen=True)
class Photo:
    """A file in the made-up catalogue."""

    content: int
    folder: int  # of three roots
    below: str
    day: date
    volume: str


def noon(day: date) -> int:
    """A moment of that day, local time, nanoseconds."""
    return int(datetime(day.year, day.month, day.day, 12).astimezone().timestamp()) * 10**9


photos = st.lists(
    st.builds(
        Photo,
        st.integers(0, 5),
        st.integers(0, 2),
        st.sampled_from(["", "a/", "ab/"]),
        st.sampled_from(DAYS),
        st.sampled_from(["disk", "stick"]),
    ),
    max_size=14,
)
words = st.lists(
    st.tuples(st.sampled_from(["hat", "bag"]), st.sampled_from(["red", "blue"])),
    min_size=6,
    max_size=6,
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, ...]:
    """The roots."""
    return tuple(tmp_path / name for name in ("one", "two", "three"))


def fill(
    data: Path, folders: Iterable[Path], files: list[Photo], tags: list[tuple[str, str]]
) -> Catalogue:
    """A catalogue of these files; contents are tagged by their number."""
    data.mkdir()
    catalogue = Catalogue(data)
    for number, folder in enumerate(folders):
        root = catalogue.roots.add(folder)
        here = [photo for photo in files if photo.folder == number]
        contents = [
            NewContent(
                bytes([content]),
                1,
                1,
                1,
                np.ones(2, np.float32),
                (
                    Recognised("type", tags[content][0], 0.5),
                    Recognised("colour_name", tags[content][1], 0.5),
                ),
            )
            for content in sorted({photo.content for photo in here})
        ]
        filed = [
            Filed(
                FileStamp(f"{photo.below}{place}.jpg", 1, noon(photo.day)),
                photo.volume,
                bytes([photo.content]),
            )
            for place, photo in enumerate(here)
        ]
        catalogue.files.record(root.id, MODEL, contents, filed)
    return catalogue


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    files=photos,
    tags=words,
    types=st.sets(st.sampled_from(["hat", "bag"]), max_size=2),
    colours=st.sets(st.sampled_from(["red", "blue", "mauve"]), max_size=2),
    places=st.sets(st.sampled_from([(0, ""), (0, "a"), (1, "")]), max_size=2),
    since=st.none() | st.sampled_from(DAYS),
    until=st.none() | st.sampled_from(DAYS),
    online_only=st.booleans(),
)
def test_filters_leave_what_meets_them_all(
    tmp_path: Path,
    folders: tuple[Path, ...],
    files: list[Photo],
    tags: list[tuple[str, str]],
    types: set[str],
    colours: set[str],
    places: set[tuple[int, str]],
    since: date | None,
    until: date | None,
    online_only: bool,
) -> None:
    """Chosen and counted as a plain loop over the files would; copies count once."""
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    catalogue = fill(tmp_path / "data", folders, files, tags)
    away = Offline(volumes=frozenset({(RootId(1), "stick"), (RootId(2), "disk")}))
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(tmp_path / "data", catalogue), MODEL, lambda: away
    )
    wanted = Filters(
        types=tuple(types),
        colours=tuple(colours),
        folders=tuple(folders[root] / below for root, below in places),
        since=since,
        until=until,
        online_only=online_only,
    )

    def is_away(photo: Photo) -> bool:
        return (photo.folder + 1, photo.volume) in away.volumes

    def left(filters: Filters) -> set[int]:
        return {photo.content for photo in files if meets(photo, filters)}

    def meets(photo: Photo, filters: Filters) -> bool:
        kind, colour = tags[photo.content]
        return (
            (not filters.types or kind in filters.types)
            and (not filters.colours or colour in filters.colours)
            and (
                not filters.folders
                or any(
                    photo.folder == root and photo.below.startswith(f"{below}/" if below else "")
                    for root, below in places
                )
            )
            and (filters.since is None or photo.day >= filters.since)
            and (filters.until is None or photo.day <= filters.until)
            and (not filters.online_only or not is_away(photo))
        )

    try:
        ids = {content: catalogue.contents.find(bytes([content])) for content in range(6)}
        chosen = catalogue_filter.choose(wanted)
        assert set(chosen.contents.tolist()) == {ids[content] for content in left(wanted)}
        assert len(chosen.items) == sum(meets(photo, wanted) for photo in files)
        counts = catalogue_filter.count(wanted)
        assert counts.total == len(left(wanted))
        without_types = left(replace(wanted, types=()))
        assert dict(counts.types) == Counter(tags[content][0] for content in without_types)
        without_colours = left(replace(wanted, colours=()))
        assert dict(counts.colours) == Counter(tags[content][1] for content in without_colours)
        in_folder = {
            (photo.folder, photo.content)
            for photo in files
            if meets(photo, replace(wanted, folders=()))
        }
        assert dict(counts.folders) == Counter(folders[folder] for folder, _ in in_folder)
        days = [
            photo.day for photo in files if meets(photo, replace(wanted, since=None, until=None))
        ]
        assert (counts.oldest, counts.newest) == (min(days, default=None), max(days, default=None))
        reach = replace(wanted, online_only=False)
        out_of_reach = {one.content for one in files if meets(one, reach) and is_away(one)}
        in_reach = {one.content for one in files if meets(one, reach) and not is_away(one)}
        assert counts.offline == len(out_of_reach - in_reach)
    finally:
        catalogue.close()


@pytest.fixture
def catalogue(tmp_path: Path, folders: tuple[Path, ...]) -> Iterator[Catalogue]:
    """Two hats and a bag."""
    files = [Photo(number, 0, "", DAYS[0], "disk") for number in range(3)]
    tags = [("hat", "red"), ("hat", "blue"), ("bag", "red"), *[("bag", "red")] * 3]
    catalogue = fill(tmp_path / "data", folders[:1], files, tags)
    yield catalogue
    catalogue.close()


def test_counts_follow_every_commit(catalogue: Catalogue, tmp_path: Path) -> None:
    """What was kept in memory is dropped when this or another thread writes."""
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(tmp_path / "data", catalogue), MODEL, Offline
    )
    assert catalogue_filter.count(EVERYTHING).types == (("hat", 2), ("bag", 1))
    (root,) = catalogue.roots.all()
    catalogue.files.forget(root.id, ["0.jpg"])
    assert catalogue_filter.count(EVERYTHING).types == (("bag", 1), ("hat", 1))
    other = Catalogue(tmp_path / "data")
    other.files.forget(root.id, ["1.jpg"])
    other.close()
    assert catalogue_filter.count(EVERYTHING).types == (("bag", 1),)


def test_what_another_model_said_does_not_count(catalogue: Catalogue, tmp_path: Path) -> None:
    """Its vectors cannot be asked, so its tags are not offered."""
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(tmp_path / "data", catalogue), "model-b", Offline
    )
    assert catalogue_filter.count(EVERYTHING).total == 0
    assert catalogue_filter.choose(Filters(types=("hat",))).contents.tolist() == []


# ---------------------------------------------------------------- with the engine


def test_an_answer_obeys_its_filters_and_is_named_by_a_file_that_does(
    engine: Engine, tmp_path: Path
) -> None:
    """A copy elsewhere is listed as a copy, though its folder was indexed first."""
    paths = draw_folder(tmp_path / "spring", 6)
    shutil.copytree(tmp_path / "spring", tmp_path / "autumn")
    engine.sync([tmp_path / "spring", tmp_path / "autumn"])
    filters = Filters(folders=(tmp_path / "autumn",))
    answer = engine.find_similar(PictureFile(paths[2]), 4, filters=filters)
    assert answer.filters == filters
    assert [match.path.parent for match in answer.matches] == [tmp_path / "autumn"] * 4
    assert [match.copies[0].parent for match in answer.matches] == [tmp_path / "spring"] * 4
    assert answer.searched == 6
    with pytest.raises(FolderUnknown):
        engine.find_similar(PictureFile(paths[2]), filters=Filters(folders=(tmp_path / "no",)))


def test_words_of_the_model_filter(engine: Engine, tmp_path: Path) -> None:
    """What was recognised when a picture was indexed can be asked for."""
    paths = draw_folder(tmp_path / "photos", 12)
    engine.sync([tmp_path / "photos"])
    counts = engine.facet_counts()
    assert sum(count for _, count in counts.types) == counts.total == 12
    for word, count in counts.types:
        answer = engine.find_similar(PictureFile(paths[0]), 12, filters=Filters(types=(word,)))
        assert len(answer.matches) == answer.searched == count
        for match in answer.matches:
            asked = engine.find_similar(PictureFile(match.path))
            assert word in {one.word for one in asked.recognised}


def test_the_day_of_a_file_filters(engine: Engine, tmp_path: Path) -> None:
    """By its last change; both ends belong to the range."""
    paths = draw_folder(tmp_path / "photos", 3)
    for path, day in zip(paths, DAYS, strict=True):
        os.utime(path, ns=(noon(day), noon(day)))
    engine.sync([tmp_path / "photos"])
    answer = engine.find_similar(
        PictureFile(paths[2]), filters=Filters(since=DAYS[0], until=DAYS[1])
    )
    assert {match.path for match in answer.matches} == set(paths[:2])
    counts = engine.facet_counts(Filters(since=DAYS[1]))
    assert (counts.total, counts.oldest, counts.newest) == (2, DAYS[0], DAYS[2])


def test_pictures_out_of_reach_are_marked_and_can_be_left_out(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    """A folder that is gone stays searchable; one switch hides it."""
    paths = draw_folder(tmp_path / "here", 8)
    (tmp_path / "stick").mkdir()
    for path in paths[4:]:
        path.rename(tmp_path / "stick" / path.name)
    question = paths[0].read_bytes()
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine.sync([tmp_path / "here", tmp_path / "stick"])
    asked = tmp_path / "asked.jpg"
    asked.write_bytes(question)
    (tmp_path / "stick").rename(tmp_path / "unplugged")
    with Engine.open(tmp_path / "data", tiny_model_path) as engine:
        engine._availability.offline(TIMEOUT)  # until it has looked: before that, nothing is away
        matches = engine.find_similar(PictureFile(asked), 8).matches
        offline = {match.path for match in matches if match.offline}
        assert offline == {tmp_path / "stick" / path.name for path in paths[4:]}
        answer = engine.find_similar(PictureFile(asked), 8, filters=Filters(online_only=True))
        assert {match.path for match in answer.matches} == set(paths[:4])
        assert not any(match.offline for match in answer.matches)
        assert engine.facet_counts().offline == 4

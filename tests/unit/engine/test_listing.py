"""Everything that is indexed as a list, and files found by their names."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fashion_finder.catalogue.records import Filed, NewContent, file_path
from fashion_finder.catalogue.selection import PackedTexts
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import EVERYTHING, Closeness, ContentId, FileStamp, Filters, RootId
from fashion_finder.engine import Engine
from fashion_finder.engine.catalogue_filter import CatalogueFilter
from fashion_finder.engine.listing import Listing, list_newest_first
from fashion_finder.engine.name_search import fold, fold_paths, rows_with
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.errors import FolderUnknown
from fashion_finder.indexing.availability import Offline
from tests.pictures import draw_folder

MODEL = "model-a"
AWAY = Offline(volumes=frozenset({(RootId(2), "disk")}))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Of two folders, empty; the second one is out of reach."""
    found = empty(tmp_path / "data")
    yield found
    found.close()


def empty(data: Path) -> Catalogue:
    """A catalogue of two folders without files."""
    data.mkdir()
    catalogue = Catalogue(data)
    catalogue.roots.add(Path("/photos/Collezione È"))
    catalogue.roots.add(Path("/nas/archive"))
    return catalogue


def record(
    catalogue: Catalogue, files: list[tuple[int, str, int, int]], *, model: str = MODEL
) -> None:
    """Files as (folder, path below it, content, time)."""
    contents = [
        NewContent(bytes([number]), 1, 1, 1, np.ones(2, np.float32), ())
        for number in sorted({content for _, _, content, _ in files})
    ]
    for folder in (1, 2):
        filed = [
            Filed(FileStamp(relative, 1, time), "disk", bytes([content]))
            for root, relative, content, time in files
            if root == folder
        ]
        catalogue.files.record(RootId(folder), model, contents, filed)
        contents = []


def listed(catalogue: Catalogue, filters: Filters = EVERYTHING) -> Listing:
    """What the engine would list."""
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(Path("/data"), catalogue), MODEL, lambda: AWAY
    )
    return list_newest_first(filters, catalogue_filter.pick(filters))


def names(listing: Listing) -> list[str]:
    """The files of a listing, in its order."""
    return [listing.match_at(place).path.name for place in range(len(listing))]


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    "typed, name",
    [
        ("ete", "Été.jpg"),
        ("ÉTÉ", "ete.jpg"),
        ("été", unicodedata.normalize("NFD", "Été.jpg")),
        ("strasse", "Straße 5.png"),
        ("lodz", "Łódź.jpg"),
        ("sko", "SKØ.jpg"),
        ("coeur", "Cœur.jpg"),
        ("istanbul", "İstanbul.jpg"),
        ("москва", "Москва.jpg"),
        ("0042", "IMG_0042.JPG"),
    ],
)
def test_names_are_compared_as_people_type_them(typed: str, name: str) -> None:
    """Without case and accents, however the letters are composed."""
    assert fold(typed) in fold(name)


texts = st.text(st.sampled_from("aAéÉeßsø/.7 \udce9"), max_size=8)


@given(paths=st.lists(texts, max_size=30), words=st.lists(texts, max_size=3))
def test_rows_are_those_that_hold_every_word(paths: list[str], words: list[str]) -> None:
    """As a plain loop over the names says, also for words across the borders of two names."""
    packed = PackedTexts.pack(os.fsencode(path) + b"\0" for path in paths)
    folded = fold_paths(packed, np.zeros(len(paths), np.int64), ["Éa"])
    typed = [word for word in words if "\udce9" not in word]
    wanted = [all(fold(word) in fold(f"Éa/{path}") for word in typed) for path in paths]
    assert rows_with(folded, typed).tolist() == wanted


def test_files_are_found_by_their_own_and_their_folders_names(catalogue: Catalogue) -> None:
    """All words must occur; the names of the folders above the indexed one do not count."""
    record(
        catalogue,
        [
            (1, "Été 2024/Robe Rouge.jpg", 1, 1),
            (1, "2024/robe bleue.jpg", 2, 2),
            (2, "robe/IMG_0042.jpg", 3, 3),
        ],
    )
    assert names(listed(catalogue, Filters(names=("robe",)))) == [
        "IMG_0042.jpg",
        "robe bleue.jpg",
        "Robe Rouge.jpg",
    ]
    assert names(listed(catalogue, Filters(names=("ROBE", "ete")))) == ["Robe Rouge.jpg"]
    assert names(listed(catalogue, Filters(names=("collezione", "robe", "bleue")))) == [
        "robe bleue.jpg"
    ]
    assert names(listed(catalogue, Filters(names=("photos",)))) == []
    assert names(listed(catalogue, Filters(names=("robe", "zorbing")))) == []


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_a_name_that_is_no_text_is_listed_and_found(catalogue: Catalogue) -> None:
    """By the part of it that is; its path leads to the file."""
    relative = os.fsdecode(b"caf\xe9 12.jpg")
    record(catalogue, [(1, relative, 1, 1)])
    listing = listed(catalogue, Filters(names=("12",)))
    assert os.fsencode(listing.match_at(0).path.name) == b"caf\xe9 12.jpg"


def test_a_new_file_is_found_by_name_at_once(catalogue: Catalogue) -> None:
    """What is kept in memory is not older than the catalogue."""
    catalogue_filter = CatalogueFilter(
        catalogue, PathResolver(Path("/data"), catalogue), MODEL, lambda: AWAY
    )
    record(catalogue, [(1, "hat.jpg", 1, 1)])
    wanted = Filters(names=("hat",))
    assert len(catalogue_filter.pick(wanted).rows) == 1
    record(catalogue, [(1, "red hat.jpg", 2, 2), (1, "red bag.jpg", 3, 3)])
    assert len(catalogue_filter.pick(wanted).rows) == 2
    assert len(catalogue_filter.choose(wanted).contents) == 2
    assert catalogue_filter.count(wanted).total == 2


# ---------------------------------------------------------------- the list


def test_newest_come_first_and_copies_fold(catalogue: Catalogue) -> None:
    """A picture stands where its newest file does, and is named by the newest in reach."""
    record(
        catalogue,
        [
            (1, "old.jpg", 1, 10),
            (1, "copy.jpg", 2, 5),
            (2, "copied.jpg", 2, 40),
            (1, "new.jpg", 3, 30),
        ],
    )
    listing = listed(catalogue)
    assert names(listing) == ["copy.jpg", "new.jpg", "old.jpg"]
    first = listing.match_at(0)
    assert first.copies == first.offline_copies == (Path("/nas/archive/copied.jpg"),)
    assert (first.closeness, first.offline) == (Closeness.UNJUDGED, False)
    assert listing.place_of(ContentId(3)) == 1
    assert listing.place_of(ContentId(99)) is None
    assert len(listing) == 3


def test_of_copies_of_one_time_one_in_reach_names_the_picture(catalogue: Catalogue) -> None:
    """So that it can be opened; a picture all of whose files are away says so."""
    record(catalogue, [(2, "away.jpg", 1, 7), (2, "lost.jpg", 2, 1)])
    record(catalogue, [(1, "here.jpg", 1, 7)])
    listing = listed(catalogue)
    assert names(listing) == ["here.jpg", "lost.jpg"]
    assert [listing.match_at(place).offline for place in (0, 1)] == [False, True]
    assert names(listed(catalogue, Filters(online_only=True))) == ["here.jpg"]


def test_a_file_in_reach_names_the_picture_though_it_misses_the_filter(
    catalogue: Catalogue,
) -> None:
    """The picture was found by a file that is away: what is shown can be opened."""
    record(catalogue, [(2, "dress.jpg", 1, 7), (2, "lost dress.jpg", 2, 1)])
    record(catalogue, [(1, "IMG_1.jpg", 1, 3), (1, "hat.jpg", 3, 1)])
    listing = listed(catalogue, Filters(names=("dress",)))
    assert names(listing) == ["IMG_1.jpg", "lost dress.jpg"]
    assert [listing.match_at(place).offline for place in (0, 1)] == [False, True]
    first = listing.match_at(0)
    assert first.copies == first.offline_copies == (Path("/nas/archive/dress.jpg"),)


def test_what_waits_for_the_model_in_use_is_listed_too(catalogue: Catalogue) -> None:
    """It is indexed, though no question finds it yet."""
    record(catalogue, [(1, "hat.jpg", 1, 1)], model="an earlier one")
    assert names(listed(catalogue)) == ["hat.jpg"]


def test_the_day_is_that_of_the_newest_file(catalogue: Catalogue) -> None:
    """In local time."""
    moment = int(datetime(2024, 5, 17, 12, 0).astimezone().timestamp()) * 10**9
    record(catalogue, [(1, "a.jpg", 1, 1), (1, "b.jpg", 1, moment)])
    assert listed(catalogue).day_at(0) == date(2024, 5, 17)


files = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.text(st.sampled_from("abé"), min_size=1, max_size=3),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    max_size=12,
    unique_by=lambda one: one[:2],
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=files, word=st.sampled_from(["", "a", "e", "ba"]))
def test_the_list_is_what_a_plain_loop_would_make(
    tmp_path: Path, files: list[tuple[int, str, int, int]], word: str
) -> None:
    """Every picture once, with its files that meet the filters; if all are away, the others too."""
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    catalogue = empty(tmp_path / "data")
    try:
        record(catalogue, files)
        filters = Filters(names=(word,)) if word else EVERYTHING
        listing = listed(catalogue, filters)
        roots = {root.id: root.path for root in catalogue.roots.all()}
        meant = [one for one in files if word in fold(f"{roots[RootId(one[0])].name}/{one[1]}")]
        newest: dict[int, int] = {}
        for _, _, content, moment in meant:
            newest[content] = max(moment, newest.get(content, 0))
        places = {}
        for content in newest:
            number = catalogue.contents.find(bytes([content]))
            place = None if number is None else listing.place_of(number)
            assert place is not None
            places[place] = content
        assert sorted(places) == list(range(len(listing)))
        shown = [newest[places[place]] for place in sorted(places)]
        assert shown == sorted(shown, reverse=True)
        for place, content in places.items():
            match = listing.match_at(place)
            held = [one for one in meant if one[2] == content]
            if all(root == 2 for root, *_ in held):
                held += [one for one in files if one[:3:2] == (1, content)]
            assert match.offline == all(root == 2 for root, *_ in held)
            assert sorted((match.path, *match.copies)) == sorted(
                file_path(os.fsencode(roots[RootId(root)]), os.fsencode(relative))
                for root, relative, *_ in held
            )
    finally:
        catalogue.close()


def test_the_engine_lists_what_it_has_indexed(tmp_path: Path) -> None:
    """Newest first; a folder that is not indexed is told."""
    photos = draw_folder(tmp_path / "photos", 3)
    for age, photo in enumerate(photos):
        os.utime(photo, (1_700_000_000 - age, 1_700_000_000 - age))
    with Engine.open(tmp_path / "data") as engine:
        assert len(engine.browse()) == 0
        engine.sync([tmp_path / "photos"])
        assert names(engine.browse()) == [photo.name for photo in photos]
        with pytest.raises(FolderUnknown):
            engine.browse(Filters(folders=(tmp_path / "elsewhere",)))

"""Words decide between answers that are about as similar."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fashion_finder.domain import (
    AS_IT_IS,
    COLOUR_VOCABULARY,
    ContentId,
    Filters,
    ModelInfo,
    PictureData,
    PictureFile,
    RankedWords,
    Refinement,
)
from fashion_finder.embedding.likely_words import WIDTH, pack
from fashion_finder.embedding.model_info import parse_metadata
from fashion_finder.engine import Engine
from fashion_finder.engine.word_ranking import WordRanking
from fashion_finder.search.query_vector import balance
from fashion_finder.search.word_table import WordTable
from tests.pictures import draw, draw_folder, jpeg
from tests.tiny_model import METADATA, metadata, write_tiny_model

TYPES, COLOURS = ("dress", "boots"), ("Red", "Blue", "Grey")
DRESS, BOOTS = np.array([0.9, 0.1], np.float32), np.array([0.1, 0.9], np.float32)
RED, BLUE = np.array([0.8, 0.1, 0.1], np.float32), np.array([0.1, 0.8, 0.1], np.float32)
RANKED = (RankedWords("type", "style", 0.1), RankedWords(COLOUR_VOCABULARY, "colour", 0.2))


def model(ranked: tuple[RankedWords, ...] = RANKED) -> ModelInfo:
    """A model of two halves that ranks by these words."""
    known = parse_metadata(json.dumps(METADATA), "stamp")
    vocabularies = {"type": TYPES, COLOUR_VOCABULARY: COLOURS}
    return replace(known, vocabularies=vocabularies, ranked_words=ranked)


def packed(type_: np.ndarray, colour: np.ndarray) -> bytes:
    """One picture's words."""
    return pack([type_[np.newaxis], colour[np.newaxis]])[0]


@pytest.fixture
def ranking() -> WordRanking:
    """A red dress (1), red boots (2), a blue dress (3), and one of which nothing is known (4)."""
    table = WordTable(2 * WIDTH)
    pairs = ((DRESS, RED), (BOOTS, RED), (DRESS, BLUE))
    table.put([1, 2, 3], [packed(*pair) for pair in pairs])
    return WordRanking(model(), table)


def scores(
    ranking: WordRanking,
    labels: list[int],
    refinement: Refinement = AS_IT_IS,
    itself: ContentId | None = None,
) -> dict[int, float]:
    """What words add to the scores of these, asked with a red dress."""
    asked = ranking.asked(packed(DRESS, RED), refinement)
    neighbours = [(label, 0.9) for label in labels]
    found = ranking.score(
        neighbours, asked, balance(model().parts, dict(refinement.weights)), itself
    )
    assert [(label, similarity) for label, similarity, _ in found] == neighbours
    return {label: score - similarity for label, similarity, score in found}


def test_shares_weigh_the_logarithms_of_the_agreements(ranking: WordRanking) -> None:
    """Both vocabularies count, each by its share; a score never exceeds the similarity."""
    added = scores(ranking, [1, 2, 3])
    same_type, same_colour = np.log(0.82), np.log(0.66)
    other_type, other_colour = np.log(0.18), np.log(0.17)
    assert added[1] == pytest.approx(0.1 * same_type + 0.2 * same_colour, abs=0.005)
    assert added[2] == pytest.approx(0.1 * other_type + 0.2 * same_colour, abs=0.005)
    assert added[3] == pytest.approx(0.1 * same_type + 0.2 * other_colour, abs=0.005)


def test_the_picture_itself_agrees_best_of_all(ranking: WordRanking) -> None:
    """However uncertain the model is of it."""
    added = scores(ranking, [1, 2, 3], itself=ContentId(3))
    assert added[3] == pytest.approx(0.1 * np.log(0.9) + 0.2 * np.log(0.8), abs=0.005)


def test_where_words_of_one_are_not_known_none_are_ranked_by(ranking: WordRanking) -> None:
    """It would be put behind all others, or before them."""
    assert set(scores(ranking, [1, 2, 4]).values()) == {0.0}


def test_the_balance_moves_the_words_with_the_parts(ranking: WordRanking) -> None:
    """Asked for colour alone, a dress has nothing over boots."""
    added = scores(ranking, [1, 2], Refinement(weights=(("style", 0.0), ("colour", 1.0))))
    assert added[1] == pytest.approx(added[2], abs=1e-6)
    assert added[1] == pytest.approx(0.4 * np.log(0.66), abs=0.01)


@pytest.mark.parametrize("blue", ["Blue", (30, 30, 200)])
def test_another_colour_is_the_one_that_must_agree(
    ranking: WordRanking, blue: str | tuple[int, int, int]
) -> None:
    """By name, or picked from a picture."""
    added = scores(ranking, [1, 3], Refinement(colour=blue))
    assert added[3] > added[1]


def test_marked_answers_move_the_words(ranking: WordRanking) -> None:
    """More like the boots and less like the red ones."""
    plain = scores(ranking, [1, 2, 3])
    more = scores(ranking, [1, 2, 3], Refinement(more_like=(ContentId(2),)))
    assert more[2] - more[1] > plain[2] - plain[1]
    less = scores(ranking, [1, 2, 3], Refinement(less_like=(ContentId(2),)))
    assert less[3] - less[2] > plain[3] - plain[2]


def test_a_model_without_words_ranks_by_similarity() -> None:
    """Nothing is looked up."""
    ranking = WordRanking(model(()), WordTable(0))
    assert not ranking
    assert ranking.score([(1, 0.5)], ranking.asked(b"", AS_IT_IS), {}, None) == [(1, 0.5, 0.5)]


# ---------------------------------------------------------------- in the engine


def open_ranked(folder: Path, share: float) -> Engine:
    """An engine with the tiny model, which ranks by bright and dark."""
    ranked = [{"vocabulary": "type", "part": "style", "share": share}]
    path = write_tiny_model(folder / "ranked.onnx", metadata(ranked_words=ranked))
    return Engine.open(folder / "data", path)


def test_answers_are_ranked_by_words_after_a_restart_too(tmp_path: Path) -> None:
    """Those that agree in brightness come first; similarities stay what they were."""
    draw_folder(tmp_path / "photos", 20)
    question = PictureData(jpeg(draw("dress", "red", mark=5)))
    with open_ranked(tmp_path, 1e-9) as engine:
        engine.sync([tmp_path / "photos"])
        before = engine.find_similar(question, 20).matches
    (tmp_path / "data").rename(tmp_path / "first")
    with open_ranked(tmp_path, 5.0) as engine:
        engine.sync([tmp_path / "photos"])
        found = engine.find_similar(question, 20).matches
        engine.find_similar(PictureFile(found[-1].path), filters=Filters(names=("dress",)))
    with open_ranked(tmp_path, 5.0) as engine:
        again = engine.find_similar(question, 20).matches
    by_path = {match.path: match.similarity for match in before}
    paths = [match.path for match in found]
    assert paths != [match.path for match in before]
    assert [match.path for match in again] == paths
    assert [match.similarity for match in again] == pytest.approx(list(map(by_path.get, paths)))


def test_every_indexed_picture_finds_itself_first(tmp_path: Path) -> None:
    """Words never put another one before it."""
    paths = draw_folder(tmp_path / "photos", 20)
    with open_ranked(tmp_path, 5.0) as engine:
        engine.sync([tmp_path / "photos"])
        for path in paths:
            assert engine.find_similar(PictureFile(path)).matches[0].path == path

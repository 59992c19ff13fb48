"""Figures of the evaluation, on cases counted by hand."""

import math

import numpy as np
import pytest

from evaluation import heat
from evaluation.contact_sheet import (
    RIGHT,
    WRONG_COLOUR,
    WRONG_TYPE,
    Tile,
    drawn_questions,
    frame_of,
)
from evaluation.lab_histogram import histogram, lab_of
from evaluation.measures import Section
from evaluation.recognition import calibration_error, recognise
from evaluation.report import goal_lines, loss_lines, losses
from evaluation.retrieval import (
    best_similarity,
    closeness_words,
    refind,
    words_of,
    worst_pairs,
)

BOUNDS = {"same_piece": 0.9, "very_similar": 0.7, "similar": 0.5}


def test_calibration_error_is_the_gap_between_promise_and_truth() -> None:
    """Nine of ten right at 0.9 is calibrated; five of ten at 0.9 is off by 0.4."""
    sure = np.full(10, 0.9, np.float32)
    right = np.arange(10) < 9
    assert calibration_error(sure, right) == pytest.approx(0, abs=1e-6)
    assert calibration_error(sure, np.arange(10) < 5) == pytest.approx(0.4, abs=1e-6)
    # Two bins of one guess each, off by 0.1 up and 0.3 down: they must not cancel.
    assert calibration_error(
        np.array([0.9, 0.3], np.float32), np.array([True, False])
    ) == pytest.approx(0.2, abs=1e-6)


def test_a_coarse_label_is_met_by_any_of_its_types() -> None:
    """A photo without a label is left out; a word that the model lacks is never right."""
    scores = np.array([[9, 0, 0], [0, 9, 0], [0, 0, 9], [9, 0, 0]], np.float32)
    words = ["Heels", "Flats", "Shirts"]
    seen = recognise(scores, 1.0, words, [("Flats", "Heels"), ("Heels",), (), ("Hats",)])
    assert seen.photos == 3
    assert seen.top_1 == pytest.approx(1 / 3)
    warm = recognise(scores[:1], 1.0, words, [("Heels",)]).calibration_error
    hot = recognise(scores[:1], 9.0, words, [("Heels",)]).calibration_error
    assert hot > 0.3 > warm  # a higher temperature promises less than it keeps
    assert math.isnan(recognise(scores[:1], 1.0, words, [()]).top_1)


def test_contributions_add_up_to_the_similarity() -> None:
    """The mean over cells is the weighted sum of the parts' cosines, whatever their lengths."""
    draw = np.random.default_rng(0)
    parts = {"style": (0, 5), "colour": (5, 8)}
    local = draw.normal(size=(7, 7, 8)) + 0.5
    local[..., 5:] *= 30
    other = draw.normal(size=8)
    expected = 0.0
    for (start, stop), weight in zip(parts.values(), (0.3, 0.7), strict=True):
        other[start:stop] *= weight**0.5 / np.linalg.norm(other[start:stop])
        mean = local[..., start:stop].mean(axis=(0, 1))
        expected += mean @ other[start:stop] / np.linalg.norm(mean) * weight**0.5
    assert heat.contributions(local, other, parts).mean() == pytest.approx(expected)


def test_heat_is_never_negative_and_its_share_is_counted_in_pixels() -> None:
    """Each definition keeps the hottest cell hottest; an even map has the foreground's share."""
    values = np.full((7, 7), -1.0)
    values[3, 3], values[3, 4] = 2.0, 0.5
    foreground = np.zeros((224, 224), bool)
    foreground[80:160, 80:176] = True
    for name, define in heat.DEFINITIONS.items():
        hot = define(values)
        assert hot.min() >= 0, name
        assert hot.argmax() == 24, name
        assert heat.share_on(hot, foreground) > 0.85, name
    assert heat.share_on(np.ones((7, 7)), foreground) == pytest.approx(foreground.mean())
    assert math.isnan(heat.share_on(np.zeros((7, 7)), foreground))


def test_a_piece_is_found_first_or_among_five() -> None:
    """A copy of the original counts as it; a sixth place does not."""
    angles = np.radians([0, 1, 2, 3, 4, 5, 6])
    gallery = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    right = np.zeros((3, 7), bool)
    right[0, 0] = right[1, 3] = right[2, 5] = True
    found = refind(gallery[[0, 0, 0]], gallery, right)
    assert found.first.tolist() == [True, False, False]
    assert found.among.tolist() == [True, True, False]
    assert found.shares()["top 5"] == pytest.approx(2 / 3)
    assert found.shares(np.array([False, True, True])) == {"top 1": 0, "top 5": 0.5}
    assert math.isnan(found.shares(np.zeros(3, bool))["top 1"])


def test_words_follow_their_bounds() -> None:
    """A bound belongs to its word; below the last one nothing is close."""
    said = words_of(np.array([0.9, 0.89, 0.7, 0.5, 0.49], np.float32), BOUNDS)
    assert said.tolist() == [
        "same piece",
        "very similar",
        "very similar",
        "similar",
        "nothing close",
    ]


def test_words_are_counted_with_what_they_promise() -> None:
    """Unknown questions say nothing about labels."""
    gallery = np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)
    queries = np.array([[1, 0], [1, 0]], np.float32)
    found = np.array([[0, 1], [0, 2]])
    columns = {"type": (["a", ""], ["a", "b", "a"])}
    table = closeness_words(queries, gallery, found, columns, BOUNDS)
    assert table["same piece"] == {"share of answers": 0.5, "same type": 1.0}
    assert table["very similar"] == {"share of answers": 0.25, "same type": 0.0}
    assert math.isnan(table["nothing close"]["same type"])
    forbidden = np.array([[True, False, False], [True, True, True]])
    assert best_similarity(queries, gallery, forbidden).tolist() == pytest.approx([0.8, -1])


def test_confusions_are_counted_and_sorted() -> None:
    """Right answers and unknown words are none; ties come by the alphabet."""
    found = np.array([[0, 1, 2], [0, 1, 3]])
    pairs = worst_pairs(found, ["a", "b"], ["a", "b", "c", ""])
    assert pairs == [("a", "b", 1), ("a", "c", 1), ("b", "a", 1)]
    assert worst_pairs(np.array([[1, 1, 2]]), ["a"], ["a", "b", "c"], count=1) == [("a", "b", 2)]


def test_lab_is_the_standard_one() -> None:
    """sRGB red, mid grey and white, by CIE 15 under D65."""
    colours = np.array([[255, 0, 0], [119, 119, 119], [255, 255, 255]], np.uint8)
    assert lab_of(colours) == pytest.approx(
        np.array([[53.24, 80.09, 67.20], [50.03, 0, 0], [100, 0, 0]]), abs=0.1
    )


def test_histograms_compare_the_garment_not_the_backdrop() -> None:
    """Two colours on much white have nothing in common; size does not matter."""
    red, blue = np.full((2, 80, 80, 3), 255, np.uint8)
    red[30:50, 30:50] = (200, 30, 40)
    blue[30:50, 30:50] = (40, 60, 190)
    large = np.full((80, 80, 3), 255, np.uint8)
    large[10:70, 10:70] = (200, 30, 40)
    assert histogram(red) @ histogram(blue) == pytest.approx(0)
    assert histogram(red) @ histogram(large) == pytest.approx(1)
    assert histogram(np.full((8, 8, 3), 255, np.uint8)).sum() == pytest.approx(1)


def test_goals_say_what_is_short_and_losses_what_int8_costs() -> None:
    """A figure that was not measured is never passed off as reached."""
    whole = {"type": 0.88, "colour": 0.60, "both": 0.70, "gender": 0.9}
    sections = {"catalogue": Section("", {"whole": whole})}
    type_, colour, both, *rest = list(goal_lines(sections))[1:]
    assert type_.endswith("bar reached")
    assert colour.endswith("0.050 short")
    assert both.endswith("aim reached")
    assert all(line.endswith("not measured") for line in rest)
    better = {"catalogue": Section("", {"whole": {**whole, "colour": 0.62}})}
    lost = losses(sections, better)
    assert lost["catalogue"]["whole"]["colour"] == pytest.approx(0.02)
    assert list(loss_lines(lost))[-1].startswith(
        "largest loss in a goal's figure: 0.020 (catalogue photos: colour)"
    )


def test_frames_say_what_is_wrong() -> None:
    """The type is judged before the colour, and what is unknown is never right."""
    picture = np.zeros((4, 4, 3), np.uint8)
    asked = Tile(picture, "Shirts", "Red")
    assert frame_of(asked, Tile(picture, "Shirts", "Red")) == RIGHT
    assert frame_of(asked, Tile(picture, "Shirts", "Blue")) == WRONG_COLOUR
    assert frame_of(asked, Tile(picture, "Heels", "Red")) == WRONG_TYPE
    assert frame_of(Tile(picture, "", "Red"), Tile(picture, "", "Red")) == WRONG_TYPE
    assert frame_of(Tile(picture, "Heels", ""), Tile(picture, "Heels", "")) == WRONG_COLOUR
    assert drawn_questions(1000, 0) == sorted(drawn_questions(1000, 0))
    assert len(drawn_questions(1000, 0)) == 24
    assert drawn_questions(5, 0) == [0, 1, 2, 3, 4]

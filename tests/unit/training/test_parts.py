"""Heads in plain arrays, and which pieces agree."""

import numpy as np
import pytest

from fashion_training.part_targets import AGREE, DISAGREE, UNTOLD, labels_of, near_table
from fashion_training.parts import FEATURES, READS, SIZES, evened, joined_parts, parts_by
from fashion_training.patterns import PATTERNS
from fashion_training.pieces import Domain, Piece

WORDS = {
    "type": ["Dresses", "Flats", "Heels"],
    "colour_name": ["Black", "Navy Blue", "Red"],
    "gender": ["Women"],
    "pattern": list(PATTERNS),
}


def piece(
    kind: str,
    types: tuple[str, ...],
    *,
    domain: Domain = "large",
    colour: str = "",
    patterns: tuple[str, ...] = (),
) -> Piece:
    """Make a piece of which only these things are known."""
    return Piece(
        domain=domain,
        side="train",
        key=f"{domain}/{kind}",
        group=f"{domain} {kind} {colour}",
        kind=kind,
        types=types,
        garment_class="",
        colour=colour,
        colour_name="",
        colour_names=(),
        pattern="/".join(patterns),
        patterns=patterns,
        gender="",
        sender="",
        photo=None,
        garment=None,
    )


def test_a_coarse_label_leaves_open_what_it_cannot_tell() -> None:
    """Shoes may be heels, are no dress, and agree with other shoes of their own kind of photos."""
    pieces = [
        piece("Heels", ("Heels",)),
        piece("Flats", ("Flats",)),
        piece("Dresses", ("Dresses",)),
        piece("Shoes", ("Flats", "Heels"), domain="ordinary"),
        piece("Dress", ("Dresses",), domain="ordinary"),
    ]
    labels = labels_of(pieces, WORDS)
    codes = labels.codes["cut"]
    told = labels.tables["cut"][np.ix_(codes, codes)]
    heels, flats, dress, shoes, worn = told
    assert heels.tolist() == [AGREE, DISAGREE, DISAGREE, UNTOLD, DISAGREE]
    assert flats[3] == UNTOLD
    assert shoes.tolist() == [UNTOLD, UNTOLD, DISAGREE, AGREE, DISAGREE]
    assert dress.tolist() == worn.tolist() == [DISAGREE, DISAGREE, AGREE, DISAGREE, AGREE]
    assert labels.words["type"][3].tolist() == [False, True, True]


def test_neighbouring_colours_are_neither_pulled_nor_pushed() -> None:
    """Black and navy cannot be told apart; black and white can."""
    pieces = [piece("a", (), colour=colour) for colour in ("black", "navy", "white", "")]
    labels = labels_of(pieces, WORDS)
    black, navy, white, unknown = labels.codes["colour"]
    table = near_table()
    assert unknown == -1
    assert table[black, navy] == table[navy, black] == UNTOLD
    assert table[black, white] == DISAGREE and table[navy, navy] == AGREE


def test_a_printed_name_may_be_any_print() -> None:
    """What a name calls printed an eye may call floral, but not striped."""
    prints = ("allover", "floral", "print")
    pieces = [
        piece("a", (), patterns=patterns)
        for patterns in (prints, ("floral",), ("striped",), prints)
    ]
    labels = labels_of(pieces, WORDS)
    codes, table = labels.codes["pattern"], labels.tables["pattern"]
    told = table[np.ix_(codes, codes)]
    assert told[0].tolist() == [AGREE, UNTOLD, DISAGREE, AGREE]


def heads(draw: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw heads that read what they may."""
    arrays = {}
    for name, (start, stop) in READS.items():
        weight = np.zeros((SIZES[name], FEATURES), np.float32)
        weight[:, start:stop] = draw.normal(0, 1, (SIZES[name], stop - start))
        arrays[f"parts.{name}.weight"] = weight
        arrays[f"parts.{name}.bias"] = draw.normal(0, 1, SIZES[name]).astype(np.float32)
    return arrays


def test_parts_are_of_unit_length_and_weighted_in_the_whole() -> None:
    """The inner product of two wholes is the weighted mean of the parts' cosines."""
    draw = np.random.default_rng(2)
    averages = draw.gamma(1, 1, (6, FEATURES)).astype(np.float16)
    parts = parts_by(heads(draw), averages)
    for part in parts.values():
        assert np.linalg.norm(part, axis=1) == pytest.approx(np.ones(6), abs=1e-4)
    weights = {"cut": 0.5, "colour": 0.3, "pattern": 0.2}
    whole = joined_parts(parts, weights)
    wanted = sum(weight * parts[name] @ parts[name].T for name, weight in weights.items())
    assert whole @ whole.T == pytest.approx(wanted, abs=1e-4)


def test_evening_out_spreads_a_part_evenly_and_stays_linear() -> None:
    """With a power of a half nothing is left that all views share, and no direction rules."""
    draw = np.random.default_rng(3)
    mixed = draw.normal(0, 1, (60, FEATURES))
    varying = draw.normal(0, 1, (3000, 60)) * np.linspace(0.02, 0.3, 60) @ mixed
    averages = (draw.gamma(2, 1, FEATURES) + 0.2 * varying).astype(np.float32)
    before = heads(draw)
    after = evened(before, averages, {"pattern": 0.5})
    assert after["parts.cut.weight"] is before["parts.cut.weight"]
    spread = [
        np.linalg.eigvalsh(np.cov(parts_by(arrays, averages)["pattern"], rowvar=False))
        for arrays in (before, after)
    ]
    shares = [values[-1] / values.sum() for values in spread]
    assert shares[1] < 0.6 * shares[0]
    means = [
        np.linalg.norm(parts_by(arrays, averages)["pattern"].mean(axis=0))
        for arrays in (before, after)
    ]
    assert means[1] < 0.5 * means[0]

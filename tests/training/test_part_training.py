"""Three heads learn from averages in which what they should see was planted."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.mask_gate import (  # noqa: E402
    Outlined,
    learn_gate,
    openness_by,
    upper_half_overlap,
)
from fashion_training.part_heads import PartHeads, Scale  # noqa: E402
from fashion_training.part_targets import (  # noqa: E402
    AGREE,
    DISAGREE,
    UNTOLD,
    labels_of,
)
from fashion_training.part_training import (  # noqa: E402
    Recipe,
    Views,
    nearby,
    refit_words,
    train_parts,
    whole_agreement,
)
from fashion_training.parts import FEATURES, parts_by  # noqa: E402
from fashion_training.patterns import PATTERNS  # noqa: E402
from fashion_training.pieces import Domain, Piece  # noqa: E402

TYPES = ["Dresses", "Heels", "Jeans", "Shirts"]
COLOURS = {"black": "Black", "red": "Red", "white": "White"}
WORDS = {
    "type": TYPES,
    "colour_name": sorted(COLOURS.values()),
    "gender": ["Women"],
    "pattern": list(PATTERNS),
}
DOMAINS: tuple[Domain, ...] = ("large", "ordinary", "street")
RECIPE = Recipe(steps=60, pieces=60, queue=120, warm_up=5, average=0.9)


def planted(count: int) -> tuple[list[Piece], Views]:
    """Draw pieces of all domains, twice each, whose type, colour and pattern lie in some averages."""
    draw = np.random.default_rng(4)
    pieces, rows = [], []
    directions = {
        word: draw.normal(0, 1, FEATURES) for word in (*TYPES, *COLOURS, "striped", "solid")
    }
    for number in range(count):
        domain = DOMAINS[number % 3]
        kind = TYPES[draw.integers(len(TYPES))]
        colour = list(COLOURS)[draw.integers(len(COLOURS))]
        pattern = ("striped", "solid")[draw.integers(2)]
        known = domain != "street"
        pieces.append(
            Piece(
                domain=domain,
                side="train",
                key=str(number),
                group=str(number),
                kind=kind,
                types=(kind,),
                garment_class="",
                colour=colour if known else "",
                colour_name=COLOURS[colour] if domain == "large" else "",
                colour_names=(COLOURS[colour],) if known else (),
                pattern=pattern if known else "",
                patterns=(pattern,) if known else (),
                gender="Women" if domain == "large" else "",
                sender="",
                photo=None,
                garment=None,
            )
        )
        signal = directions[kind] + directions[colour] + directions[pattern]
        rows += [np.maximum(signal + draw.normal(0, 2, FEATURES) + 2, 0) for _ in range(2)]
    averages = np.array(rows, dtype=np.float16)
    places = np.repeat(np.arange(count), 2)
    own = np.full(len(rows), -1)
    return pieces, Views(averages, places, np.zeros(len(rows), dtype=np.bool_), own)


def test_heads_learn_what_was_planted() -> None:
    """Neighbours in each part share what the part is about; words are named."""
    pieces, views = planted(180)
    labels = labels_of(pieces, WORDS)
    heads = PartHeads(Scale.of(views.averages), {name: len(w) for name, w in WORDS.items()})
    losses: list[float] = []
    train_parts(heads, views, pieces, labels, RECIPE, 0, lambda _, loss: losses.append(loss))
    assert losses[-1] < 0.5 * losses[0]
    arrays = heads.plain()
    parts = parts_by(arrays, views.averages)
    with torch.no_grad():
        seen = heads(torch.from_numpy(views.averages.astype(np.float32)))
    for name, part in parts.items():
        assert part == pytest.approx(seen[name].numpy(), abs=2e-3)
    for name, field in (("cut", "kind"), ("colour", "colour"), ("pattern", "pattern")):
        words = np.array([getattr(pieces[place], field) for place in views.pieces])
        similar = parts[name] @ parts[name].T
        similar[views.pieces[:, None] == views.pieces[None, :]] = -1
        known = words != ""
        nearest = similar[np.ix_(known, known)].argmax(axis=1)
        assert (words[known][nearest] == words[known]).mean() > 0.9, name
    refitted = refit_words(arrays, views, labels, heads.temperature, 0, steps=40)
    scores = parts["cut"] @ refitted["words.type"].T
    kinds = np.array([TYPES.index(pieces[place].kind) for place in views.pieces])
    assert (scores.argmax(axis=1) == kinds).mean() > 0.9


def test_what_validates_never_trains() -> None:
    """A view of a validation piece is refused before anything is learnt."""
    pieces, views = planted(60)
    pieces[7] = dataclasses.replace(pieces[7], side="validation")
    heads = PartHeads(Scale.of(views.averages), {name: len(w) for name, w in WORDS.items()})
    with pytest.raises(ValueError, match="does not train"):
        train_parts(heads, views, pieces, labels_of(pieces, WORDS), RECIPE, 0, lambda *_: None)


def test_what_cannot_be_told_takes_no_part() -> None:
    """A neighbour that may agree changes nothing, however near it is."""
    cosines = torch.tensor([[0.9, 0.5, 0.1]])
    own = torch.zeros(1, 3, dtype=torch.bool)
    told = torch.tensor([[UNTOLD, AGREE, DISAGREE]], dtype=torch.int8)
    alone = nearby(cosines[:, 1:], told[:, 1:], own[:, 1:], 0.1)
    assert float(nearby(cosines, told, own, 0.1)) == pytest.approx(float(alone))
    nothing = torch.full((1, 3), UNTOLD, dtype=torch.int8)
    assert float(nearby(cosines, nothing, own, 0.1)) == 0


def test_a_stylist_wants_cut_and_colour_and_no_other_pattern() -> None:
    """Another pattern makes a piece doubtful, another cut or colour makes it wrong."""
    agree = {
        "cut": torch.tensor([AGREE, AGREE, AGREE, DISAGREE, UNTOLD]),
        "colour": torch.tensor([AGREE, AGREE, DISAGREE, AGREE, AGREE]),
        "pattern": torch.tensor([UNTOLD, DISAGREE, AGREE, AGREE, AGREE]),
    }
    assert whole_agreement(agree).tolist() == [AGREE, UNTOLD, DISAGREE, DISAGREE, UNTOLD]


def test_the_gate_finds_the_channels_that_garments_light_up() -> None:
    """After learning, the gate's upper half is where the garment is."""
    draw = np.random.default_rng(6)
    shares = np.zeros((80, 14, 14), np.float32)
    for row in range(80):
        top, left = draw.integers(0, 8, 2)
        shares[row, top : top + 6, left : left + 5] = 1
    maps = draw.integers(0, 60, (80, 1024, 14, 14)).astype(np.uint8)
    maps[:, :40] += (80 * shares[:, None]).astype(np.uint8)
    gate = learn_gate(0.05, Outlined(maps[:64], shares[:64]), 0)
    overlap = upper_half_overlap(openness_by(gate, maps[64:], 0.05), shares[64:])
    assert overlap > 0.8


def test_a_print_moves_neither_cut_nor_colour() -> None:
    """Every piece is seen once more with stripes laid over it: the cut finds its like all the same."""
    pieces, views = planted(180)
    draw = np.random.default_rng(5)
    stripes = draw.normal(0, 3, FEATURES)
    second = np.arange(1, len(views.pieces), 2)
    averages, laid = views.averages.copy(), views.laid.copy()
    averages[second] = np.maximum(averages[second] + stripes, 0)
    laid[second] = PATTERNS.index("striped")
    views = dataclasses.replace(views, averages=averages, laid=laid)
    labels = labels_of(pieces, WORDS)

    def apart(held: float) -> float:
        heads = PartHeads(Scale.of(views.averages), {name: len(w) for name, w in WORDS.items()})
        recipe = dataclasses.replace(RECIPE, held=held)
        train_parts(heads, views, pieces, labels, recipe, 0, lambda *_: None)
        parts = parts_by(heads.plain(), views.averages)
        return float(
            sum(
                1 - (parts[name][second] * parts[name][second - 1]).sum(axis=1).mean()
                for name in ("cut", "colour")
            )
        )

    assert apart(8.0) < 0.7 * apart(0.0)

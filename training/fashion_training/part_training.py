"""Trains the three heads on kept averages: words, neighbours, photos told apart, across all domains.

The losses are those of the former heads (``neighbourhood.py``, ``losses.py``) for labels that may leave
open whether two pieces agree, with one more: each piece must also find its like among the photos of
*other* kinds, where the same colour in another cut is the likeliest mistake.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from fashion_training.part_heads import PartHeads
from fashion_training.part_targets import AGREE, DISAGREE, UNTOLD, Labels
from fashion_training.parts import NAMED_BY, parts_by
from fashion_training.pieces import Piece

#: The kinds of photos that meet in one batch, and the share of each.
REALMS: Mapping[str, tuple[tuple[str, ...], float]] = {
    "catalogue": (("large", "small"), 0.46),
    "ordinary": (("ordinary",), 0.30),
    "street": (("street",), 0.24),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How heads are trained; the shares say how much each loss counts."""

    steps: int = 260
    pieces: int = 256
    rate: float = 2e-3
    known_rate: float = 6e-4
    weight_decay: float = 0.05
    warm_up: int = 40
    left_out: float = 0.15  # of the averages, at random
    average: float = 0.99
    queue: int = 2048
    words: float = 1.0
    near: float = 1.5
    across: float = 1.0
    whole: float = 1.0
    apart: float = 1.0
    gathered: float = 2.0
    held: float = 4.0
    exact_colour: float = 1.0
    near_temperature: float = 0.06
    apart_temperature: float = 0.07
    realms: Mapping[str, float] = field(
        default_factory=lambda: {name: share for name, (_, share) in REALMS.items()}
    )


@dataclass(frozen=True, slots=True)
class Views:
    """Rows of averages: of which piece each is, and whether its colours are not its own.

    ``laid`` is the place in ``PATTERNS`` of a print that was laid over the piece, -1 for its own.
    """

    averages: NDArray[np.float16]
    pieces: NDArray[np.int64]
    recoloured: NDArray[np.bool_]
    laid: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """2 N views' parts, N pieces twice, with what tells which of them agree."""

    parts: Mapping[str, Tensor]
    pieces: NDArray[np.int64]
    recoloured: Tensor
    laid: Tensor

    def first(self, count: int) -> Batch:
        """Return the first views, without gradients."""
        parts = {name: part[:count].detach() for name, part in self.parts.items()}
        return Batch(parts, self.pieces[:count], self.recoloured[:count], self.laid[:count])

    def followed_by(self, other: Batch) -> Batch:
        """Join two lists of views."""
        parts = {name: torch.cat([part, other.parts[name]]) for name, part in self.parts.items()}
        return Batch(
            parts,
            np.concatenate([self.pieces, other.pieces]),
            torch.cat([self.recoloured, other.recoloured]),
            torch.cat([self.laid, other.laid]),
        )


def train_parts(
    heads: PartHeads,
    views: Views,
    pieces: Sequence[Piece],
    labels: Labels,
    recipe: Recipe,
    seed: int,
    report: Callable[[int, float], object],
    begun_with: Mapping[str, NDArray[np.float32]] | None = None,
) -> None:
    """Train heads; they end with their averaged weights. Only training pieces may have views.

    What of the heads is known from plain arrays, ``begun_with``, learns at a lower rate.
    """
    if any(pieces[place].side != "train" for place in np.unique(views.pieces)):
        raise ValueError("a view that does not train is among those to learn from")
    draw = np.random.default_rng([seed, 31])
    torch.manual_seed(seed)
    rows_of = _rows_by_piece(views.pieces)
    realms = _pieces_by_realm(rows_of, pieces)
    loss = PartLoss(pieces, labels, recipe, draw)
    heads.take(begun_with or {})
    fresh, known = heads.fresh_and_known(begun_with or {})
    rates = ((fresh, recipe.rate), (known, recipe.known_rate))
    groups = [{"params": listed, "lr": rate} for listed, rate in rates if listed]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
    rates_at_first = [float(group["lr"]) for group in optimiser.param_groups]
    averaged = {key: value.detach().clone() for key, value in heads.state_dict().items()}
    for step in range(recipe.steps):
        for group, rate in zip(optimiser.param_groups, rates_at_first, strict=True):
            group["lr"] = rate * _rate_at(step, recipe)
        chosen = _drawn(realms, recipe, draw)
        rows = _two_rows(chosen, rows_of, draw)
        seen = torch.from_numpy(views.averages[rows].astype(np.float32))
        kept = functional.dropout(torch.ones_like(seen), recipe.left_out)
        seen = heads.middle + (seen - heads.middle) * kept
        recoloured, laid = (torch.from_numpy(told[rows]) for told in (views.recoloured, views.laid))
        value = loss(heads, Batch(heads(seen), np.tile(chosen, 2), recoloured, laid))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        decay = min(recipe.average, (1 + step) / (10 + step))
        with torch.no_grad():
            for key, state in heads.state_dict().items():
                averaged[key].lerp_(state, 1 - decay)
        report(step, float(value.detach()))
    heads.load_state_dict(averaged)


def refit_words(
    arrays: Mapping[str, NDArray[np.float32]],
    views: Views,
    labels: Labels,
    temperature: float,
    seed: int,
    steps: int = 200,
) -> dict[str, NDArray[np.float32]]:
    """Fit the words' directions anew to parts that were changed; returns all arrays."""
    draw = np.random.default_rng([seed, 32])
    words = {
        name: torch.from_numpy(arrays[f"words.{name}"].copy()).requires_grad_()
        for name in labels.words
    }
    optimiser = torch.optim.AdamW(words.values(), lr=0.02, weight_decay=0.0)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 0.02 * 0.5 * (1 + math.cos(math.pi * step / steps))
        rows = draw.choice(len(views.pieces), min(1024, len(views.pieces)), replace=False)
        parts = {
            name: torch.from_numpy(part)
            for name, part in parts_by(arrays, views.averages[rows]).items()
        }
        total = torch.zeros(())
        for name, directions in words.items():
            may_be = torch.from_numpy(labels.words[name][views.pieces[rows]])
            if name == "pattern":
                may_be = _with_laid(may_be, torch.from_numpy(views.laid[rows]))
            known = may_be.any(dim=1)
            if name == "colour_name":
                known &= torch.from_numpy(~views.recoloured[rows])
            if not bool(known.any()):
                continue
            unit = functional.normalize(directions, dim=1)
            logits = temperature * parts[NAMED_BY[name]][known] @ unit.T
            total = total + _unlikeliness(logits, may_be[known])
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
    fitted = {f"words.{name}": value.detach().numpy() for name, value in words.items()}
    return {**arrays, **fitted}


def _unlikeliness(logits: Tensor, may_be: Tensor) -> Tensor:
    """Return the mean cross-entropy of labels that may stand for several words."""
    inside = logits.masked_fill(~may_be, -math.inf).logsumexp(dim=1)
    return (logits.logsumexp(dim=1) - inside).mean()


class PartLoss:
    """Scores batches; keeps the parts of former ones to compare with."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        labels: Labels,
        recipe: Recipe,
        draw: np.random.Generator,
    ) -> None:
        self._labels, self._recipe, self._draw = labels, recipe, draw
        names = list(REALMS)
        of_domain = {d: names.index(name) for name, (listed, _) in REALMS.items() for d in listed}
        self._realms = torch.tensor([of_domain[piece.domain] for piece in pieces])
        self._groups = torch.from_numpy(labels.groups)
        self._tables = {name: torch.from_numpy(table) for name, table in labels.tables.items()}
        self._codes = {name: torch.from_numpy(codes) for name, codes in labels.codes.items()}
        self._words = {name: torch.from_numpy(marked) for name, marked in labels.words.items()}
        self._former: Batch | None = None

    def __call__(self, heads: PartHeads, batch: Batch) -> Tensor:
        """Return the loss of one batch, and remember its first views."""
        recipe = self._recipe
        known = batch if self._former is None else batch.followed_by(self._former)
        value = recipe.words * self._named(heads, batch)
        value = value + self._neighbours(batch, known)
        value = value + recipe.apart * self._apart(batch, known)
        value = value + recipe.held * held(batch)
        count = len(batch.pieces) // 2
        fresh = batch.first(count)
        joined = fresh if self._former is None else fresh.followed_by(self._former)
        self._former = joined.first(recipe.queue)
        return value

    def _named(self, heads: PartHeads, batch: Batch) -> Tensor:
        """Words by cross-entropy, over the sum of all that a label may mean; and gathering."""
        total = torch.zeros(())
        places = torch.from_numpy(batch.pieces)
        for vocabulary, marked in self._words.items():
            may_be = marked[places]
            if vocabulary == "pattern":
                may_be = _with_laid(may_be, batch.laid)
            rows = may_be.any(dim=1)
            if vocabulary == "colour_name":
                rows &= ~batch.recoloured
            if not bool(rows.any()):
                continue
            logits = heads.logits(batch.parts, vocabulary)[rows]
            total = total + _unlikeliness(logits, may_be[rows])
            single = rows & (may_be.sum(dim=1) == 1)
            if vocabulary != "gender" and bool(single.any()):
                own = heads.directions(vocabulary)[may_be[single].float().argmax(dim=1)]
                part = batch.parts[NAMED_BY[vocabulary]][single]
                away = 1 - functional.cosine_similarity(part, own, dim=1)
                total = total + self._recipe.gathered * away.mean()
        return total

    def _neighbours(self, batch: Batch, known: Batch) -> Tensor:
        recipe = self._recipe
        itself = self._same(self._groups, batch, known)
        strange = batch.recoloured[:, None] | known.recoloured[None, :]
        cosines = {name: part @ known.parts[name].T for name, part in batch.parts.items()}
        agree = {name: self._agreement(name, batch, known) for name in self._tables}
        for name in ("colour", "colour_name"):
            agree[name] = agree[name].masked_fill(strange, UNTOLD)
        printed = (batch.laid >= 0)[:, None] | (known.laid >= 0)[None, :]
        agree["pattern"] = agree["pattern"].masked_fill(printed, UNTOLD)
        temperature = recipe.near_temperature
        total = torch.zeros(())
        for name, cosine in cosines.items():
            total = total + recipe.near / 3 * nearby(cosine, agree[name], itself, temperature)
        exact = nearby(cosines["colour"], agree["colour_name"], itself, temperature)
        total = total + recipe.exact_colour * exact
        elsewhere = ~self._same(self._realms, batch, known)
        across = itself | ~elsewhere
        total = total + recipe.across * nearby(cosines["cut"], agree["cut"], across, temperature)
        cut = self._draw.uniform(0.3, 0.65)
        colour = (1 - cut) * self._draw.uniform(0.45, 0.85)
        shares = {"cut": cut, "colour": colour, "pattern": 1 - cut - colour}
        both = sum(share * cosines[name] for name, share in shares.items())
        return total + recipe.whole * nearby(both, whole_agreement(agree), itself, temperature)

    def _apart(self, batch: Batch, known: Batch) -> Tensor:
        """Each second view among all first ones and the former: its own piece must stand out."""
        count = len(batch.pieces) // 2
        others = torch.cat(
            [torch.arange(count), torch.arange(len(batch.pieces), len(known.pieces))]
        )
        similar = torch.zeros(count, len(others))
        other = {
            "colour": batch.recoloured[count:, None] | known.recoloured[others][None, :],
            "pattern": batch.laid[count:, None] != known.laid[others][None, :],
        }
        for name, share in (("cut", 0.4), ("colour", 0.35), ("pattern", 0.25)):
            cosine = batch.parts[name][count:] @ known.parts[name][others].T
            similar = similar + share * (
                cosine.masked_fill(other[name], 0) if name in other else cosine
            )
        places = torch.from_numpy(known.pieces)[others]
        own = torch.from_numpy(batch.pieces[count:])
        copies = self._groups[own][:, None] == self._groups[places][None, :]
        rows = torch.arange(count)
        copies[rows, rows] = False
        logits = (similar / self._recipe.apart_temperature).masked_fill(copies, -math.inf)
        return functional.cross_entropy(logits, rows)

    def _same(self, numbers: Tensor, batch: Batch, known: Batch) -> Tensor:
        asked = numbers[torch.from_numpy(batch.pieces)]
        return asked[:, None] == numbers[torch.from_numpy(known.pieces)][None, :]

    def _agreement(self, name: str, batch: Batch, known: Batch) -> Tensor:
        codes, table = self._codes[name], self._tables[name]
        asked = codes[torch.from_numpy(batch.pieces)]
        other = codes[torch.from_numpy(known.pieces)]
        told = table[asked.clamp(min=0)][:, other.clamp(min=0)]
        return told.masked_fill((asked < 0)[:, None] | (other < 0)[None, :], UNTOLD)


def held(batch: Batch) -> Tensor:
    """Return how far a print moves a piece's cut, and its colour where the print has none.

    Mean distances of the two views of the pieces of which one has a print that the other has not.
    """
    count = len(batch.pieces) // 2
    printed = batch.laid[:count] != batch.laid[count:]
    total = torch.zeros(())
    for name, rows in (
        ("cut", printed),
        ("colour", printed & ~batch.recoloured[:count] & ~batch.recoloured[count:]),
    ):
        if bool(rows.any()):
            part = batch.parts[name]
            apart = 1 - functional.cosine_similarity(part[:count][rows], part[count:][rows], dim=1)
            total = total + apart.mean()
    return total


def _with_laid(may_be: Tensor, laid: Tensor) -> Tensor:
    """Let views with a print be called by its word alone: bool [N, words] and places [N]."""
    printed = laid >= 0
    own = functional.one_hot(laid.clamp(min=0).long(), may_be.shape[1]).bool()
    return torch.where(printed[:, None], own, may_be)


def whole_agreement(agree: Mapping[str, Tensor]) -> Tensor:
    """Say which pieces are what a stylist asks for: same cut, same colour, no other pattern."""
    cut, colour, pattern = agree["cut"], agree["colour"], agree["pattern"]
    right = (cut == AGREE) & (colour == AGREE) & (pattern != DISAGREE)
    wrong = (cut == DISAGREE) | (colour == DISAGREE)
    told = torch.full_like(cut, UNTOLD)
    return told.masked_fill(wrong, DISAGREE).masked_fill(right, AGREE)


def nearby(cosines: Tensor, agree: Tensor, left_out: Tensor, temperature: float) -> Tensor:
    """Return minus the mean log chance of picking a neighbour that agrees, from cosines [N, M].

    What cannot be told takes no part; nor do rows without any that agrees.
    """
    hidden = left_out | (agree == UNTOLD)
    right = (agree == AGREE) & ~hidden
    rows = right.any(dim=1)
    if not bool(rows.any()):
        return cosines.sum() * 0
    logits = (cosines / temperature).masked_fill(hidden, -math.inf)[rows]
    chosen = logits.masked_fill(~right[rows], -math.inf).logsumexp(dim=1)
    return (logits.logsumexp(dim=1) - chosen).mean()


def _rate_at(step: int, recipe: Recipe) -> float:
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    along = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * along))


def _rows_by_piece(pieces: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    order = np.argsort(pieces, kind="stable")
    numbers, starts = np.unique(pieces[order], return_index=True)
    return dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True))


def _pieces_by_realm(
    rows_of: Mapping[int, object], pieces: Sequence[Piece]
) -> dict[str, NDArray[np.int64]]:
    return {
        name: np.array([place for place in rows_of if pieces[place].domain in domains])
        for name, (domains, _) in REALMS.items()
    }


def _drawn(
    realms: Mapping[str, NDArray[np.int64]], recipe: Recipe, draw: np.random.Generator
) -> NDArray[np.int64]:
    chosen = []
    for name, share in recipe.realms.items():
        count = min(round(share * recipe.pieces), len(realms[name]))
        chosen.append(draw.choice(realms[name], count, replace=False))
    return np.concatenate(chosen).astype(np.int64)


def _two_rows(
    chosen: NDArray[np.int64],
    rows_of: Mapping[int, NDArray[np.int64]],
    draw: np.random.Generator,
) -> NDArray[np.int64]:
    """Return two rows of each piece, all first ones before all second; the same where it has one."""
    pairs = []
    for place in chosen:
        rows = rows_of[int(place)]
        if len(rows) == 1:
            pairs.append((rows[0], rows[0]))
        else:
            pairs.append(tuple(draw.choice(rows, 2, replace=False)))
    return np.array(pairs, dtype=np.int64).T.ravel()

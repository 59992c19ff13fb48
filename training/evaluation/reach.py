"""What is asked of the model's answers, catalogue, ordinary and street photos beside each other.

Every figure carries the interval of its questions, the bar and the aim. A model whose words allow it
is measured twice: as the index answers, and with the first answers ranked again by its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluation.material import Catalogue, Ordinary
from evaluation.model_file import Arrays, ModelFile
from evaluation.reranking import Ranking, ranked_again
from evaluation.retrieval import ANSWERS, Positions, refind, same_group
from evaluation.scores import Figure, Values, grouped_figure, mean_figure, ratio_figure
from evaluation.street import WornGarments, catalogue_classes
from fashion_training.colours_by_eye import everyday, near
from fashion_training.ordinary_labels import UNSEEN, Seen
from fashion_training.patterns import pattern_in_name
from fashion_training.precision import nearest, reweighed

#: Patterns that are asked for, by an eye's word and by a product name's.
ORDINARY_PATTERNS = ("striped", "checked", "floral", "print", "allover")
CATALOGUE_PATTERNS = ("printed", "striped", "checked")

#: Bar and aim of every measure, in the order in which they are printed.
GOALS: Mapping[str, tuple[float, float]] = {
    "ordinary: type": (0.78, 0.86),
    "ordinary: near colour": (float("nan"), float("nan")),
    "ordinary: type and near colour": (0.55, 0.65),
    "ordinary: type, near colour, pattern": (0.38, 0.50),
    "ordinary: pattern of the asked kind": (0.50, 0.65),
    "catalogue: pattern of the asked kind": (0.75, 0.85),
    "catalogue: type": (0.89, 0.93),
    "catalogue: near colour": (0.84, 0.90),
    "catalogue: type and near colour": (0.75, 0.83),
    "catalogue: exact colour": (0.67, 0.70),
    "catalogue: type and exact colour": (0.60, 0.65),
    "worn garment: class": (0.50, 0.65),
    "seen again, own background: top 5": (0.93, 0.97),
    "seen again, another background: top 5": (0.80, 0.90),
    "cut kept when recoloured": (0.97, 1.0),
    "cut kept under another pattern": (0.97, 1.0),
    "colour kept under another pattern": (0.97, 1.0),
}
#: Measured by a person, on a list of judged pairs.
JUDGED = "judged pairs: called close though not similar / called nothing though similar"
#: What the part that sees cut was called before it had a pattern beside it.
CUT, CUT_BEFORE = "cut", "style"

Ranker = Callable[[Arrays, Arrays, NDArray[np.bool_]], Positions]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: by the index alone, and ranked again (None where that changes nothing)."""

    name: str
    index: Figure
    again: Figure | None = None
    counts: str = ""


@dataclass(frozen=True)
class Reach:
    """The figures of one model."""

    model: ModelFile
    ranking: Ranking | None
    outputs: Mapping[str, Arrays]
    catalogue: Catalogue
    ordinary: Ordinary | None
    seen: Mapping[str, Seen]
    worn: WornGarments | None
    replaced: NDArray[np.bool_] | None
    swapped: Positions | None  # the test photos that were given another pattern
    left_out: list[str] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """Return every measure that model and photos allow, in the order of GOALS."""
        found = {
            line.name: line
            for part in (
                self._ordinary(),
                self._catalogue(),
                self._worn(),
                self._seen_again(),
                self._invariance(),
            )
            for line in part
        }
        return [found[name] for name in GOALS if name in found]

    def catalogue_answers(self) -> Positions:
        """Return the five answers to each test photo, as a person sees them."""
        count = self.catalogue.asked
        asked = {name: values[:count] for name, values in self._gallery.items()}
        return self._rankers[-1](asked, self._gallery, self._copies)

    def ordinary_answers(self) -> Positions:
        """Return the five answers to each test sender's photo among all other senders'."""
        photos = self.ordinary
        assert photos is not None
        gallery = self.outputs["ordinary"]
        asked = {name: values[photos.asked_at] for name, values in gallery.items()}
        same = same_group(photos.senders, photos.asked_at, np.arange(len(photos.photos)))
        return self._rankers[-1](asked, gallery, same)

    def worn_answers(self) -> Positions:
        """Return the five answers to each worn garment among the photos that have a class."""
        classes = np.array(catalogue_classes(self.catalogue.types))
        kept = np.flatnonzero(classes != "")
        gallery = {key: values[kept] for key, values in self._gallery.items()}
        asked = self.outputs["worn"]
        nothing = np.zeros((len(asked["embedding"]), len(kept)), dtype=np.bool_)
        return kept[self._rankers[-1](asked, gallery, nothing)]

    # -------------------------------------------------------------- how answers are ranked

    def _by_index(self, asked: Arrays, gallery: Arrays, forbidden: NDArray[np.bool_]) -> Positions:
        return nearest(asked["embedding"], gallery["embedding"], forbidden, ANSWERS)

    def _by_words(self, asked: Arrays, gallery: Arrays, forbidden: NDArray[np.bool_]) -> Positions:
        assert self.ranking is not None
        return ranked_again(self.model, self.ranking, asked, gallery, forbidden, ANSWERS)

    @cached_property
    def _rankers(self) -> tuple[Ranker, ...]:
        words = self.ranking is not None and self.ranking.fits(self.model)
        return (self._by_index, self._by_words) if words else (self._by_index,)

    def _measured(
        self,
        rank: Sequence[Positions],
        scores: Mapping[str, Callable[[Positions], Figure]],
        counts: Mapping[str, str] | None = None,
    ) -> Iterator[Line]:
        for name, score in scores.items():
            index, *again = [score(found) for found in rank]
            yield Line(name, index, again[0] if again else None, (counts or {}).get(name, ""))

    # -------------------------------------------------------------- catalogue

    @cached_property
    def _gallery(self) -> Arrays:
        asked, others = self.outputs["asked"], self.outputs["others"]
        shared = [name for name in asked if name in others]
        return {name: np.concatenate([asked[name], others[name]]) for name in shared}

    @cached_property
    def _copies(self) -> NDArray[np.bool_]:
        photos = self.catalogue
        return same_group(photos.prints, np.arange(photos.asked), np.arange(len(photos.photos)))

    def _catalogue(self) -> Iterator[Line]:
        photos, count = self.catalogue, self.catalogue.asked
        asked = {name: values[:count] for name, values in self._gallery.items()}
        found = [rank(asked, self._gallery, self._copies) for rank in self._rankers]
        types, colours = np.array(photos.types), np.array(photos.colours)
        plain = [everyday(colour) for colour in photos.colours]
        same_type = agreement(types[:count], types)
        exact = agreement(colours[:count], colours)
        nearly = near_agreement(plain[:count], plain) | exact
        known_type, known_colour = types[:count] != "", np.array(plain[:count]) != ""
        named = colours[:count] != ""
        both = known_type & known_colour

        def of(right: NDArray[np.bool_], known: NDArray[np.bool_]) -> Callable[[Positions], Figure]:
            return lambda rows: mean_figure(shares(right, rows)[known])

        scores = {
            "catalogue: type": of(same_type, known_type),
            "catalogue: near colour": of(nearly, known_colour),
            "catalogue: type and near colour": of(same_type & nearly, both),
            "catalogue: exact colour": of(exact, named),
            "catalogue: type and exact colour": of(same_type & exact, known_type & named),
        }
        yield from self._measured(found, scores)
        yield from self._catalogue_patterns(asked)

    def _catalogue_patterns(self, asked: Arrays) -> Iterator[Line]:
        """Only photos whose name holds exactly one pattern word take part."""
        name = "catalogue: pattern of the asked kind"
        words = np.array([pattern_in_name(photo.labels) for photo in self.catalogue.photos])
        kept = np.flatnonzero(words != "")
        queries = np.flatnonzero(np.isin(words[: self.catalogue.asked], CATALOGUE_PATTERNS))
        if not len(queries) or len(kept) <= ANSWERS + 1:
            self.left_out.append(f"{name}: no product name holds a pattern")
            return
        gallery = {key: values[kept] for key, values in self._gallery.items()}
        questions = {key: values[queries] for key, values in asked.items()}
        forbidden = self._copies[np.ix_(queries, kept)]
        found = [rank(questions, gallery, forbidden) for rank in self._rankers]
        right = agreement(words[queries], words[kept])
        groups = words[queries].tolist()
        yield from self._measured(
            found,
            {name: lambda rows: grouped_figure(shares(right, rows), groups)},
            {name: by_group(shares(right, found[0]), groups)},
        )

    # -------------------------------------------------------------- ordinary photos

    def _ordinary(self) -> Iterator[Line]:
        photos = self.ordinary
        if photos is None:
            self.left_out.append("ordinary photos: none were given (--ordinary)")
            return
        everything = np.arange(len(photos.photos))
        places = photos.asked_at
        gallery = self.outputs["ordinary"]
        asked = {name: values[places] for name, values in gallery.items()}
        forbidden = same_group(photos.senders, places, everything)
        found = [rank(asked, gallery, forbidden) for rank in self._rankers]
        types = np.array(photos.labels)
        same_type, known_type = agreement(types[places], types), types[places] != ""
        scores = {"ordinary: type": lambda rows: mean_figure(shares(same_type, rows)[known_type])}
        if not self.seen:
            self.left_out.append("ordinary photos' colours: none were given (--ordinary-labels)")
            yield from self._measured(found, scores)
            return
        labels = [self.seen.get(photo.stem, UNSEEN) for photo in photos.photos]
        colours = [label.colour for label in labels]
        patterns = np.array([label.pattern for label in labels])
        nearly = near_agreement([colours[place] for place in places], colours)
        alike = agreement(patterns[places], patterns)
        coloured = np.array([bool(colours[place]) for place in places])
        patterned = patterns[places] != ""

        def of(right: NDArray[np.bool_], known: NDArray[np.bool_]) -> Callable[[Positions], Figure]:
            return lambda rows: mean_figure(shares(right, rows)[known])

        both, all_three = known_type & coloured, known_type & coloured & patterned
        scores["ordinary: near colour"] = of(nearly, coloured)
        scores["ordinary: type and near colour"] = of(same_type & nearly, both)
        scores["ordinary: type, near colour, pattern"] = of(same_type & nearly & alike, all_three)
        chosen = np.flatnonzero(np.isin(patterns[places], ORDINARY_PATTERNS))
        groups = patterns[places][chosen].tolist()
        pattern = "ordinary: pattern of the asked kind"
        if len(chosen):
            scores[pattern] = lambda rows: grouped_figure(shares(alike, rows)[chosen], groups)
        yield from self._measured(
            found, scores, {pattern: by_group(shares(alike, found[0])[chosen], groups)}
        )

    # -------------------------------------------------------------- worn, and seen again

    def _worn(self) -> Iterator[Line]:
        name = "worn garment: class"
        if self.worn is None:
            self.left_out.append(f"{name}: no street photos were given (--street)")
            return
        classes = np.array(catalogue_classes(self.catalogue.types))
        kept = np.flatnonzero(classes != "")
        gallery = {key: values[kept] for key, values in self._gallery.items()}
        asked = self.outputs["worn"]
        forbidden = np.zeros((len(asked["embedding"]), len(kept)), dtype=np.bool_)
        found = [rank(asked, gallery, forbidden) for rank in self._rankers]
        right = agreement(np.array(self.worn.classes), classes[kept])
        groups = list(self.worn.classes)
        yield from self._measured(
            found,
            {name: lambda rows: grouped_figure(shares(right, rows), groups)},
            {name: by_group(shares(right, found[-1]), groups)},
        )

    def _seen_again(self) -> Iterator[Line]:
        if self.replaced is None:
            self.left_out.append("seen again: backgrounds are ordinary photos (--ordinary)")
            return
        asked = self.outputs["recaptured"]
        nothing = np.zeros_like(self._copies)
        by_index = refind(asked["embedding"], self._gallery["embedding"], self._copies).among
        among = [by_index.astype(np.float64)]
        for rank in self._rankers[1:]:
            rows = rank(asked, self._gallery, nothing)
            hits = np.take_along_axis(self._copies, rows, axis=1).any(axis=1)
            among.append(np.asarray(hits, dtype=np.float64))
        for name, chosen in (("own", ~self.replaced), ("another", self.replaced)):
            index, *again = [mean_figure(hits[chosen]) for hits in among]
            yield Line(f"seen again, {name} background: top 5", index, again[0] if again else None)

    # -------------------------------------------------------------- what a part does not mind

    def _invariance(self) -> Iterator[Line]:
        parts = self.model.parts
        cut = CUT if CUT in parts else CUT_BEFORE if CUT_BEFORE in parts else None
        types = np.array(self.catalogue.types)
        plain = [everyday(colour) for colour in self.catalogue.colours]
        count = self.catalogue.asked
        same_type = agreement(types[:count], types)
        nearly = near_agreement(plain[:count], plain)
        if cut is None:
            self.left_out.append("cut kept: the model has no such part")
        elif "recoloured" in self.outputs:
            everyone = np.arange(count)
            figure = self._kept(cut, "recoloured", everyone, same_type)
            yield Line("cut kept when recoloured", figure)
        if self.swapped is None or not len(self.swapped):
            self.left_out.append("kept under another pattern: no photo was suited")
            return
        if cut is not None:
            figure = self._kept(cut, "swapped", self.swapped, same_type)
            yield Line("cut kept under another pattern", figure)
        if "colour" in parts:
            figure = self._kept("colour", "swapped", self.swapped, nearly)
            yield Line("colour kept under another pattern", figure)

    def _kept(self, part: str, changed: str, places: Positions, right: NDArray[np.bool_]) -> Figure:
        bounds = [self.model.parts[part]]
        gallery = reweighed(self._gallery["embedding"], bounds, [1.0])
        forbidden = self._copies[places]
        found = [
            nearest(queries, gallery, forbidden, ANSWERS)
            for queries in (
                reweighed(self.outputs[changed]["embedding"], bounds, [1.0]),
                gallery[places],
            )
        ]
        known = right[places].any(axis=1)
        scores = [shares(right[places], rows)[known] for rows in found]
        return ratio_figure(scores[0], scores[1])


def agreement(asked: NDArray[np.str_], gallery: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Return whose word is whose, [asked, gallery]; an unknown word is nobody's."""
    same: NDArray[np.bool_] = (asked[:, None] == gallery[None, :]) & (asked != "")[:, None]
    return same


def near_agreement(asked: Sequence[str], gallery: Sequence[str]) -> NDArray[np.bool_]:
    """Return which everyday colours count as the same, [asked, gallery]."""
    words = sorted({*asked, *gallery})
    table = np.array([[near(one, other) for other in words] for one in words])
    places = {word: place for place, word in enumerate(words)}
    rows = [places[word] for word in asked]
    columns = [places[word] for word in gallery]
    alike: NDArray[np.bool_] = table[np.ix_(rows, columns)]
    return alike


def shares(right: NDArray[np.bool_], found: Positions) -> Values:
    """Return the share of each question's answers that are right, [asked]."""
    share: Values = np.take_along_axis(right, found, axis=1).mean(axis=1)
    return share


def by_group(values: Values, groups: Sequence[str]) -> str:
    """Spell out each group's mean and count."""
    names = np.asarray(groups)
    return ", ".join(
        f"{name} {values[names == name].mean():.2f} of {int((names == name).sum())}"
        for name in dict.fromkeys(sorted(groups))
    )


def table(lines: Sequence[Line]) -> Iterator[str]:
    """Lay the measures out beside their bars; what was not measured says so."""
    yield (
        f"{'measure':<40s}{'by index':>9s}{'95 %':>15s}{'by words':>10s}{'95 %':>15s}"
        f"{'asked':>7s}{'bar':>6s}{'aim':>6s}"
    )
    found = {line.name: line for line in lines}
    for name, (bar, aim) in GOALS.items():
        goal = f"{bar:6.2f}{aim:6.2f}" if bar == bar else f"{'':>12s}"
        line = found.get(name)
        if line is None:
            yield f"{name:<40s}{'-':>9s}{'':>15s}{'':>10s}{'':>15s}{'':>7s}{goal}  not measured"
            continue
        again = (
            "" if line.again is None else f"{line.again.value:10.3f}{_interval(line.again):>15s}"
        )
        best = line.index if line.again is None else line.again
        verdict = "" if bar != bar else _verdict(best.value, bar, aim)
        yield (
            f"{name:<40s}{line.index.value:9.3f}{_interval(line.index):>15s}{again:25s}"
            f"{line.index.questions:7d}{goal}  {verdict}"
        )
        if line.counts:
            yield f"    ({line.counts})"
    yield f"{JUDGED}: not measured here"


def _interval(figure: Figure) -> str:
    return f"{figure.low:.3f}-{figure.high:.3f}"


def _verdict(value: float, bar: float, aim: float) -> str:
    if value >= aim:
        return "aim reached"
    return "bar reached" if value >= bar else f"{bar - value:.3f} short"

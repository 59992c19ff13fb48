"""The tables: what is measured of one model's vectors, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation import heat
from evaluation.backdrop import foreground_of
from evaluation.material import Catalogue, Ordinary, SmallCopies
from evaluation.model_file import Arrays, ModelFile
from evaluation.recognition import recognise
from evaluation.retrieval import (
    ANSWERS,
    Positions,
    Vectors,
    best_similarity,
    closeness_words,
    joined,
    precisions,
    refind,
    same_group,
    views_of,
    words_of,
    worst_pairs,
)
from evaluation.street import WornGarments
from fashion_training.precision import nearest

Table = dict[str, dict[str, float]]
#: Photos with more foreground than this say little about where heat lies: it could hardly miss.
MOST_FOREGROUND = 0.4
VOCABULARIES = {"type": "types", "colour_name": "colours", "gender": "genders"}


@dataclass(frozen=True, slots=True)
class Section:
    """One table with its title and what stands below it."""

    title: str
    rows: Table
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Material:
    """All photos that were given, and what was drawn for them."""

    catalogue: Catalogue
    ordinary: Ordinary | None
    small: SmallCopies | None
    replaced: NDArray[np.bool_] | None  # which recaptured photos got a new background
    worn: WornGarments | None = None


@dataclass(frozen=True)
class Measures:
    """Everything that can be said of one model on the given photos."""

    model: ModelFile
    material: Material
    outputs: Mapping[str, Arrays]  # by the name of the list of pictures
    histograms: Vectors  # of all catalogue photos
    left_out: list[str] = field(default_factory=list)

    def sections(self) -> dict[str, Section]:
        """Fill all tables that model and photos allow; ``left_out`` then says what is missing."""
        made = {
            "catalogue": self._catalogue(),
            "test photos only": self._among_test_photos(),
            "ordinary": self._ordinary(),
            "same piece": self._same_piece(),
            "small copy": self._small_copy(),
            "recognised": self._recognised(),
            "parts": self._parts(),
            "heat": self._heat(),
            "closeness": self._closeness(),
            "nothing close": self._nothing_close(),
        }
        return {name: section for name, section in made.items() if section is not None}

    def confusions(self) -> dict[str, list[tuple[str, str, int]]]:
        """Return the pairs of types and of colours that the five answers mix up most."""
        photos = self.material.catalogue
        return {
            name: worst_pairs(self.found, words[: photos.asked], words)
            for name, words in (("type", photos.types), ("colour", photos.colours))
        }

    # -------------------------------------------------------------- what the tables share

    @cached_property
    def vectors(self) -> Vectors:
        """The embeddings of all catalogue photos, those asked first."""
        return np.concatenate(
            [self.outputs["asked"]["embedding"], self.outputs["others"]["embedding"]]
        )

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """What each catalogue photo is called under each measure."""
        photos = self.material.catalogue
        return {
            "type": list(photos.types),
            "colour": list(photos.colours),
            "both": joined(photos.types, photos.colours),
            "gender": list(photos.genders),
        }

    @cached_property
    def asked(self) -> Positions:
        """The positions of the test photos."""
        return np.arange(self.material.catalogue.asked)

    @cached_property
    def everything(self) -> Positions:
        """The positions of all catalogue photos."""
        return np.arange(len(self.material.catalogue.photos))

    @cached_property
    def copies(self) -> NDArray[np.bool_]:
        """Which photos are the asked one or its exact copies, [asked, everything]."""
        return same_group(self.material.catalogue.prints, self.asked, self.everything)

    @cached_property
    def found(self) -> Positions:
        """The five answers to each test photo, copies left out, by the default similarity."""
        return nearest(self.vectors[self.asked], self.vectors, self.copies, ANSWERS)

    def _views(self, vectors: Vectors) -> dict[str, Vectors]:
        return views_of(vectors, self.model.parts)

    def _miss(self, what: str, why: str) -> None:
        self.left_out.append(f"{what}: {why}")

    # -------------------------------------------------------------- precision

    def _catalogue(self) -> Section:
        views = self._views(self.vectors)
        rows: Table = {}
        for name, seen in views.items():
            found = nearest(seen[self.asked], seen, self.copies, ANSWERS)
            rows[name] = precisions(found, self.asked, self.everything, self.columns)
        return Section(
            f"precision@5, {len(self.asked)} test photos against {len(self.everything)}", rows
        )

    def _among_test_photos(self) -> Section:
        copies = self.copies[:, self.asked]
        rows: Table = {}
        for name, seen in self._views(self.vectors[self.asked]).items():
            found = nearest(seen, seen, copies, ANSWERS)
            rows[name] = precisions(found, self.asked, self.asked, self.columns)
        return Section(f"precision@5, {len(self.asked)} test photos against each other", rows)

    def _ordinary(self) -> Section | None:
        photos = self.material.ordinary
        if photos is None:
            self._miss("ordinary photos", "none were given (--ordinary)")
            return None
        everything = np.arange(len(photos.photos))
        same_sender = same_group(photos.senders, photos.asked_at, everything)
        rows: Table = {}
        for name, seen in self._views(self.outputs["ordinary"]["embedding"]).items():
            found = nearest(seen[photos.asked_at], seen, same_sender, ANSWERS)
            rows[name] = precisions(found, photos.asked_at, everything, {"type": photos.labels})
        return Section(
            f"precision@5, {len(photos.asked_at)} ordinary photos of test senders against other "
            f"senders' (of {len(everything)})",
            rows,
        )

    # -------------------------------------------------------------- the same piece again

    def _same_piece(self) -> Section | None:
        replaced = self.material.replaced
        if replaced is None:
            self._miss("same piece seen again", "backgrounds are ordinary photos (--ordinary)")
            return None
        queries = self._views(self.outputs["recaptured"]["embedding"])
        rows: Table = {}
        for name, seen in self._views(self.vectors).items():
            found = refind(queries[name], seen, self.copies)
            rows[name] = found.shares()
            rows[f"{name}, backdrop left"] = found.shares(~replaced)
            rows[f"{name}, new background"] = found.shares(replaced)
        return Section(
            f"same piece seen again: {len(self.asked)} test photos recaptured, the original among "
            f"{len(self.everything)}",
            rows,
            (
                f"{int(replaced.sum())} got a new background, an ordinary photo of a test sender",
                "exact copies of the original count as it",
            ),
        )

    def _small_copy(self) -> Section | None:
        small = self.material.small
        if small is None:
            self._miss("small against large version", "no small photos were given (--small)")
            return None
        right = same_group(small.groups, small.asked_at, self.everything)
        queries = self._views(self.outputs["small"]["embedding"])
        rows = {
            name: refind(queries[name], seen, right).shares()
            for name, seen in self._views(self.vectors).items()
        }
        return Section(
            f"small against large version: {len(small.photos)} test products among "
            f"{len(self.everything)}",
            rows,
            ("products whose small or large photos are the same file count as one",),
        )

    # -------------------------------------------------------------- recognition

    def _recognised(self) -> Section | None:
        catalogue = self.material.catalogue
        rows: Table = {}
        temperatures = self.model.document.get("temperatures", {})
        for name, column in VOCABULARIES.items():
            words = self.model.vocabularies.get(name)
            if words is None:
                self._miss(f"recognised {name}", "the model has no such output")
                continue
            known = getattr(catalogue, column)[: catalogue.asked]
            truths = [(word,) if word else () for word in known]
            temperature = temperatures.get(name, 1.0)
            scores = self.outputs["asked"][name]
            rows[name] = recognise(scores, temperature, words, truths).as_dict()
            ordinary = self.material.ordinary
            if name == "type" and ordinary is not None:
                places = ordinary.asked_at
                meanings = [ordinary.meanings[place] for place in places]
                scores = self.outputs["ordinary"][name][places]
                rows["type, ordinary photos"] = recognise(
                    scores, temperature, words, meanings
                ).as_dict()
        if not rows:
            return None
        return Section("recognised: first guess of the tag scores on test photos", rows)

    # -------------------------------------------------------------- what each part sees

    def _parts(self) -> Section:
        rows: Table = {"Lab histogram": self._answered_by(self.histograms, self.copies)}
        views = self._views(self.vectors)
        types = np.asarray(self.columns["type"])
        same_type = types[self.asked][:, None] == types[None, :]
        unknown = (types == "")[None, :]
        elsewhere = self.copies | same_type | unknown
        for name, seen in (*views.items(), ("Lab histogram", self.histograms)):
            row = self._answered_by(seen, elsewhere)
            rows[f"{name}, other types only"] = {"colour": row["colour"]}
        if "recoloured" in self.outputs:
            queries = self._views(self.outputs["recoloured"]["embedding"])
            for name, seen in views.items():
                found = nearest(queries[name], seen, self.copies, ANSWERS)
                row = precisions(found, self.asked, self.everything, self.columns)
                rows[f"{name}, hue turned"] = {"type": row["type"], "colour": row["colour"]}
        return Section(
            "what the parts see: precision@5 as above",
            rows,
            (
                "other types only: no answer may be of the query's type",
                "hue turned: the query's hues by 60 to 300 degrees; its type stays, its colour goes",
            ),
        )

    def _answered_by(self, seen: Vectors, forbidden: NDArray[np.bool_]) -> dict[str, float]:
        found = nearest(seen[self.asked], seen, forbidden, ANSWERS)
        row = precisions(found, self.asked, self.everything, self.columns)
        return {name: row[name] for name in ("type", "colour", "both")}

    # -------------------------------------------------------------- heat

    def _heat(self) -> Section | None:
        local = self.outputs["asked"].get("local")
        if local is None:
            self._miss("heat on the garment", "the model has no output 'local'")
            return None
        pictures = self.material.catalogue.as_asked()
        shares: dict[str, list[float]] = {}
        for place in self.asked:
            foreground = foreground_of(pictures.make(int(place)))
            if not 0 < foreground.mean() <= MOST_FOREGROUND:
                continue
            shares.setdefault("even everywhere", []).append(float(foreground.mean()))
            targets = {"own": self.vectors[place], "nearest": self.vectors[self.found[place, 0]]}
            for target, vector in targets.items():
                values = heat.contributions(local[place], vector, self.model.parts)
                for name, define in heat.DEFINITIONS.items():
                    share = heat.share_on(define(values), foreground)
                    shares.setdefault(f"{name}, {target} vector", []).append(share)
        if not shares:
            self._miss("heat on the garment", "no test photo has so little foreground")
            return None
        return Section(
            f"heat on the garment: share on what is not backdrop, "
            f"{len(shares['even everywhere'])} test photos that are at most 40 % garment",
            {name: {"share": float(np.nanmean(values))} for name, values in shares.items()},
        )

    # -------------------------------------------------------------- words

    def _closeness(self) -> Section | None:
        bounds = self.model.document.get("closeness")
        if bounds is None:
            self._miss("closeness words", "the model states no bounds")
            return None
        columns = {
            name: ([words[place] for place in self.asked], words)
            for name, words in self.columns.items()
            if name in ("type", "colour")
        }
        return Section(
            "words for the five answers to a test photo",
            closeness_words(self.vectors[self.asked], self.vectors, self.found, columns, bounds),
        )

    def _nothing_close(self) -> Section | None:
        bounds = self.model.document.get("closeness")
        if bounds is None:
            return None
        none = np.zeros_like(self.copies)
        types = np.asarray(self.columns["type"])
        same_type = types[self.asked][:, None] == types[None, :]
        rows = {
            "right: its type removed": self._says_nothing(
                self.vectors[self.asked], self.copies | same_type, bounds
            )
        }
        replaced = self.material.replaced
        if replaced is not None:
            taken = self.outputs["recaptured"]["embedding"]
            rows["wrong: recaptured, backdrop left"] = self._says_nothing(
                taken[~replaced], none[~replaced], bounds
            )
            rows["wrong: recaptured, new background"] = self._says_nothing(
                taken[replaced], none[replaced], bounds
            )
        if self.material.small is not None:
            small = self.outputs["small"]["embedding"]
            rows["wrong: small version"] = self._says_nothing(small, none[: len(small)], bounds)
        return Section("how often the best answer is called: nothing close", rows)

    def _says_nothing(
        self, queries: Vectors, forbidden: NDArray[np.bool_], bounds: Mapping[str, Any]
    ) -> dict[str, float]:
        if not len(queries):
            return {"nothing close": float("nan")}
        words = words_of(best_similarity(queries, self.vectors, forbidden), bounds)
        return {"nothing close": float((words == "nothing close").mean())}

"""Measure a model file: what its five answers are worth, and where they go wrong.

    python training/evaluate_retrieval.py MODEL --photos LARGE_ZIP [--ordinary ZIP]
        [--ordinary-labels CSV] [--street ZIP] [--small ZIP] [--ranking FILE.json] [--float FILE]
        [--sheets FOLDER] [--json FILE] [--cache FOLDER] [--limit N] [--threads N]

Asked are the test photos of each archive (see ``fashion_training/split.py``); they took no part in
training, selection or calibration. The catalogue's gallery is the whole archive, that of the ordinary
photos all other senders' photos; the photo asked and its exact copies never count, except where the
same piece is to be found again. The first table holds all that is asked of the answers, with the
interval of each figure; the tables of one kind of photos alone follow as an appendix. Works with any
file that obeys the model contract: what the model or the given photos lack is left out, and that is
said. Pictures are prepared as the program prepares them, and pass each model once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.contact_sheet import Tile, contact_sheet, drawn_questions
from evaluation.embedding_run import Describer, VectorCache, embed
from evaluation.lab_histogram import LabHistograms
from evaluation.material import SEED, Catalogue, Ordinary, SmallCopies
from evaluation.measures import Material, Measures, Section
from evaluation.model_file import Arrays, ModelFile
from evaluation.reach import Line, Reach, table
from evaluation.report import confusion_lines, goal_lines, lines, loss_lines, losses
from evaluation.reranking import Ranking
from evaluation.street import WornGarments, catalogue_classes
from fashion_training.ordinary_labels import UNSEEN, read_labels

MEASURED, FLOAT, HISTOGRAM = "measured", "float", "histogram"
#: Stands for a colour where only the class is known: no answer is framed as of another colour.
CLASS_ONLY = " "


def read_material(options: argparse.Namespace) -> Material:
    """Open the archives that were given."""
    catalogue = Catalogue.open(options.photos, options.limit)
    ordinary = Ordinary.open(options.ordinary, options.limit) if options.ordinary else None
    small = SmallCopies.open(options.small, catalogue) if options.small else None
    backgrounds = ordinary is not None and len(ordinary.asked_at) > 0
    replaced = catalogue.recaptured(ordinary)[1] if ordinary and backgrounds else None
    worn = WornGarments.open(options.street, options.limit) if options.street else None
    return Material(catalogue, ordinary, small, replaced, worn)


def embed_everything(
    models: Mapping[str, ModelFile], material: Material, cache: VectorCache
) -> dict[str, dict[str, Arrays]]:
    """Embed every list of pictures: per model (and for the histogram), per list, the outputs.

    The histogram sees the catalogue photos only. The recoloured ones pass the measured model only:
    nothing that is compared with float rests on them.
    """
    catalogue = material.catalogue
    with_histogram: dict[str, Describer] = {**models, HISTOGRAM: LabHistograms()}
    lists = [(catalogue.as_asked(), with_histogram), (catalogue.others(), with_histogram)]
    lists.append((catalogue.recoloured(), {MEASURED: models[MEASURED]}))
    if material.ordinary is not None:
        lists.append((material.ordinary.all(), dict(models)))
        if material.replaced is not None:
            lists.append((catalogue.recaptured(material.ordinary)[0], dict(models)))
    if len(catalogue.patterned_at):
        lists.append((catalogue.swapped(), dict(models)))
    if material.worn is not None:
        lists.append((material.worn.as_asked(), dict(models)))
    if material.small is not None:
        lists.append((material.small.as_asked(), dict(models)))
    outputs: dict[str, dict[str, Arrays]] = {name: {} for name in with_histogram}
    for pictures, describers in lists:
        for name, found in embed(describers, pictures, cache).items():
            outputs[name][pictures.name] = found
    return outputs


def reach_of(
    model: ModelFile,
    material: Material,
    outputs: Mapping[str, Arrays],
    options: argparse.Namespace,
) -> Reach:
    """Put together what the first table is made of."""
    ranking = None
    if options.ranking is not None:
        ranking = Ranking.from_json(json.loads(options.ranking.read_text()))
    seen = read_labels(options.ordinary_labels) if options.ordinary_labels else {}
    swapped = material.catalogue.patterned_at if "swapped" in outputs else None
    return Reach(
        model,
        ranking,
        outputs,
        material.catalogue,
        material.ordinary,
        seen,
        material.worn,
        material.replaced,
        swapped,
    )


def draw_sheets(reach: Reach, folder: Path) -> None:
    """Draw 24 questions of each kind of photos and their answers, one file for each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    photos = reach.catalogue

    def catalogue(place: int) -> Tile:
        photo = photos.photos[place]
        picture = photo.source.picture(photo.stem)
        return Tile(picture, photos.types[place], photos.colours[place])

    found = reach.catalogue_answers()
    _sheet(found, catalogue, catalogue, folder / "catalogue.png")
    ordinary = reach.ordinary
    if ordinary is not None:
        seen = reach.seen

        def own(place: int) -> Tile:
            photo = ordinary.photos[place]
            known = seen.get(photo.stem, UNSEEN)
            picture = photo.source.picture(photo.stem)
            return Tile(picture, ordinary.labels[place], f"{known.colour} {known.pattern}".strip())

        def own_asked(question: int) -> Tile:
            return own(int(ordinary.asked_at[question]))

        _sheet(reach.ordinary_answers(), own_asked, own, folder / "ordinary.png")
    worn = reach.worn
    if worn is not None:
        classes = catalogue_classes(photos.types)

        def crop(question: int) -> Tile:
            return Tile(worn.crop(question), worn.classes[question], CLASS_ONLY)

        def flat(place: int) -> Tile:
            return Tile(catalogue(place).picture, classes[place], CLASS_ONLY)

        _sheet(reach.worn_answers(), crop, flat, folder / "worn.png")


def _sheet(
    found: NDArray[np.int64],
    asked: Callable[[int], Tile],
    answer: Callable[[int], Tile],
    path: Path,
) -> None:
    questions = drawn_questions(len(found), SEED)
    rows = [(asked(place), [answer(int(p)) for p in found[place]]) for place in questions]
    contact_sheet(rows).save(path)


def reach_as_json(measures: Sequence[Line]) -> dict[str, Any]:
    """Return the first table: value, interval and number of questions of each figure."""
    return {
        line.name: {
            name: [round(figure.value, 4), round(figure.low, 4), round(figure.high, 4)]
            for name, figure in (("index", line.index), ("words", line.again))
            if figure is not None
        }
        | {"questions": line.index.questions, "counts": line.counts}
        for line in measures
    }


def as_json(sections: Mapping[str, Section]) -> dict[str, Any]:
    """Return the tables with figures of four decimals; what has no value becomes null."""

    def plain(value: float) -> float | None:
        return None if np.isnan(value) else round(value, 4)

    return {
        name: {
            row: {column: plain(value) for column, value in values.items()}
            for row, values in section.rows.items()
        }
        for name, section in sections.items()
    }


def evaluate(options: argparse.Namespace) -> int:
    """Measure, print, and write what was asked for."""
    models = {MEASURED: ModelFile.open(options.model, options.threads)}
    if options.float is not None:
        models[FLOAT] = ModelFile.open(options.float, options.threads)
    material = read_material(options)
    outputs = embed_everything(models, material, VectorCache(options.cache))
    histograms = np.concatenate(
        [outputs[HISTOGRAM][name]["embedding"] for name in ("asked", "others")]
    )
    measures = {
        name: Measures(model, material, outputs[name], histograms) for name, model in models.items()
    }
    sections = {name: one.sections() for name, one in measures.items()}
    reach = {
        name: reach_of(model, material, outputs[name], options) for name, model in models.items()
    }
    asked = {name: one.lines() for name, one in reach.items()}
    document: dict[str, Any] = {
        "model": models[MEASURED].document["name"],
        "version": models[MEASURED].document.get("version", ""),
        "queries": material.catalogue.asked,
        "gallery": len(material.catalogue.photos),
        "limited": options.limit is not None,
        "reach": reach_as_json(asked[MEASURED]),
        **as_json(sections[MEASURED]),
        "confusions": measures[MEASURED].confusions(),
        "left out": [*reach[MEASURED].left_out, *measures[MEASURED].left_out],
    }
    if options.limit is not None:
        print("Only a part of the photos was used: the figures are not those of the whole.")
    print(*table(asked[MEASURED]), sep="\n")
    print("\nAppendix: catalogue photos by themselves, and what is known of earlier versions\n")
    print(*goal_lines(sections[MEASURED]), sep="\n")
    for section in sections[MEASURED].values():
        print(*lines(section), sep="\n")
    for what, pairs in document["confusions"].items():
        print(*confusion_lines(pairs, what), sep="\n")
    if FLOAT in sections:
        lost = losses(sections[MEASURED], sections[FLOAT])
        document["float"] = as_json(sections[FLOAT])
        document["loss against float"] = lost
        document["reach of the float model"] = reach_as_json(asked[FLOAT])
        print("\nthe float model\n")
        print(*table(asked[FLOAT]), sep="\n")
        print(*goal_lines(sections[FLOAT]), sep="\n")
        print(*loss_lines(lost), sep="\n")
    left_out = [*reach[MEASURED].left_out, *measures[MEASURED].left_out]
    if left_out:
        print("\nleft out")
        print(*(f"  {what}" for what in left_out), sep="\n")
    if options.sheets is not None:
        draw_sheets(reach[MEASURED], options.sheets)
    if options.json is not None:
        options.json.write_text(json.dumps(document, indent=2) + "\n")
    return 0


def main(given: Sequence[str] | None = None) -> int:
    """Evaluate one model; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path)
    archives = parser.add_argument_group("photos, each a zip or a folder")
    archives.add_argument("--photos", type=Path, required=True, help="large catalogue photos")
    archives.add_argument("--ordinary", type=Path, help="ordinary photos")
    archives.add_argument("--ordinary-labels", type=Path, help="their colours and patterns (csv)")
    archives.add_argument("--street", type=Path, help="street photos with outlined garments")
    archives.add_argument("--small", type=Path, help="small catalogue photos")
    parser.add_argument("--float", type=Path, help="the float form, to say what int8 loses")
    parser.add_argument("--ranking", type=Path, help="JSON: how the first answers are ranked again")
    parser.add_argument("--sheets", type=Path, help="folder for pictures of questions and answers")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors for the next time")
    parser.add_argument("--limit", type=int, help="about so many of each set's photos, for a try")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(given)
    if options.limit is not None and options.limit < 1:
        parser.error("--limit must be at least 1")
    try:
        return evaluate(options)
    except (OSError, KeyError, ValueError) as error:
        print(f"Cannot evaluate: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

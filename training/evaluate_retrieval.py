"""Measure a model file: what its five answers are worth, and where they go wrong.

    python training/evaluate_retrieval.py MODEL --photos LARGE_ZIP [--ordinary ZIP] [--small ZIP]
        [--float FILE] [--sheet FILE.png] [--json FILE] [--cache FOLDER] [--limit N] [--threads N]

Asked are the test photos of the catalogue archive (see ``fashion_training/split.py``); they took no
part in training, selection or calibration. The gallery is the whole archive; the photo asked and its
exact copies never count, except where the same piece is to be found again. Works with any file that
obeys the model contract: what the model or the given photos lack is left out, and that is said.
Pictures are prepared as the program prepares them, and pass each model once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.contact_sheet import Tile, contact_sheet, drawn_questions
from evaluation.embedding_run import Describer, VectorCache, embed
from evaluation.lab_histogram import LabHistograms
from evaluation.material import SEED, Catalogue, Ordinary, SmallCopies
from evaluation.measures import Material, Measures, Section
from evaluation.model_file import Arrays, ModelFile
from evaluation.report import confusion_lines, goal_lines, lines, loss_lines, losses

MEASURED, FLOAT, HISTOGRAM = "measured", "float", "histogram"


def read_material(options: argparse.Namespace) -> Material:
    """Open the archives that were given."""
    catalogue = Catalogue.open(options.photos, options.limit)
    ordinary = Ordinary.open(options.ordinary, options.limit) if options.ordinary else None
    small = SmallCopies.open(options.small, catalogue) if options.small else None
    backgrounds = ordinary is not None and len(ordinary.asked_at) > 0
    replaced = catalogue.recaptured(ordinary)[1] if ordinary and backgrounds else None
    return Material(catalogue, ordinary, small, replaced)


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
    if material.small is not None:
        lists.append((material.small.as_asked(), dict(models)))
    outputs: dict[str, dict[str, Arrays]] = {name: {} for name in with_histogram}
    for pictures, describers in lists:
        for name, found in embed(describers, pictures, cache).items():
            outputs[name][pictures.name] = found
    return outputs


def draw_sheet(measures: Measures, path: Path) -> None:
    """Draw 24 questions and their answers into a file."""
    photos = measures.material.catalogue

    def tile(place: int) -> Tile:
        photo = photos.photos[place]
        picture = photo.source.picture(photo.stem)
        return Tile(picture, photos.types[place], photos.colours[place])

    questions = drawn_questions(photos.asked, SEED)
    rows = [(tile(asked), [tile(int(p)) for p in measures.found[asked]]) for asked in questions]
    contact_sheet(rows).save(path)


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
    document: dict[str, Any] = {
        "model": models[MEASURED].document["name"],
        "version": models[MEASURED].document.get("version", ""),
        "queries": material.catalogue.asked,
        "gallery": len(material.catalogue.photos),
        "limited": options.limit is not None,
        **as_json(sections[MEASURED]),
        "confusions": measures[MEASURED].confusions(),
        "left out": measures[MEASURED].left_out,
    }
    if options.limit is not None:
        print("Only a part of the photos was used: the figures are not those of the whole.")
    print(*goal_lines(sections[MEASURED]), sep="\n")
    for section in sections[MEASURED].values():
        print(*lines(section), sep="\n")
    for what, pairs in document["confusions"].items():
        print(*confusion_lines(pairs, what), sep="\n")
    if FLOAT in sections:
        lost = losses(sections[MEASURED], sections[FLOAT])
        document["float"] = as_json(sections[FLOAT])
        document["loss against float"] = lost
        print("\nthe float model\n")
        print(*goal_lines(sections[FLOAT]), sep="\n")
        print(*loss_lines(lost), sep="\n")
    if measures[MEASURED].left_out:
        print("\nleft out")
        print(*(f"  {what}" for what in measures[MEASURED].left_out), sep="\n")
    if options.sheet is not None:
        draw_sheet(measures[MEASURED], options.sheet)
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
    archives.add_argument("--small", type=Path, help="small catalogue photos")
    parser.add_argument("--float", type=Path, help="the float form, to say what int8 loses")
    parser.add_argument("--sheet", type=Path, help="picture to draw: questions and answers")
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

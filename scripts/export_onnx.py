r"""Write a model file that obeys the program's model contract.

    python scripts/export_onnx.py --source fashion --checkpoint DIR/model.safetensors \
        --calibration LARGE_ZIP ORDINARY_ZIP --output models/resnet50_embed.onnx
    python scripts/export_onnx.py --source imagenet --calibration FOLDER --output imagenet.onnx

``fashion`` is the network of ``train_embedder.py``; ``imagenet`` is Keras' own ResNet50, whose
weights Keras downloads. Either is built in TensorFlow, converted by tf2onnx and quantised to int8.
TensorFlow, float ONNX and int8 ONNX are compared on real photos; when they differ by more than the
bounds in ``fashion_training/agreement.py``, nothing is written and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime looks at it while it is imported

import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray
from safetensors import safe_open

sys.path.append(str(Path(__file__).resolve().parent.parent / "training"))

from fashion_training.agreement import (
    Disagreement,
    difference,
    require_equal,
    require_near,
)
from fashion_training.example_photos import example_photos
from fashion_training.folding import fold
from fashion_training.graphs import Graph, fashion_graph, imagenet_graph
from fashion_training.metadata import METADATA_KEY, check_document, parts_of
from fashion_training.quantise import correct_biases, quantise, split_shared_additions

Outputs = dict[str, NDArray[np.float32]]
Runner = Callable[[NDArray[np.uint8]], Outputs]

OPSET = 17
#: Photos that set the ranges of the activations, and others that the forms are compared on.
CALIBRATION_PHOTOS = 320
COMPARED_PHOTOS = 64
#: The version of what states none: the last models with two parts, and Keras' own.
TWO_PART_VERSION = "0.8.0"


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", choices=("fashion", "imagenet"), required=True)
    parser.add_argument("--checkpoint", type=Path, help="fashion: a result of train_embedder.py")
    parser.add_argument(
        "--weights",
        default="imagenet",
        choices=("imagenet", "none"),
        help="imagenet: none = random",
    )
    parser.add_argument(
        "--calibration", type=Path, nargs="+", required=True, help="zips or folders of photos"
    )
    parser.add_argument("--output", type=Path, required=True, help="the int8 file")
    parser.add_argument("--float-output", type=Path, help="also keep the float file")
    parser.add_argument("--figures", type=Path, help="JSON of evaluate_retrieval.py to put inside")
    parser.add_argument("--calibration-photos", type=int, default=CALIBRATION_PHOTOS)
    parser.add_argument("--compared-photos", type=int, default=COMPARED_PHOTOS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(given)
    if options.source == "fashion" and options.checkpoint is None:
        parser.error("--source fashion needs --checkpoint")
    return options


def fashion_source(checkpoint: Path) -> tuple[Graph, dict[str, Any]]:
    """Build the trained network's graph and the metadata that belongs to it."""
    with safe_open(str(checkpoint), framework="np") as file:
        facts = json.loads(file.metadata()["facts"])
        state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    settled = facts["settled"]
    sizes = facts.get("parts") or {"style": facts["style"], "colour": facts["colour"]}
    graph = fashion_graph(fold(state, facts["scale"]), settled["weights"])
    return graph, {
        "name": "resnet50-fashion",
        "version": facts.get("version", TWO_PART_VERSION),
        "parts": parts_of(sizes, settled["weights"]),
        "vocabularies": facts["vocabularies"],
        "temperatures": settled["temperatures"],
        "closeness": settled["closeness"],
        "licence": "Apache-2.0 (weights derived from Apache-2.0 ImageNet weights); "
        "rights in the catalogue photos it learnt from are not cleared",
        "training_data": f"{facts['training_photos']} photos: Fashion Product Images (a retailer's "
        "catalogue, rights not cleared) and clothing photos by volunteers (CC0); see MODEL_CARD.md",
    }


def imagenet_source(weights: str, seed: int) -> tuple[Graph, dict[str, Any]]:
    """Build Keras' ResNet50 and the metadata that belongs to it.

    The closeness bounds suit averaged ImageNet features, which are never negative and all alike:
    two unrelated garments already have a cosine of about 0.6.
    """
    graph = imagenet_graph(None if weights == "none" else weights, seed)
    return graph, {
        "name": "resnet50-imagenet",
        "version": TWO_PART_VERSION,
        "parts": parts_of({"style": 2048}, {"style": 1.0}),
        "vocabularies": {},
        "temperatures": {},
        "closeness": {"same_piece": 0.93, "very_similar": 0.85, "similar": 0.75},
        "licence": "weights as published with Keras Applications",
        "training_data": "ImageNet (ILSVRC 2012)" if weights != "none" else "none: random weights",
    }


def session_of(path: Path) -> Runner:
    """Open a model file; the function returned maps pictures to every output by name."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]

    def run(pictures: NDArray[np.uint8]) -> Outputs:
        return dict(zip(names, session.run(names, {"image": pictures}), strict=True))

    return run


def in_batches(run: Runner, pictures: Sequence[NDArray[np.uint8]], size: int = 8) -> Outputs:
    """Run over all pictures, a few at a time, and join the outputs."""
    pieces = [run(np.stack(pictures[i : i + size])) for i in range(0, len(pictures), size)]
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def convert(graph: Graph, destination: Path) -> Runner:
    """Convert the graph to float ONNX; returns the same graph run by TensorFlow."""
    signature = [tf.TensorSpec([None, 224, 224, 3], tf.uint8, name="image")]
    function = tf.function(graph, input_signature=signature)
    model, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=OPSET)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    split_shared_additions(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(destination))

    def run(pictures: NDArray[np.uint8]) -> Outputs:
        return {name: tensor.numpy() for name, tensor in function(tf.constant(pictures)).items()}

    return run


def versions() -> dict[str, str]:
    """Return the versions of everything that took part."""
    return {
        "tensorflow": tf.__version__,
        "tf2onnx": tf2onnx.__version__,
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def write(source: Path, destination: Path, document: Mapping[str, Any]) -> None:
    """Put the metadata into a model and the model in its place, whole or not at all."""
    model = onnx.load(str(source))
    for imported in [entry for entry in model.opset_import if entry.domain not in {"", "ai.onnx"}]:
        model.opset_import.remove(imported)
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(document, ensure_ascii=False)})
    onnx.checker.check_model(model)
    destination.parent.mkdir(parents=True, exist_ok=True)
    fresh = destination.with_name(destination.name + ".partial")
    onnx.save(model, str(fresh))
    fresh.replace(destination)
    print(f"wrote {destination}: {destination.stat().st_size / 1e6:.1f} MB")


def export(options: argparse.Namespace) -> None:
    """Build, convert, quantise, compare, write. Raises Disagreement before anything is written."""
    wanted = options.calibration_photos + options.compared_photos
    photos = example_photos(options.calibration, wanted, options.seed)
    calibrating = photos[: options.calibration_photos]
    compared = photos[options.calibration_photos :]
    if options.source == "fashion":
        graph, described = fashion_source(options.checkpoint)
    else:
        graph, described = imagenet_source(options.weights, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder, "float.onnx"), Path(folder, "int8.onnx")
        framework = in_batches(convert(graph, whole), compared)
        exact = in_batches(session_of(whole), compared)
        found = difference(framework, exact)
        print(f"TensorFlow and float ONNX: {found}")
        require_equal(found, "TensorFlow and float ONNX")
        corrected = Path(folder, "corrected.onnx")
        correct_biases(whole, corrected, calibrating)
        quantise(corrected, small, calibrating)
        found = difference(exact, in_batches(session_of(small), compared))
        print(f"float and int8 ONNX: {found}")
        require_near(found, "float and int8 ONNX")
        document = {
            "format": 2,
            "version": described.pop("version"),
            "source": options.source,
            "input_size": 224,
            **described,
            "figures": json.loads(options.figures.read_text()) if options.figures else {},
            "exported_by": versions(),
        }
        check_document(document, exact["embedding"].shape[1])
        write(small, options.output, document)
        if options.float_output is not None:
            write(whole, options.float_output, document)


def main(given: Sequence[str] | None = None) -> int:
    """Export one model; return the exit status."""
    options = arguments(given)
    try:
        export(options)
    except Disagreement as error:
        print(f"Nothing was written: the forms of the model disagree. {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError) as error:
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The whole evaluation, on archives that the test draws and models of a few kilobytes."""

import csv
import json
from pathlib import Path

import evaluate_retrieval
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from fashion_training.split import side_of
from tests.pictures import COLOURS, SHAPES, draw, jpeg
from tests.tiny_model import metadata, tiny_model, write_tiny_model

TYPES = {"dress": "Dresses", "trousers": "Trousers", "bag": "Handbags", "hat": "Caps"}
FIELDS = ["id", "gender", "articleType", "baseColour"]


def identifiers(side: str, count: int) -> list[str]:
    """Return the first identifiers of one side of the split."""
    found = (str(number) for number in range(1000, 9999) if side_of(str(number)) == side)
    return [next(found) for _ in range(count)]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Draw 60 catalogue photos, 8 of them asked, small copies of all, and 32 ordinary photos."""
    root = tmp_path_factory.mktemp("archives")
    kinds = [(shape, colour) for shape in SHAPES for colour in list(COLOURS)[:3]]
    stems = [*identifiers("test", 8), *identifiers("train", 52)]
    for name, size in (("large", (225, 300)), ("small", (60, 80))):
        (root / name / "images").mkdir(parents=True)
        with (root / name / "labels.csv").open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(FIELDS)
            for number, stem in enumerate(stems):
                shape, colour = kinds[5 * number % len(kinds)]
                table.writerow([stem, "Women", TYPES[shape], colour.title()])
                picture = draw(shape, colour, size=(225, 300), mark=number)
                path = root / name / "images" / f"{stem}.jpg"
                path.write_bytes(jpeg(picture.resize(size, Image.Resampling.LANCZOS)))
    (root / "ordinary" / "images").mkdir(parents=True)
    senders = [*identifiers("test", 2), *identifiers("train", 2)]
    with (root / "ordinary" / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "sender_id", "label", "kids"])
        for number in range(32):
            shape = ("dress", "trousers", "hat")[number % 3]
            label = {"dress": "Dress", "trousers": "Pants", "hat": "Hat"}[shape]
            table.writerow([f"o{number:02d}", senders[number % 4], label, "False"])
            photo = Image.new("RGB", (300, 400), (120, 110, 90))
            piece = draw(shape, list(COLOURS)[number % 5], mark=number)
            photo.paste(piece.crop((45, 30, 270, 370)), (45, 30))
            (root / "ordinary" / "images" / f"o{number:02d}.jpg").write_bytes(jpeg(photo))
    return {name: root / name for name in ("large", "small", "ordinary")}


def evaluate(archives: dict[str, Path], model: Path, out: Path, *more: str) -> dict[str, object]:
    """Run the script on all archives and return the figures that it wrote."""
    given = [
        *(str(model), "--photos", str(archives["large"])),
        *("--ordinary", str(archives["ordinary"]), "--small", str(archives["small"])),
        *("--json", str(out / "figures.json"), "--threads", "1", *more),
    ]
    assert evaluate_retrieval.main(given) == 0
    document: dict[str, object] = json.loads((out / "figures.json").read_text())
    return document


def with_local(path: Path) -> Path:
    """Write a model whose ``local`` is each cell's darkness and colour, pooled to its embedding."""
    constants: dict[str, np.ndarray] = {
        "white": np.full((1, 1, 1, 1), 255.0, np.float32),
        "shape": np.array([0, 0, 0, 0], np.int64),
        "axes": np.array([1, 2], np.int64),
        "root": np.array(1.0, np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["white", "float"], ["dark"]),
        helper.make_node("Transpose", ["dark"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node(
            "AveragePool", ["nchw"], ["cells"], kernel_shape=[32, 32], strides=[32, 32]
        ),
        helper.make_node("Transpose", ["cells"], ["local"], perm=[0, 2, 3, 1]),
        helper.make_node("ReduceMean", ["local"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["embedding"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "local",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 224, 224, 3])],
        [
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", 3]),
            helper.make_tensor_value_info("local", TensorProto.FLOAT, ["N", 7, 7, 3]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    document = metadata(
        parts=[{"name": "style", "start": 0, "stop": 3, "weight": 1.0}],
        vocabularies={},
        temperatures={},
    )
    helper.set_model_props(model, {"fashion_finder": json.dumps(document)})
    onnx.save(model, str(path))
    return path


def test_everything_is_measured_printed_drawn_and_kept(
    archives: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run fills every table; what the model lacks is named; a second run embeds nothing."""
    model = write_tiny_model(tmp_path / "tiny.onnx")
    more = ["--float", str(model), "--cache", str(tmp_path / "cache")]
    sheets = tmp_path / "sheets"
    first = evaluate(archives, model, tmp_path, *more, "--sheets", str(sheets))
    out = capsys.readouterr().out
    print(out)
    for word in ("same piece seen again", "small against large", "worst confusions of type"):
        assert word in out
    assert "recognised colour_name: the model has no such output" in out
    assert "heat on the garment: the model has no output 'local'" in out
    assert "largest loss in a goal's figure: 0.000" in out

    def figure(section: str, row: str, column: str) -> float:
        return first[section][row][column]  # type: ignore[index, no-any-return]

    assert first["queries"] == 8 and first["gallery"] == 60
    # What the tiny model sees: shapes and colours of drawn pieces on white, perfectly or nearly.
    assert figure("catalogue", "style alone", "type") > 0.9
    assert figure("catalogue", "colour alone", "colour") > 0.9
    assert figure("small copy", "whole", "top 5") > 0.8
    assert figure("same piece", "whole, backdrop left", "top 5") >= figure(
        "same piece", "whole, new background", "top 5"
    )
    # The brightness pattern hardly knows hues, the mean colour knows nothing else.
    turned = figure("parts", "style alone, hue turned", "type")
    assert turned > figure("parts", "colour alone, hue turned", "type")
    assert figure("parts", "Lab histogram", "colour") > 0.9
    # "bright" and "dark" are no catalogue's types.
    assert figure("recognised", "type", "top 1") == 0
    for name in ("catalogue", "ordinary"):
        with Image.open(sheets / f"{name}.png") as drawn:
            assert drawn.width > 1000 and drawn.height > 500
    # The first table holds both kinds of photos, with the interval of each figure.
    reach = first["reach"]
    for name in ("catalogue: type", "ordinary: type", "cut kept when recoloured"):
        value, low, high = reach[name]["index"]  # type: ignore[index]
        assert 0 <= low <= value <= high

    again = evaluate(archives, model, tmp_path, *more)
    assert capsys.readouterr().err == ""  # no progress: nothing had to be embedded
    assert again == first


def test_a_model_with_cells_tells_where_its_heat_lies(
    archives: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cells that see darkness are hot on the garment, far more than an even map."""
    figures = evaluate(archives, with_local(tmp_path / "local.onnx"), tmp_path)
    rows = figures["heat"]
    assert rows["clipped, own vector"]["share"] > 2 * rows["even everywhere"]["share"]  # type: ignore[index]
    assert list(figures["catalogue"]) == ["whole"]  # type: ignore[call-overload]
    assert "recognised type: the model has no such output" in capsys.readouterr().out


def test_what_was_not_given_is_said(
    archives: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The catalogue alone is enough to run; every figure that needs more is named."""
    model = write_tiny_model(tmp_path / "tiny.onnx")
    assert evaluate_retrieval.main([str(model), "--photos", str(archives["large"])]) == 0
    out = capsys.readouterr().out
    print(out)
    for what in ("ordinary photos", "same piece seen again", "small against large version"):
        assert f"  {what}: " in out
    appendix = out[out.index("Appendix") :]
    assert appendix.count("not measured") == 4
    for what in ("ordinary: type", "worn garment: class", "seen again, own background: top 5"):
        assert any(line.startswith(what) and "not measured" in line for line in out.splitlines())


def test_what_cannot_be_measured_is_an_error(
    archives: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing model, a missing archive and a file that says nothing of itself: status 1."""
    model = write_tiny_model(tmp_path / "tiny.onnx")
    mute = tiny_model()
    del mute.metadata_props[:]
    (tmp_path / "mute.onnx").write_bytes(mute.SerializeToString())
    photos = str(archives["large"])
    for given, word in [
        ([str(tmp_path / "no.onnx"), "--photos", photos], "no.onnx"),
        ([str(model), "--photos", str(tmp_path / "none.zip")], "none.zip"),
        ([str(tmp_path / "mute.onnx"), "--photos", photos], "metadata"),
    ]:
        assert evaluate_retrieval.main(given) == 1
        assert word in capsys.readouterr().err

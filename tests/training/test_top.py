"""Training the last stage on kept views: what is loaded, and that preparing it changes no answer."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.kept_views import KINDS, KeptViews, Plan, plan_views  # noqa: E402
from fashion_training.material import Targets  # noqa: E402
from fashion_training.network import EARLY_CHANNELS, Answers, Embedder  # noqa: E402
from fashion_training.top import (  # noqa: E402
    SHOWINGS,
    Bytes,
    Shares,
    ViewLoss,
    load_rows,
    rescale,
    shown_photos,
    standardise,
)

STEPS = Bytes(np.linspace(0.001, 0.01, EARLY_CHANNELS, dtype=np.float32), 0.005)


@pytest.fixture
def views(tmp_path: Path) -> KeptViews:
    """Views of photos 5 (validates), 0 and 1, of which photo 1's last is not on disk yet."""
    kinds = ["exact", "plain", "changed", "small", "plain", "changed", "changed"]
    photos = np.array([5, 0, 0, 0, 1, 1, 1])
    plan = Plan(photos, np.array([KINDS.index(kind) for kind in kinds]))
    kept = KeptViews(tmp_path, plan, "key")
    draw = np.random.default_rng(0)
    for rows in (kept.entering, kept.early, kept.pixels):
        rows[:] = draw.integers(0, 256, rows.shape, dtype=np.uint8)
    kept.done = 6
    return kept


def test_more_views_come_behind_those_of_a_shorter_plan() -> None:
    """What is on disk for the shorter one is then right for both; only large photos get more."""
    large, small = object(), object()
    photos = [
        SimpleNamespace(source=source, kind=kind)
        for source, kind in [(large, "catalogue")] * 3 + [(small, "catalogue")] * 2
    ]
    photos.append(SimpleNamespace(source=small, kind="ordinary"))
    photos.append(SimpleNamespace(source=large, kind="catalogue"))  # validates
    material: Any = SimpleNamespace(photos=photos, training=6)
    shorter, longer = (plan_views(material, 1, changed, seed=0) for changed in (1, 3))
    count = len(shorter.photos)
    assert np.array_equal(longer.photos[:count], shorter.photos)
    assert np.array_equal(longer.kinds[:count], shorter.kinds)
    assert longer.photos[count:].tolist() == [0, 1, 2, 0, 1, 2]
    assert {KINDS[kind] for kind in longer.kinds[count:]} == {"changed"}
    assert 6 not in shorter.photos[len(shorter.rows_of("exact")) + 2 :]


def test_only_photos_whose_views_are_all_there_are_shown(views: KeptViews) -> None:
    """Validation photos never train, and a photo at the edge of what is done waits."""
    material: Any = SimpleNamespace(training=5)
    shown, *again = shown_photos(views, material)
    assert again == [shown] * (SHOWINGS - 1)  # several other views: shown again in an epoch
    assert (shown.photo, shown.plain, shown.others) == (0, 1, (2, 3))


def test_a_photo_with_one_other_view_is_shown_once(tmp_path: Path) -> None:
    """Those that exist in small only are many, and there is less to see in them."""
    plan = Plan(np.array([7, 3, 3, 5, 5, 5, 9]), np.zeros(7, dtype=np.int64))
    views = KeptViews(tmp_path, plan, "key")
    views.done = 7
    material: Any = SimpleNamespace(training=9)
    assert [one.photo for one in shown_photos(views, material)] == [3, *[5] * SHOWINGS]


def test_rows_come_in_the_order_asked_for(views: KeptViews) -> None:
    """Bytes become numbers by each channel's step, and a mirrored view is mirrored in all."""
    rows = np.array([3, 0, 3])
    entering, early, pixels = load_rows(views, STEPS, rows, np.array([False, False, True]))
    assert torch.equal(entering[2], entering[0].flip(2))
    assert torch.equal(early[2], early[0].flip(2))
    assert torch.equal(pixels[2], pixels[0].flip(2))
    wanted = views.early[0].astype(np.float32) * STEPS.early[:, None, None]
    assert early[1].float().numpy() == pytest.approx(wanted, rel=0.01)
    assert pixels[1, 2, 3, 4] == views.pixels[0, 3, 4, 2]


def test_one_scale_for_all_that_the_colour_head_reads(views: KeptViews) -> None:
    """Standardising changes no answer, and leaves every feature with a deviation of about 1."""
    torch.manual_seed(0)
    top = Embedder({"type": 2, "gender": 2, "colour_name": 2}).top.eval()
    torch.nn.init.uniform_(top.colour_norm.running_var, 0.5, 2.0)
    torch.nn.init.normal_(top.colour_norm.running_mean)
    torch.nn.init.normal_(top.colour_norm.bias)
    inputs = load_rows(views, STEPS, np.arange(6), np.zeros(6, dtype=np.bool_))
    inputs = (inputs[0].float(), *inputs[1:])
    read: list[Any] = []
    with torch.no_grad():
        before = top.after(*inputs)
        standardise(top, inputs)
        top.colour_norm.register_forward_hook(lambda *given: read.append(given[2]))
        after = top.after(*inputs)
    assert torch.allclose(before.colour, after.colour, atol=2e-3)
    assert float(read[0].std(dim=0).median()) == pytest.approx(1.0, abs=0.1)


def test_a_top_is_brought_to_the_scale_of_another(views: KeptViews) -> None:
    """Then their weights can be mixed: the norms are equal, and neither answers otherwise."""
    torch.manual_seed(0)
    top = Embedder({"type": 2, "gender": 2, "colour_name": 2}).top.eval()
    torch.nn.init.normal_(top.colour_norm.running_mean)
    torch.nn.init.uniform_(top.colour_norm.weight, 0.5, 2.0)
    inputs = load_rows(views, STEPS, np.arange(6), np.zeros(6, dtype=np.bool_))
    inputs = (inputs[0].float(), *inputs[1:])
    mean, deviation = torch.randn(len(top.colour_norm.weight)), torch.tensor(0.3)
    with torch.no_grad():
        before = top.after(*inputs)
        rescale(top, mean, deviation.expand_as(mean))
        after = top.after(*inputs)
    assert torch.allclose(before.colour, after.colour, atol=2e-3)
    norm = top.colour_norm
    assert torch.equal(norm.running_mean, mean)
    assert torch.allclose(norm.running_var + norm.eps, torch.full_like(mean, 0.09))
    assert bool((norm.weight == 1).all() and (norm.bias == 0).all())


@pytest.mark.parametrize("recoloured, asked", [(False, True), (True, False)])
def test_a_recoloured_view_does_not_gather_around_its_photos_colour(
    recoloured: bool, asked: bool
) -> None:
    """Of a view whose light was turned only the style is drawn to its word; of another, both parts."""
    scale = 16.0
    targets = Targets(np.array([[True, False]]), np.array([0]), np.array([1]))
    soft = np.eye(2, dtype=np.float32)
    loss = ViewLoss(targets, soft, np.array([0]), torch.device("cpu"), scale, seed=0)
    parts = [torch.nn.functional.normalize(torch.randn(2, 3), dim=1) for _ in range(2)]
    words = {
        name: torch.full((2, count), 0.25 * scale, requires_grad=True)
        for name, count in (("type", 2), ("gender", 1), ("colour_name", 2))
    }
    only = Shares(words=0, apart=0, nearby=0, gathered=1)
    answers = Answers(*parts, **words)
    value = loss(np.array([0]), answers, torch.tensor([recoloured]), only)
    assert float(value.detach()) == pytest.approx(0.75 * (4 if asked else 3))
    value.backward()
    drawn = words["colour_name"].grad
    assert drawn is not None
    assert (drawn[0, 1] < 0, drawn[0, 0]) == (True, 0)
    assert bool(drawn[1, 1] < 0) is asked
    kinds = words["type"].grad
    assert kinds is not None
    assert torch.all(kinds[:, 0] < 0)

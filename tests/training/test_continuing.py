"""Going on from a model: what of it stays in the result."""

from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

import train_embedder  # noqa: E402
from train_embedder import arguments  # noqa: E402

from fashion_training import checkpoint, continuing  # noqa: E402
from fashion_training.continuing import LEARNT, Continued, blended, on_the_scale_of  # noqa: E402
from fashion_training.network import Embedder, Top  # noqa: E402
from fashion_training.optimise import AnotherRecipeError, Phase  # noqa: E402
from fashion_training.top import Shares  # noqa: E402


def test_the_result_keeps_what_is_left_over_of_what_it_began_from() -> None:
    """Weights are mixed; counts, which cannot be, are those of what was learnt."""
    begun = {"weight": torch.tensor([0.0, 4.0]), "batches": torch.tensor(3)}
    former = {"weight": torch.tensor([2.0, 0.0]), "batches": torch.tensor(5)}
    learnt = {"weight": torch.tensor([1.0, 2.0]), "batches": torch.tensor(9)}
    found = blended(begun, [(former, 0.25), (learnt, 0.5)])
    assert found["weight"].tolist() == [1.0, 2.0]
    assert found["batches"].item() == 9
    assert begun["weight"].tolist() == [0.0, 4.0]
    assert blended(begun, [(learnt, 0.75)])["weight"].tolist() == [0.75, 2.5]


@pytest.fixture
def run() -> Continued:
    """A run that has its network and no photos."""
    blank = Continued.__new__(Continued)
    blank.words = {"type": ["Hat", "Bag"], "colour_name": ["Red"], "gender": ["Men"]}
    blank.device = torch.device("cpu")
    blank.network = Embedder({key: len(value) for key, value in blank.words.items()})
    return blank


def test_another_runs_result_can_be_mixed_in(run: Continued, tmp_path: Path) -> None:
    """Only its top is taken: what lies below is the same in all of them."""
    other = Embedder({key: len(value) for key, value in run.words.items()})
    checkpoint.save(tmp_path / "model.safetensors", other.state_dict(), {})
    found = run.former(tmp_path / "model.safetensors").state_dict()
    wanted = other.top.state_dict()
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[key], wanted[key]) for key in wanted)


def test_what_is_mixed_in_reads_on_the_same_scale(run: Continued) -> None:
    """Two colour heads behind different norms could not be mixed weight by weight."""
    top, other = (Embedder({"type": 2, "colour_name": 1, "gender": 1}).top for _ in range(2))
    torch.nn.init.normal_(top.colour_norm.running_mean)
    torch.nn.init.uniform_(top.colour_norm.running_var, 0.5, 2.0)
    read = torch.randn(3, len(other.colour_norm.weight))
    before = other.eval().colour(other.colour_norm(read))
    state = on_the_scale_of(top, other)
    assert torch.equal(state["colour_norm.running_mean"], top.colour_norm.running_mean)
    assert torch.allclose(state["colour_norm.running_var"], top.colour_norm.running_var)
    assert torch.allclose(other.colour(other.colour_norm(read)), before, atol=1e-4)


def test_a_result_of_another_shape_is_refused(run: Continued, tmp_path: Path) -> None:
    """Before anything is trained, not when it comes to mixing."""
    other = Embedder({"type": 3, "colour_name": 1, "gender": 1})
    checkpoint.save(tmp_path / "model.safetensors", other.state_dict(), {})
    with pytest.raises(RuntimeError, match="type_words"):
        run.former(tmp_path / "model.safetensors")


class WithoutPhotos:
    """Stands in for whatever of a run looks at photos; keeps what each training was told."""

    told: list[tuple[int, str]]
    shown: tuple[str, ...] = ()

    def __init__(self, *given: object) -> None:
        self.top, self.seed = given[0], given[-1]

    def figures(self, top: object) -> dict[str, float]:
        """Measure nothing."""
        return {}

    def run(self, phase: Phase, shares: Shares, folder: Path, recipe: str, *rest: object) -> None:
        """Learn something; which photos taught it makes no difference."""
        assert isinstance(self.seed, int)
        assert isinstance(self.top, Top)
        with torch.no_grad():
            self.top.style.weight += 1
        self.told.append((self.seed, recipe))


@pytest.fixture
def told(run: Continued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Whatever of the run looks at photos is stood in for; what each training was told."""
    WithoutPhotos.told = []
    for name in ("Checker", "TopTraining", "ViewLoss"):
        monkeypatch.setattr(continuing, name, WithoutPhotos)
    for name in ("standardise", "load_rows", "groups_of"):
        monkeypatch.setattr(continuing, name, lambda *given: None)
    monkeypatch.setattr(Continued, "colours_asked", lambda run: None)
    blank: Any = run
    blank.options = Namespace(seed=3, weights=None)
    blank.folder, blank.pictures, blank.targets, blank.steps = tmp_path, None, None, None
    blank.material = SimpleNamespace(key="photos", training=4)
    blank.views = SimpleNamespace(plan=SimpleNamespace(photos=np.arange(4)))
    return WithoutPhotos.told


TOP = Phase("top", epochs=1, batch=2, rates=(1.0, 1.0, 1.0), warm_up=1, average=0.9)
HEADS = Phase("heads", epochs=0, batch=2, rates=(1.0,), warm_up=1, average=0.9)


@pytest.mark.parametrize("order, used", [(None, 3), (7, 7)])
def test_photos_can_be_shown_in_another_order(
    run: Continued, told: list[tuple[int, str]], order: int | None, used: int
) -> None:
    """A checkpoint tells the orders apart, and one from before there were others stays valid."""
    run.train(TOP, HEADS, Shares(), order_seed=order)
    [(seed, recipe)] = told
    assert seed == used
    assert recipe.endswith(" null]" if order is None else f" null, {order}]")


def test_several_former_results_are_mixed_in(run: Continued, told: list[tuple[int, str]]) -> None:
    """Each by its share, and what was learnt by its own; the rest is what the run began from."""
    words = {key: len(value) for key, value in run.words.items()}
    begun = run.network.top.style.weight.clone()
    first, second = (Embedder(words).top for _ in range(2))
    wanted = 0.3 * first.style.weight + 0.2 * second.style.weight + 0.5 * begun + 0.4
    run.train(TOP, HEADS, Shares(), None, 0.4, [(first, 0.3), (second, 0.2)])
    assert torch.allclose(run.network.top.style.weight, wanted, atol=1e-6)
    learnt, _ = checkpoint.load(run.folder / LEARNT)
    assert torch.equal(learnt["top.style.weight"], begun + 1)


@pytest.mark.parametrize(
    "words, told",
    [
        (["--mix-with", "a", "1.5"], "1.5 is not between 0 and 1"),
        (["--mix-with", "a", "half"], "half is no number"),
        (["--learnt-share", "1.5"], "1.5 is not between 0 and 1"),
        (["--mix-with", "a", "0.5"], "0.65 + 0.5"),
        (
            ["--learnt-share", "0.5", "--mix-with", "a", "0.3", "--mix-with", "b", "0.3"],
            "0.5 + 0.3 + 0.3, are more than 1",
        ),
    ],
)
def test_shares_that_make_no_mix_are_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """Before anything is read."""
    given = [f"--{name}=x" for name in ("start", "large", "ordinary", "small", "work-dir")]
    with pytest.raises(SystemExit):
        arguments([*given, *words])
    assert told in capsys.readouterr().err


def test_shares_can_make_a_whole() -> None:
    """Then nothing of what the run began from is left."""
    given = [f"--{name}=x" for name in ("start", "large", "ordinary", "small", "work-dir")]
    shares = ["--learnt-share", "0.7", "--mix-with", "a", "0.2", "--mix-with", "b", "0.1"]
    assert arguments([*given, *shares]).mix_with == [(Path("a"), 0.2), (Path("b"), 0.1)]


def test_a_working_directory_of_another_recipe_is_told(
    run: Continued,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In one line with what to do, and nothing is written over."""

    def refuse(*given: object) -> None:
        raise AnotherRecipeError("a belongs to another recipe; give another --work-dir")

    monkeypatch.setattr(train_embedder, "Continued", lambda options: run)
    monkeypatch.setattr(Continued, "keep_views", lambda run: None)
    monkeypatch.setattr(Continued, "train", refuse)
    monkeypatch.setattr(train_embedder, "keep_freed_memory", lambda: None)
    given = [f"--{name}=x" for name in ("start", "large", "ordinary", "small")]
    assert train_embedder.main([*given, f"--work-dir={tmp_path}"]) == 1
    assert "give another --work-dir" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

"""Going on from a model: what of it stays in the result."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training import checkpoint  # noqa: E402
from fashion_training.continuing import Continued, blended, on_the_scale_of  # noqa: E402
from fashion_training.network import Embedder  # noqa: E402


def test_the_result_keeps_a_share_of_what_it_began_from() -> None:
    """Weights are mixed; counts, which cannot be, are those of what was learnt."""
    begun = {"weight": torch.tensor([0.0, 4.0]), "batches": torch.tensor(3)}
    learnt = {"weight": torch.tensor([1.0, 2.0]), "batches": torch.tensor(9)}
    found = blended(begun, learnt, 0.75)
    assert found["weight"].tolist() == [0.75, 2.5]
    assert found["batches"].item() == 9
    assert begun["weight"].tolist() == [0.0, 4.0]


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

"""Going on from a model: what of it stays in the result."""

import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.continuing import blended  # noqa: E402


def test_the_result_keeps_a_share_of_what_it_began_from() -> None:
    """Weights are mixed; counts, which cannot be, are those of what was learnt."""
    begun = {"weight": torch.tensor([0.0, 4.0]), "batches": torch.tensor(3)}
    learnt = {"weight": torch.tensor([1.0, 2.0]), "batches": torch.tensor(9)}
    found = blended(begun, learnt, 0.75)
    assert found["weight"].tolist() == [0.75, 2.5]
    assert found["batches"].item() == 9
    assert begun["weight"].tolist() == [0.0, 4.0]

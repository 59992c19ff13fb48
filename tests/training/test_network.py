"""The network's gate, where colours are read, and what a network with more words keeps."""

import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.network import (  # noqa: E402
    COLOUR_FEATURES,
    PIXEL_BINS,
    Embedder,
    widen_words,
)


def untrained() -> Embedder:
    """A network whose gate and colours of pixels say something."""
    torch.manual_seed(0)
    network = Embedder({"type": 3, "gender": 2, "colour_name": 2}).eval()
    torch.nn.init.normal_(network.top.colour_of_bins.weight)
    return network


def test_only_what_the_gate_lets_in_is_seen() -> None:
    """With the gate open on the left only, nothing on the right matters to colour or style."""
    network = untrained()
    torch.nn.init.constant_(network.top.gate.weight, 1.0)
    torch.nn.init.constant_(network.top.gate.bias, -60.0)
    entering = torch.rand(1, 1024, 14, 14) * 0.01
    entering[:, :, :, :7] += 0.1
    early, pixels = torch.rand(1, 832, 14, 14), torch.rand(1, 3, 56, 56) * 255
    other_early, other_pixels = early.clone(), pixels.clone()
    other_early[:, :, :, 7:] = 0
    other_pixels[:, :, :, 28:] = 0
    with torch.no_grad():
        one = network.top.after(entering, early, pixels)
        two = network.top.after(entering, other_early, other_pixels)
        left = network.top.after(entering, early, pixels.flip(3))
    assert torch.allclose(one.colour, two.colour, atol=1e-5)
    assert not torch.allclose(one.colour, left.colour, atol=1e-2)


def test_the_gate_shares_out_but_adds_nothing() -> None:
    """Its mean over the cells is 1, whatever the picture."""
    network = untrained()
    torch.nn.init.normal_(network.top.gate.weight)
    with torch.no_grad():
        gate = network.top.openness(torch.rand(3, 1024, 14, 14))
    assert torch.allclose(gate.mean(dim=(1, 2, 3)), torch.ones(3), atol=1e-5)
    assert float(gate.std()) > 0.1


def test_before_it_learns_the_gate_leaves_plain_averages() -> None:
    """A network that goes on from another's weights begins where that one stood."""
    torch.manual_seed(0)
    network = Embedder({"type": 3, "gender": 2, "colour_name": 2}).eval()
    entering = torch.rand(2, 1024, 14, 14)
    with torch.no_grad():
        assert torch.equal(network.top.openness(entering), torch.ones(2, 1, 14, 14))
        bins = torch.rand(2, PIXEL_BINS)
        seen = torch.rand(2, COLOUR_FEATURES)
        answered = network.top.answer(seen, bins)
        without = network.top.answer(seen, 0 * bins)
    assert torch.equal(answered.colour, without.colour)


def test_pictures_and_kept_maps_give_the_same_answers() -> None:
    """What the backbone hands over is all that the top reads."""
    network = untrained()
    picture = torch.randint(0, 256, (1, 3, 224, 224))
    with torch.no_grad():
        x, early, pixels = network.backbone(picture)
        entering = network.top.stage4.unit1.activation(x.clone())
        kept = network.top.after(entering, early, pixels)
        assert torch.allclose(network(picture).style, kept.style, atol=1e-6)
    assert early.shape == (1, 832, 14, 14)
    assert pixels.shape == (1, 3, 56, 56)


def test_known_words_keep_their_direction_in_a_larger_vocabulary() -> None:
    """Rows follow their word, new words keep fresh ones, and all other weights are carried over."""
    few = {"type": ["Bags", "Ties"], "gender": ["Men"], "colour_name": ["Red"]}
    more = {"type": ["Bags", "Hats", "Ties"], "gender": ["Men"], "colour_name": ["Blue", "Red"]}
    torch.manual_seed(0)
    former = Embedder({key: len(words) for key, words in few.items()}).state_dict()
    fresh = Embedder({key: len(words) for key, words in more.items()}).state_dict()
    merged = widen_words(former, fresh, few, more)
    assert torch.equal(merged["top.type_words"][0], former["top.type_words"][0])
    assert torch.equal(merged["top.type_words"][2], former["top.type_words"][1])
    assert torch.equal(merged["top.type_words"][1], fresh["top.type_words"][1])
    assert torch.equal(merged["top.colour_words"][1], former["top.colour_words"][0])
    assert torch.equal(merged["top.style.weight"], former["top.style.weight"])

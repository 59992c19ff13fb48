"""The network's own colours: where they are read, and what a network with more words keeps."""

import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.network import Embedder, PixelColours, widen_words  # noqa: E402


def test_the_histogram_counts_colours_where_the_gate_is_open() -> None:
    """With the gate open on the left only, the right half's colour does not matter."""
    torch.manual_seed(0)
    colours = PixelColours()
    torch.nn.init.constant_(colours.gate.weight, 1.0)
    entered = torch.full((1, 512, 8, 8), -1.0)
    entered[:, :, :, :4] = 1.0
    picture = torch.zeros(1, 3, 64, 64)
    picture[:, 0, :, :32] = 1.5
    other = picture.clone()
    other[:, 1, :, 32:] = 1.5
    changed = picture.clone()
    changed[:, 1, :, :32] = 1.5
    with torch.no_grad():
        own = colours(picture, entered)
        assert torch.allclose(colours(other, entered), own, atol=1e-5)
        assert not torch.allclose(colours(changed, entered), own, atol=0.05)


def test_the_gate_does_not_change_how_much_is_counted() -> None:
    """A picture of one colour has the same histogram whatever the gate thinks of its places."""
    torch.manual_seed(0)
    colours = PixelColours()
    torch.nn.init.normal_(colours.gate.weight)
    picture = torch.ones(1, 3, 64, 64) * torch.tensor([0.3, -0.5, 1.0]).view(1, 3, 1, 1)
    with torch.no_grad():
        one = colours(picture, torch.rand(1, 512, 8, 8))
        two = colours(picture, torch.rand(1, 512, 8, 8))
    assert torch.allclose(one, two, atol=1e-5)


def test_before_it_learns_the_histogram_changes_no_answer() -> None:
    """A network that starts from the first phase's weights answers as it did there."""
    torch.manual_seed(0)
    network = Embedder({"type": 3, "gender": 2, "colour_name": 2}).eval()
    picture = torch.randint(0, 256, (1, 3, 64, 64))
    with torch.no_grad():
        maps, early, bins = network.backbone(picture)
        with_bins, without = network.top(maps, early, bins), network.top(maps, early)
    assert torch.equal(with_bins.colour, without.colour)


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

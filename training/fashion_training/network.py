"""The network in PyTorch: ResNet50 v2 with two linear heads, and its parts in plain arrays.

Layout of the first three stages and their parameter names: the weights file that the trainer is
given (ResNet50 v2, pre-activation; He et al., "Identity Mappings in Deep Residual Networks", 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

#: Units per stage, and the stride of each stage's first unit.
STAGE_UNITS = (3, 4, 6, 3)
STAGE_STRIDES = (1, 2, 2, 2)
#: Channels of the four stages' outputs; the bottleneck inside is a quarter of it.
STAGE_CHANNELS = (256, 512, 1024, 2048)
#: Channels after the stem, then of the activations that enter stages 2 and 3: what the colour head
#: sees of the early layers.
EARLY_CHANNELS = 64 + 256 + 512
COLOUR_FEATURES = EARLY_CHANNELS + 1024 + 2048
#: Rows and columns at which the gate weighs what the heads read.
CELLS = 14
#: Learnt soft colour bins of the picture's own pixels.
PIXEL_BINS = 96
#: Pixels are averaged over squares of this side before they are sorted into bins.
PIXEL_SQUARE = 4
#: Mean and deviation of ImageNet's RGB / 255, which the weights were trained with.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
#: Where the directions of each vocabulary's words are kept.
WORD_KEYS = {
    "type": "top.type_words",
    "colour_name": "top.colour_words",
    "gender": "top.gender_words",
}
BATCH_NORM_EPSILON = 1e-5


def gated_mean(x: Tensor, gate: Tensor) -> Tensor:
    """Average over cells with the gate's weights, in float32: [N, C, h, w] to [N, C]."""
    cells = x.shape[2] * x.shape[3]
    weights = gate.float().flatten(2) / cells
    return torch.bmm(x.float().flatten(2), weights.transpose(1, 2))[:, :, 0]


class Unit(nn.Module):
    """One pre-activation bottleneck: three convolutions, each after batch norm and ReLU."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, *, first: bool) -> None:
        super().__init__()
        inner = channels_out // 4
        self.bn1 = nn.BatchNorm2d(channels_in, BATCH_NORM_EPSILON)
        self.conv1 = nn.Conv2d(channels_in, inner, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner, BATCH_NORM_EPSILON)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(inner, BATCH_NORM_EPSILON)
        self.conv3 = nn.Conv2d(inner, channels_out, 1, bias=False)
        self.shortcut = (
            nn.Conv2d(channels_in, channels_out, 1, stride, bias=False) if first else None
        )

    def activation(self, x: Tensor) -> Tensor:
        """Return what enters the unit's convolutions."""
        return functional.relu(self.bn1(x), inplace=True)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the unit's output and the activation that entered its convolutions."""
        active = self.activation(x)
        kept = x if self.shortcut is None else self.shortcut(active)
        return self.added(kept, active), active

    def added(self, kept: Tensor, active: Tensor) -> Tensor:
        """Add what the convolutions make of the activation to the stream."""
        inner = functional.relu(self.bn2(self.conv1(active)), inplace=True)
        inner = functional.relu(self.bn3(self.conv2(inner)), inplace=True)
        return kept + self.conv3(inner)


class Stage(nn.Module):
    """A run of units of one width; its first unit carries the stride."""

    def __init__(self, number: int) -> None:
        super().__init__()
        out = STAGE_CHANNELS[number - 1]
        before = 64 if number == 1 else STAGE_CHANNELS[number - 2]
        for index in range(1, STAGE_UNITS[number - 1] + 1):
            first = index == 1
            stride = STAGE_STRIDES[number - 1] if first else 1
            self.add_module(
                f"unit{index}", Unit(before if first else out, out, stride, first=first)
            )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the stage's output and the activation that entered its first unit."""
        first, *_ = self.children()
        entered = first.activation(x)
        return self.after(entered), entered

    def after(self, entered: Tensor) -> Tensor:
        """Return the stage's output, from the activation that enters its first unit."""
        first, *others = self.children()
        x = first.added(first.shortcut(entered), entered)
        for unit in others:
            x, _ = unit(x)
        return x


class Stem(nn.Module):
    """The 7x7 convolution before the stages, with its batch norm."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(64, BATCH_NORM_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """[N, 3, 224, 224] to [N, 64, 56, 56]."""
        return functional.max_pool2d(functional.relu(self.bn(self.conv(x)), inplace=True), 3, 2, 1)


class PixelColours(nn.Module):
    """A learnt histogram of the picture's own colours.

    Two 1x1 convolutions sort every (averaged) pixel softly into bins.
    """

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)
        self.hidden = nn.Conv2d(3, PIXEL_BINS // 2, 1)
        self.bins = nn.Conv2d(PIXEL_BINS // 2, PIXEL_BINS, 1)
        nn.init.normal_(self.hidden.weight, std=1.0)
        nn.init.uniform_(self.hidden.bias, -2.0, 2.0)

    def forward(self, pixels: Tensor) -> Tensor:
        """Averaged pixels [N, 3, 56, 56], RGB in 0..255, to bins at cells [N, bins, 14, 14]."""
        with torch.autocast(pixels.device.type, enabled=False):
            x = ((pixels.float() / 255 - self.mean) / self.std).permute(0, 2, 3, 1)
            for layer in (self.hidden, self.bins):  # as matrices: a quarter of the time
                x = functional.relu(functional.linear(x, layer.weight[:, :, 0, 0], layer.bias))
            return functional.avg_pool2d(x.permute(0, 3, 1, 2), x.shape[1] // CELLS)


class Backbone(nn.Module):
    """The stem and stages 1 to 3: pictures in, a 14 x 14 map and early maps out."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)
        self.input_bn = nn.BatchNorm2d(3, BATCH_NORM_EPSILON)
        self.stem = Stem()
        self.stage1 = Stage(1)
        self.stage2 = Stage(2)
        self.stage3 = Stage(3)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the top reads of pictures [N, 3, 224, 224], RGB in 0..255.

        It is stage 3's output [N, 1024, 14, 14], early maps averaged to cells [N, 832, 14, 14] and
        averaged pixels [N, 3, 56, 56].
        """
        pixels = functional.avg_pool2d(pictures.float(), PIXEL_SQUARE)
        normal = (pictures.float() / 255 - self.mean) / self.std
        x = self.stem(self.input_bn(normal.contiguous(memory_format=torch.channels_last)))
        early = [x]
        x, _ = self.stage1(x)
        x, entered = self.stage2(x)
        early.append(entered)
        x, entered = self.stage3(x)
        early.append(entered)
        cells = [functional.avg_pool2d(map_, map_.shape[3] // CELLS) for map_ in early]
        return x, torch.cat(cells, dim=1), pixels


@dataclass(frozen=True, slots=True)
class Answers:
    """What the network says of N pictures: unit parts and scaled-cosine logits."""

    style: Tensor
    colour: Tensor
    type: Tensor
    gender: Tensor
    colour_name: Tensor


class Top(nn.Module):
    """Stage 4, the final batch norm, the gate and the heads.

    The gate says, from the activation that enters stage 4, how much each of 14 x 14 cells counts;
    its mean over the picture is 1. Everything that the heads read is a mean over cells with these
    weights: they are linear layers on averages, and can be read off at every cell.
    """

    def __init__(self, style: int, colour: int, words: Mapping[str, int], scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.stage4 = Stage(4)
        self.final_bn = nn.BatchNorm2d(2048, BATCH_NORM_EPSILON)
        self.gate = nn.Conv2d(1024, 1, 1)
        self.pixels = PixelColours()
        self.colour_norm = nn.BatchNorm1d(COLOUR_FEATURES, BATCH_NORM_EPSILON)
        self.style = nn.Linear(2048, style)
        self.colour = nn.Linear(COLOUR_FEATURES, colour)
        self.colour_of_bins = nn.Linear(PIXEL_BINS, colour, bias=False)
        for fresh in (self.gate.weight, self.gate.bias, self.colour_of_bins.weight):
            nn.init.zeros_(fresh)
        self.type_words = nn.Parameter(torch.randn(words["type"], style) / style**0.5)
        self.gender_words = nn.Parameter(torch.randn(words["gender"], style) / style**0.5)
        self.colour_words = nn.Parameter(torch.randn(words["colour_name"], colour) / colour**0.5)
        for module in self.stage4.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor, early: Tensor, pixels: Tensor) -> Answers:
        """Turn what the backbone gives into the answers."""
        return self.after(self.stage4.unit1.activation(x), early, pixels)

    def after(self, entered: Tensor, early: Tensor, pixels: Tensor) -> Answers:
        """Turn stage 4's first activation, early maps and averaged pixels into the answers."""
        return self.answer(*self.averages(entered, early, pixels))

    def averages(self, entered: Tensor, early: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the heads read: averages of all maps [N, 3904] and of the bins [N, 96]."""
        last = functional.relu(self.final_bn(self.stage4.after(entered)), inplace=True)
        with torch.autocast(entered.device.type, enabled=False):
            gate = self.openness(entered)
            seen = [gated_mean(map_, gate) for map_ in (early, entered)]
            seen.append(gated_mean(last, functional.avg_pool2d(gate, CELLS // last.shape[3])))
            return torch.cat(seen, dim=1), gated_mean(self.pixels(pixels), gate)

    def openness(self, entered: Tensor) -> Tensor:
        """Return how much each cell counts, [N, 1, 14, 14]; the mean over cells is 1."""
        weight, bias = self.gate.weight[0, :, 0, 0], self.gate.bias
        gate = torch.sigmoid(torch.einsum("nchw,c->nhw", entered.float(), weight) + bias)
        gate = gate[:, None]
        return gate / gate.mean(dim=(2, 3), keepdim=True)

    def answer(self, seen: Tensor, bins: Tensor) -> Answers:
        """Turn averages [N, 3904] and [N, 96] into the answers: linear, then unit length."""
        with torch.autocast(seen.device.type, enabled=False):
            style = functional.normalize(self.style(seen[:, -STAGE_CHANNELS[-1] :]), dim=1)
            colour = self.colour(self.colour_norm(seen)) + self.colour_of_bins(bins)
            return self.named(style, functional.normalize(colour, dim=1))

    def named(self, style: Tensor, colour: Tensor) -> Answers:
        """Put the scores of all words beside the parts."""
        return Answers(
            style=style,
            colour=colour,
            type=self._logits(style, self.type_words),
            gender=self._logits(style, self.gender_words),
            colour_name=self._logits(colour, self.colour_words),
        )

    def heads(self) -> tuple[nn.Linear, ...]:
        """Return the linear layers that make the parts."""
        return self.style, self.colour, self.colour_of_bins

    def words(self) -> tuple[nn.Parameter, ...]:
        """Return the words' directions, [words, numbers of the part] each."""
        return self.type_words, self.gender_words, self.colour_words

    def _logits(self, part: Tensor, words: Tensor) -> Tensor:
        return self.scale * part @ functional.normalize(words, dim=1).T


class Embedder(nn.Module):
    """Backbone and top together, as trained in the second phase and as exported."""

    def __init__(
        self,
        words: Mapping[str, int],
        style: int = 256,
        colour: int = 96,
        scale: float = 16.0,
    ) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.top = Top(style, colour, words, scale)

    def forward(self, pictures: Tensor) -> Answers:
        """[N, 3, 224, 224] RGB in 0..255 to the answers."""
        answers: Answers = self.top(*self.backbone(pictures))
        return answers


def load_imagenet_stages(backbone: Backbone, weights: Mapping[str, Any]) -> None:
    """Fill the backbone from the arrays of the weights file.

    Raises ValueError when an array is missing, left over, or of another shape.
    """
    state = backbone.state_dict()
    wanted = {key for key in state if not key.endswith("num_batches_tracked")}
    if wanted != set(weights):
        missing, extra = sorted(wanted - set(weights)), sorted(set(weights) - wanted)
        raise ValueError(f"weights file: missing {missing[:3]}, unexpected {extra[:3]}")
    for key in wanted:
        array = torch.from_numpy(np.asarray(weights[key], dtype=np.float32))
        if array.shape != state[key].shape:
            raise ValueError(f"weights file: {key} is {tuple(array.shape)}")
        state[key] = array
    backbone.load_state_dict(state)


def widen_words(
    state: Mapping[str, Tensor],
    fresh: Mapping[str, Tensor],
    former: Mapping[str, Sequence[str]],
    words: Mapping[str, Sequence[str]],
) -> dict[str, Tensor]:
    """Carry weights over to a network that knows more words.

    ``state`` belongs to the ``former`` vocabularies and ``fresh`` to ``words``; what only the new
    network has keeps its fresh value.
    """
    merged = {key: state.get(key, value).clone() for key, value in fresh.items()}
    for vocabulary, key in WORD_KEYS.items():
        merged[key] = fresh[key].clone()
        places = {word: place for place, word in enumerate(former[vocabulary])}
        for row, word in enumerate(words[vocabulary]):
            if word in places:
                merged[key][row] = state[key][places[word]]
    return merged

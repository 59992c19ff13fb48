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
#: Learnt soft colour bins of the picture's own pixels, gathered where the garment is.
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


def mean_of_map(x: Tensor) -> Tensor:
    """Global average pooling in float32: [N, C, h, w] to [N, C]."""
    return x.mean(dim=(2, 3), dtype=torch.float32)


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

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the unit's output and the activation that entered its convolutions."""
        active = functional.relu(self.bn1(x), inplace=True)
        kept = x if self.shortcut is None else self.shortcut(active)
        inner = functional.relu(self.bn2(self.conv1(active)), inplace=True)
        inner = functional.relu(self.bn3(self.conv2(inner)), inplace=True)
        return kept + self.conv3(inner), active


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
        entered: Tensor | None = None
        for unit in self.children():
            x, active = unit(x)
            entered = active if entered is None else entered
        assert entered is not None
        return x, entered


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
    """A learnt histogram of the picture's own colours, gathered where the garment is.

    Two 1x1 convolutions sort every (averaged) pixel softly into bins; a gate computed from the
    activation that enters stage 3 says how much each place counts, its mean over the picture
    being 1. So the histogram is a plain mean over places, as the ``local`` output needs it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Conv2d(3, PIXEL_BINS // 2, 1)
        self.bins = nn.Conv2d(PIXEL_BINS // 2, PIXEL_BINS, 1)
        self.gate = nn.Conv2d(512, 1, 1)
        nn.init.normal_(self.hidden.weight, std=1.0)
        nn.init.uniform_(self.hidden.bias, -2.0, 2.0)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)

    def forward(self, normal: Tensor, entered: Tensor) -> Tensor:
        """Normalised pixels [N, 3, s, s] and stage 3's input [N, 512, s/8, s/8] to [N, bins]."""
        with torch.autocast(normal.device.type, enabled=False):
            x = functional.avg_pool2d(normal, PIXEL_SQUARE)
            x = functional.relu(self.bins(functional.relu(self.hidden(x))))
            places = functional.avg_pool2d(x, 2)
            gate = torch.sigmoid(self.gate(entered.float()))
            gate = gate / gate.mean(dim=(2, 3), keepdim=True)
            return mean_of_map(places * gate)


class Backbone(nn.Module):
    """The stem and stages 1 to 3: pictures in, a 14 x 14 map and early averages out."""

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
        self.pixels = PixelColours()

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the map and two kinds of averages of pictures [N, 3, 224, 224], RGB in 0..255.

        They are stage 3's output [N, 1024, 14, 14], early averages [N, 832] and bins [N, 96].
        """
        normal = (pictures.float() / 255 - self.mean) / self.std
        x = self.stem(self.input_bn(normal.contiguous(memory_format=torch.channels_last)))
        early = [mean_of_map(x)]
        x, _ = self.stage1(x)
        x, entered = self.stage2(x)
        early.append(mean_of_map(entered))
        x, entered = self.stage3(x)
        early.append(mean_of_map(entered))
        return x, torch.cat(early, dim=1), self.pixels(normal, entered)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the network says of N pictures: unit parts and scaled-cosine logits."""

    style: Tensor
    colour: Tensor
    type: Tensor
    gender: Tensor
    colour_name: Tensor


class Top(nn.Module):
    """Stage 4, the final batch norm and the heads: everything that starts from nothing."""

    def __init__(self, style: int, colour: int, words: Mapping[str, int], scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.stage4 = Stage(4)
        self.final_bn = nn.BatchNorm2d(2048, BATCH_NORM_EPSILON)
        self.colour_norm = nn.BatchNorm1d(COLOUR_FEATURES, BATCH_NORM_EPSILON)
        self.style = nn.Linear(2048, style)
        self.colour = nn.Linear(COLOUR_FEATURES, colour)
        self.colour_of_bins = nn.Linear(PIXEL_BINS, colour, bias=False)
        nn.init.zeros_(self.colour_of_bins.weight)
        self.type_words = nn.Parameter(torch.randn(words["type"], style) / style**0.5)
        self.gender_words = nn.Parameter(torch.randn(words["gender"], style) / style**0.5)
        self.colour_words = nn.Parameter(torch.randn(words["colour_name"], colour) / colour**0.5)
        for module in self.stage4.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor, early: Tensor, bins: Tensor | None = None) -> Answers:
        """Stage 3's output, early averages and (not in the first phase) bins to the answers."""
        return self.answer(*self.pooled(x, early), bins)

    def pooled(self, x: Tensor, early: Tensor) -> tuple[Tensor, Tensor]:
        """Return the averages that the heads read: of the last map, and of all maps [N, 3904]."""
        x, entered = self.stage4(x)
        last = mean_of_map(functional.relu(self.final_bn(x), inplace=True))
        return last, torch.cat([early.float(), mean_of_map(entered), last], dim=1)

    def answer(self, last: Tensor, seen: Tensor, bins: Tensor | None = None) -> Answers:
        """Turn averages into the answers: linear layers, unit length, cosines to the words."""
        with torch.autocast(last.device.type, enabled=False):
            style = functional.normalize(self.style(last), dim=1)
            colour = self.colour(self.colour_norm(seen))
            if bins is not None:
                colour = colour + self.colour_of_bins(bins)
            colour = functional.normalize(colour, dim=1)
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
    own = ("num_batches_tracked", *(f"pixels.{key}" for key in backbone.pixels.state_dict()))
    wanted = {key for key in state if not key.endswith(own)}
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

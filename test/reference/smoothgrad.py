"""
SmoothGrad by PyTorch's autograd in float64, with the engine's own noise; and by Captum's NoiseTunnel given the same noise.

    python smoothgrad.py                                    golden/NAME/smoothgrad.json of every random checkpoint
    python smoothgrad.py --bundled models/tiny-gpt2         that of the bundled model

The noise is made here as the engine makes it, from the seed alone: pure-rand's xoroshiro128+ and uniformFloat64, then
Box and Muller's transform.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients, NoiseTunnel
from torch import Tensor

from attribution import Baseline, Explained, Objective
from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from plans import SENTENCE, SHORT_TEXT
from tokens import ReferenceTokenizer

MASK = 0xFFFFFFFF
DISCARDED = 64
# Gauss–Legendre nodes of integrated gradients.
STEPS = 6


class Generator:
    """pure-rand's xoroshiro128plus, seeded as in src/inference/attribution/noise.ts; unsigned words of 32 bits."""

    def __init__(self, seed: int) -> None:
        low = (seed ^ ((seed >> 32) * 0x9E3779B9)) & MASK
        self.s01, self.s00, self.s11, self.s10 = MASK, ~low & MASK, low, 0
        for _ in range(DISCARDED):
            self.next()

    def next(self) -> int:
        s00, s01, s10, s11 = self.s00, self.s01, self.s10, self.s11
        out = (s00 + s10) & MASK
        a0, a1 = s10 ^ s00, s11 ^ s01
        self.s00 = ((s00 << 24) ^ (s01 >> 8) ^ a0 ^ (a0 << 16)) & MASK
        self.s01 = ((s01 << 24) ^ (s00 >> 8) ^ a1 ^ ((a1 << 16) | (a0 >> 16))) & MASK
        self.s10 = ((a1 << 5) ^ (a0 >> 27)) & MASK
        self.s11 = ((a0 << 5) ^ (a1 >> 27)) & MASK
        return out

    def uniform(self) -> float:
        """A multiple of 2⁻⁵³ in [0, 1)."""
        high = self.next() & 0x3FFFFFF
        return high * 2.0**-26 + (self.next() & 0x7FFFFFF) * 2.0**-53


def normal(seed: int, count: int) -> list[float]:
    generator = Generator(seed)
    numbers: list[float] = []
    while len(numbers) < count:
        radius = math.sqrt(-2 * math.log(1 - generator.uniform()))
        angle = 2 * math.pi * generator.uniform()
        numbers += [radius * math.cos(angle), radius * math.sin(angle)]
    return numbers[:count]


@dataclass(frozen=True)
class Smoothed:
    explained: Explained
    first: int
    last: int
    kind: Baseline
    samples: int
    sigma: float
    seed: int

    def noise(self) -> Tensor:
        """ε, `[samples, last − first, C]`."""
        x = self.explained.embeddings()[self.first : self.last]
        deviation = self.sigma * x.square().mean().sqrt()
        draws = torch.tensor(normal(self.seed, self.samples * x.numel()), dtype=x.dtype)
        return deviation * draws.reshape(self.samples, *x.shape)

    def copies(self) -> Tensor:
        """x + ε, `[samples, n, C]`."""
        x = self.explained.embeddings().repeat(self.samples, 1, 1)
        x[:, self.first : self.last] += self.noise()
        return x

    def of_rows(self, rows: Tensor) -> Tensor:
        """f of the explained rows alone, `[B, last − first, C]` → `[B]`."""
        all_rows = self.explained.embeddings().repeat(len(rows), 1, 1)
        all_rows[:, self.first : self.last] = rows
        return self.explained.value(all_rows)

    def scores(self) -> dict[str, Tensor]:
        """By method, of every copy: `[samples, last − first]`."""
        part = slice(self.first, self.last)
        copies = self.copies()
        gradient = self.explained.gradient(copies)[:, part]
        baseline = self.explained.baseline(self.kind, self.first, self.last)
        nodes, weights = np.polynomial.legendre.leggauss(STEPS)
        integral = torch.zeros_like(gradient)
        for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
            points = baseline + node * (copies - baseline)
            integral += weight * self.explained.gradient(points)[:, part]
        return {
            "gradient-norm": gradient.norm(dim=-1),
            "input-x-gradient": (gradient * copies[:, part]).sum(-1),
            "integrated-gradients": (integral * (copies - baseline)[:, part]).sum(-1),
        }

    def confirm(self, means: dict[str, Tensor]) -> None:
        """@raises ValueError where Captum, given the same noise, has other means; it knows no norm per token."""
        x = self.explained.embeddings()[None, self.first : self.last].detach()
        baseline = self.explained.baseline(self.kind, self.first, self.last)[None, self.first : self.last]
        captum = {
            "input-x-gradient": (InputXGradient(self.of_rows), {}),
            "integrated-gradients": (
                IntegratedGradients(self.of_rows),
                {"baselines": baseline.detach(), "n_steps": STEPS, "method": "gausslegendre"},
            ),
        }
        for name, (method, arguments) in captum.items():
            with self.given_noise():
                tunnel = NoiseTunnel(method)
                result = tunnel.attribute(x, nt_type="smoothgrad", nt_samples=self.samples, stdevs=1.0, **arguments)
            difference = (result[0].sum(-1) - means[name]).abs().max()
            # Captum has the quadrature's weights in float32.
            if difference > 1e-6 * means[name].abs().max():
                raise ValueError(f"Captum's NoiseTunnel over {name} differs by {difference:.1e}")

    @contextmanager
    def given_noise(self) -> Iterator[None]:
        noise = self.noise()

        def draw(mean: float, deviation: Tensor) -> Tensor:
            if mean != 0 or deviation.shape != noise.shape:
                raise ValueError(f"noise of the shape {tuple(deviation.shape)} was asked for")
            return noise

        with mock.patch.object(torch, "normal", draw):
            yield


# (text, how many of its tokens, BOS, explained tokens, objective, baseline, samples, σ, seed)
Plan = tuple[str, int | None, bool, tuple[int, int], Objective, Baseline, int, float, int]

RANDOM_PLANS: tuple[Plan, ...] = (
    (SHORT_TEXT, 7, False, (0, 7), "contrast", "zero", 5, 0.1, 0),
    (SHORT_TEXT, 7, False, (4, 7), "log-prob", "mean", 2, 0.5, 7),
    (SHORT_TEXT, 5, True, (0, 5), "contrast", "eot", 4, 0.05, 2**53 - 1),
    (SHORT_TEXT, 5, True, (3, 5), "logit", "zero", 3, 0, 1),
)
BUNDLED_PLANS: tuple[Plan, ...] = ((SENTENCE, None, False, (6, 12), "contrast", "zero", 4, 0.1, 3),)


def cases(model: Any, tokenizer: ReferenceTokenizer, plans: tuple[Plan, ...]) -> list[dict[str, Any]]:
    made = []
    for text, count, bos, span, objective, kind, samples, sigma, seed in plans:
        cut = text if count is None else tokenizer.cut(text, count)
        ids = [tokenizer.end_of_text] * bos + tokenizer.encode(cut)
        ranked = forward(model, ids).logits[-1].argsort(descending=True).tolist()
        explained = Explained(model, ids, len(ids) - 1, ranked[0], ranked[1], objective)
        first, last = span[0] + bos, span[1] + bos
        smoothed = Smoothed(explained, first, last, kind, samples, sigma, seed)
        scores = smoothed.scores()
        means = {name: of_copies.mean(0) for name, of_copies in scores.items()}
        smoothed.confirm(means)
        errors = {name: of_copies.std(0) / math.sqrt(samples) for name, of_copies in scores.items()}
        with torch.no_grad():
            value = explained.value(explained.embeddings()[None])[0].item()
            baseline_value = explained.value(explained.baseline(kind, first, last)[None])[0].item()
        made.append(
            {
                **{"text": cut, "bos": bos, "range": list(span), "target": ranked[0], "foil": ranked[1]},
                **{"objective": objective, "baseline": kind, "value": value, "baselineValue": baseline_value},
                **{"samples": samples, "sigma": sigma, "seed": seed, "steps": STEPS},
                "methods": {
                    name: {"scores": means[name].tolist(), "standardErrors": errors[name].tolist()}
                    for name in means
                },
            }
        )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundled", metavar="DIR", type=Path, help="make only this checkpoint's golden file")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    folders = {spec.name: GOLDEN / spec.name for spec in CHECKPOINTS}
    if arguments.bundled:
        folders = {"bundled": arguments.bundled}
    for name, folder in folders.items():
        model = load_model(folder)
        tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
        plans = BUNDLED_PLANS if arguments.bundled else RANDOM_PLANS
        golden = {**header(folder, ["smoothgrad.py"]), "cases": cases(model, tokenizer, plans)}
        size = write(GOLDEN / name / "smoothgrad.json", golden)
        print(f"{name}: SmoothGrad, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

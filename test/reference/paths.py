"""
Expected and sequential integrated gradients by PyTorch's autograd in float64, beside Captum.

    python paths.py                                    golden/NAME/paths.json of every random checkpoint
    python paths.py --bundled models/tiny-gpt2         that of the bundled model

The baselines of expected gradients are texts of random ids: how the engine draws its own is tested elsewhere. Each case
has Gauss–Legendre nodes on every path. With one node, α = ½, expected gradients are Captum's GradientShap given the same
baselines and the same α; with more, the mean of Captum's IntegratedGradients.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from captum.attr import GradientShap, IntegratedGradients
from torch import Tensor

from attribution import Baseline, Explained, Objective
from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from plans import SENTENCE, SHORT_TEXT
from tokens import ReferenceTokenizer


@dataclass(frozen=True)
class Paths:
    explained: Explained
    first: int
    last: int
    steps: int

    def rows(self, all_rows: Tensor) -> Tensor:
        return all_rows[..., self.first : self.last, :]

    def x(self) -> Tensor:
        return self.rows(self.explained.embeddings()).detach()

    def of_rows(self, rows: Tensor) -> Tensor:
        """f of the explained rows alone, `[B, n, C]` → `[B]`."""
        all_rows = self.explained.embeddings().repeat(len(rows), 1, 1)
        all_rows[:, self.first : self.last] = rows
        return self.explained.value(all_rows)

    def integral(self, baseline: Tensor) -> Tensor:
        """(x − x′) · ∫ ∇f, `[n]`, with x′ `[n, C]`."""
        nodes, weights = np.polynomial.legendre.leggauss(self.steps)
        total = torch.zeros(len(baseline), dtype=torch.float64)
        for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
            point = (baseline + node * (self.x() - baseline))[None].detach().requires_grad_()
            gradient = torch.autograd.grad(self.of_rows(point).sum(), point)[0][0]
            total += weight * (gradient * (self.x() - baseline)).sum(-1)
        return total

    def captum(self, baselines: Tensor) -> Tensor:
        """By Captum's IntegratedGradients, `[K, n]`, with x′ `[K, n, C]`."""
        x = self.x()[None].expand_as(baselines)
        result = IntegratedGradients(self.of_rows).attribute(
            x, baselines=baselines, n_steps=self.steps, method="gausslegendre"
        )
        return result.sum(-1)

    def gradient_shap(self, baselines: Tensor) -> Tensor:
        """By Captum's GradientShap with every baseline once and α = ½, `[n]`."""

        def each_once(count: int, size: int) -> np.ndarray:
            if not count == size == len(baselines):
                raise ValueError(f"{size} of {count} baselines were asked for")
            return np.arange(size)

        with (
            mock.patch.object(np.random, "choice", each_once),
            mock.patch.object(np.random, "uniform", lambda low, high, size: np.full(size, 0.5)),
        ):
            shap = GradientShap(self.of_rows)
            result = shap.attribute(self.x()[None], baselines, n_samples=len(baselines), stdevs=0.0)
        return result[0].sum(-1)


# (text, how many of its tokens, BOS, explained tokens, objective, baseline, K, steps)
Plan = tuple[str, int | None, bool, tuple[int, int], Objective, Baseline, int, int]

RANDOM_PLANS: tuple[Plan, ...] = (
    (SHORT_TEXT, 7, False, (0, 7), "contrast", "zero", 8, 1),
    (SHORT_TEXT, 7, False, (3, 7), "log-prob", "mean", 9, 4),
    (SHORT_TEXT, 5, True, (0, 5), "contrast", "eot", 8, 3),
)
BUNDLED_PLANS: tuple[Plan, ...] = ((SENTENCE, None, False, (6, 12), "contrast", "zero", 8, 6),)


def cases(model: Any, tokenizer: ReferenceTokenizer, plans: tuple[Plan, ...]) -> list[dict[str, Any]]:
    made = []
    for number, (text, count, bos, span, objective, kind, k, steps) in enumerate(plans):
        cut = text if count is None else tokenizer.cut(text, count)
        ids = [tokenizer.end_of_text] * bos + tokenizer.encode(cut)
        ranked = forward(model, ids).logits[-1].argsort(descending=True).tolist()
        explained = Explained(model, ids, len(ids) - 1, ranked[0], ranked[1], objective)
        first, last = span[0] + bos, span[1] + bos
        paths = Paths(explained, first, last, steps)
        drawn = torch.randint(
            model.config.vocab_size, (k, last - first), generator=torch.Generator().manual_seed(number)
        )
        baselines = model.transformer.wte.weight[drawn].detach()
        expected = torch.stack([paths.integral(baseline) for baseline in baselines])
        confirm("IntegratedGradients", paths.captum(baselines), expected)
        if steps == 1:
            confirm("GradientShap", paths.gradient_shap(baselines), expected.mean(0))
        # One path for each token.
        row = paths.rows(explained.baseline(kind, first, last))
        alone = paths.x().repeat(last - first, 1, 1)
        for token in range(last - first):
            alone[token, token] = row[token]
        sequential = torch.stack([paths.integral(one)[token] for token, one in enumerate(alone)])
        confirm("IntegratedGradients of one token", paths.captum(alone).diagonal(), sequential)
        with torch.no_grad():
            value = paths.of_rows(paths.x()[None])[0].item()
            at_baselines = paths.of_rows(baselines)
            at_baseline = paths.of_rows(row[None])[0].item()
            without = paths.of_rows(alone)
        made.append(
            {
                **{"text": cut, "bos": bos, "range": list(span), "target": ranked[0], "foil": ranked[1]},
                **{"objective": objective, "baseline": kind, "steps": steps, "value": value},
                "expected": {
                    "drawn": drawn.tolist(),
                    "scores": expected.mean(0).tolist(),
                    "standardErrors": (expected.std(0) / math.sqrt(k)).tolist(),
                    "baselineValue": at_baselines.mean().item(),
                },
                "sequential": {
                    "scores": sequential.tolist(),
                    "baselineValue": at_baseline,
                    "differences": (value - without).tolist(),
                },
            }
        )
    return made


def confirm(name: str, captum: Tensor, own: Tensor) -> None:
    # Captum has the quadrature's weights in float32.
    difference = (captum - own).abs().max()
    if difference > 1e-6 * own.abs().max():
        raise ValueError(f"Captum's {name} differs by {difference:.1e}")


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
        golden = {**header(folder, ["paths.py"]), "cases": cases(model, tokenizer, plans)}
        size = write(GOLDEN / name / "paths.json", golden)
        print(f"{name}: paths, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

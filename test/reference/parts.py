"""
What Hugging Face and PyTorch say of the parts of a model: the distribution that is drawn from after transformers' own
logits processors, the logit lens, and the model without some of its heads or an MLP, by forward hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel
from transformers.generation.logits_process import (
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

import model as gpt2

# (layer, head)
Head = tuple[int, int]
LISTED = 10


@dataclass(frozen=True)
class DistributionPlan:
    """The next token at position `at` of a sequence's text (None: after it), and what is drawn from."""

    sequence: str
    at: int | None = None
    temperature: float = 1.0
    # 0: all.
    top_k: int = 0
    # 1: all.
    top_p: float = 1.0
    without: tuple[Head, ...] = ()


@dataclass(frozen=True)
class LensPlan:
    sequence: str
    # The token that is followed; None: the model's favourite after the sequence.
    followed: int | None = None


@dataclass(frozen=True)
class AblationPlan:
    """The favourite after a sequence against the second, or alone: f is a logit then."""

    sequence: str
    contrast: bool = True


def distribution_case(
    model: GPT2LMHeadModel, ids: list[int], lead: int, plan: DistributionPlan
) -> dict[str, Any]:
    """`lead`: 1 with BOS."""
    row = len(ids) - 1 if plan.at is None else plan.at + lead - 1
    with without_heads(model, plan.without):
        logits = gpt2.forward(model, ids).logits[row]
    processors = LogitsProcessorList([TemperatureLogitsWarper(plan.temperature)])
    if plan.top_k > 0:
        processors.append(TopKLogitsWarper(plan.top_k))
    if plan.top_p < 1:
        processors.append(TopPLogitsWarper(plan.top_p))
    probabilities = logits.softmax(-1)
    drawn = processors(torch.tensor([ids]), logits[None].clone())[0].softmax(-1)
    _check_cut(plan, logits, drawn)
    return {
        "sequence": plan.sequence,
        "at": row + 1 - lead,
        "temperature": plan.temperature,
        "topK": plan.top_k,
        "topP": plan.top_p,
        "without": [{"layer": layer, "head": head} for layer, head in plan.without],
        "candidates": [
            {**candidate, "drawn": drawn[candidate["id"]].item()}
            for candidate in gpt2.alternatives(logits, LISTED)
        ],
        "kept": int((drawn > 0).sum()),
        "entropy": _entropy(probabilities),
        "drawnEntropy": _entropy(drawn),
    }


def _entropy(probabilities: Tensor) -> float:
    return -torch.special.xlogy(probabilities, probabilities).sum().item()


def _check_cut(plan: DistributionPlan, logits: Tensor, drawn: Tensor) -> None:
    """Which tokens are kept must not hang on rounding. @raises ValueError"""
    kept = logits[drawn > 0]
    if len(kept) == len(logits):
        return
    scaled = logits / plan.temperature
    if plan.top_k > 0:
        scaled = scaled.topk(plan.top_k).values
    sums = scaled.softmax(-1).sort(descending=True).values.cumsum(-1)
    gap = kept.min() - logits[drawn == 0].max()
    near = (sums - plan.top_p).abs().min().item() if plan.top_p < 1 else 1.0
    if gap < gpt2.RESOLUTION * logits.abs().max() or near < 10 * gpt2.RESOLUTION:
        raise ValueError(f"{plan}: what is cut off hangs on rounding: choose another cut")


def lens_case(model: GPT2LMHeadModel, ids: list[int], plan: LensPlan) -> dict[str, Any]:
    """The logit lens (nostalgebraist 2020): ln_f and the unembedding on the stream between the layers."""
    result = gpt2.forward(model, ids)
    with torch.no_grad():
        logits = model.lm_head(model.transformer.ln_f(result.residuals))
    if (logits[-1] - result.logits).abs().max() > 1e-12 * result.logits.abs().max():
        raise ValueError("the lens on the last stream is not the model itself")
    probabilities = logits.softmax(-1)
    best = logits.topk(2)
    gaps = gpt2.RESOLUTION * logits.abs().amax(-1)
    followed = plan.followed if plan.followed is not None else int(logits[-1, -1].argmax())
    ahead = logits - logits[..., followed, None]
    ahead[..., followed] = -torch.inf
    return {
        "sequence": plan.sequence,
        "rows": logits.shape[0],
        # Null where float32 cannot tell the two best.
        "ids": [
            id if gap > least else None
            for id, gap, least in zip(
                best.indices[..., 0].flatten().tolist(),
                (best.values[..., 0] - best.values[..., 1]).flatten().tolist(),
                gaps.flatten().tolist(),
                strict=True,
            )
        ],
        "probabilities": probabilities.amax(-1).flatten().tolist(),
        "followed": {
            "id": followed,
            "ranks": torch.stack(
                [1 + (ahead > gaps[..., None]).sum(-1), 1 + (ahead > -gaps[..., None]).sum(-1)], -1
            )
            .flatten(0, 1)
            .tolist(),
            "probabilities": probabilities[..., followed].flatten().tolist(),
        },
    }


def ablation_case(model: GPT2LMHeadModel, ids: list[int], plan: AblationPlan) -> dict[str, Any]:
    """f − f without a part, f being the difference of the two best logits after the sequence, or the best."""
    whole = gpt2.forward(model, ids).logits[-1]
    target, other = (one["id"] for one in gpt2.alternatives(whole, 2))

    def f() -> float:
        logits = gpt2.forward(model, ids).logits[-1]
        return (logits[target] - (logits[other] if plan.contrast else 0.0)).item()

    value = f()
    layers, heads = model.config.n_layer, model.config.n_head
    of_heads: list[float] = []
    of_mlps: list[float] = []
    for layer in range(layers):
        for head in range(heads):
            with without_heads(model, ((layer, head),)):
                of_heads.append(value - f())
        with without_mlp(model, layer):
            of_mlps.append(value - f())
    return {
        "sequence": plan.sequence,
        "target": target,
        "foil": other if plan.contrast else None,
        "value": value,
        "ofHeads": of_heads,
        "ofMlps": of_mlps,
    }


@contextmanager
def without_heads(model: GPT2LMHeadModel, heads: tuple[Head, ...]) -> Iterator[None]:
    """Zeros take the place of the heads' outputs, before the output projection."""
    width = model.config.n_embd // model.config.n_head

    def silence(head: int) -> Callable[..., tuple[Tensor]]:
        def hook(_module: torch.nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor]:
            mixed = inputs[0].clone()
            mixed[..., head * width : (head + 1) * width] = 0
            return (mixed,)

        return hook

    hooks = [
        model.transformer.h[layer].attn.c_proj.register_forward_pre_hook(silence(head))
        for layer, head in heads
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def without_mlp(model: GPT2LMHeadModel, layer: int) -> Iterator[None]:
    def hook(_module: torch.nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        return torch.zeros_like(output)

    registered = model.transformer.h[layer].mlp.register_forward_hook(hook)
    try:
        yield
    finally:
        registered.remove()

"""
Attribution by PyTorch's autograd, and by Captum beside it; and by what forward hooks see.

x is the matrix of token embeddings `wte[id]`, one row per input, without positions: the model adds `wpe`.
f is the objective at one row of the logits. All of it is float64.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import torch
from captum.attr import IntegratedGradients, LayerIntegratedGradients
from torch import Tensor
from transformers import GPT2LMHeadModel

from model import end_of_text

Objective = Literal["contrast", "logit", "log-prob", "probability"]
Baseline = Literal["zero", "mean", "eot"]
# Captum's names of its quadrature rules.
Rule = Literal["gausslegendre", "riemann_middle"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
BASELINES: tuple[Baseline, ...] = get_args(Baseline)

NODES = 16
CHUNK = 256


@dataclass(frozen=True)
class Explained:
    """The scalar f(x): which row of the logits, which tokens, which objective."""

    model: GPT2LMHeadModel
    ids: list[int]
    row: int
    target: int
    foil: int
    objective: Objective

    def embeddings(self) -> Tensor:
        """x, `[n, C]`."""
        return self.model.transformer.wte.weight[self.ids]

    def value(self, embeddings: Tensor) -> Tensor:
        """f of a batch of embeddings, `[B, n, C]` → `[B]`."""
        output = self.model(
            inputs_embeds=embeddings, use_cache=False, logits_to_keep=torch.tensor([self.row])
        )
        return self.of_logits(output.logits[:, 0])

    def of_logits(self, logits: Tensor) -> Tensor:
        """`[B, V]` → `[B]`"""
        match self.objective:
            case "contrast":
                return logits[:, self.target] - logits[:, self.foil]
            case "logit":
                return logits[:, self.target]
            case "log-prob":
                return logits.log_softmax(-1)[:, self.target]
            case "probability":
                return logits.softmax(-1)[:, self.target]

    def gradient(self, embeddings: Tensor) -> Tensor:
        """∂f/∂x of every member of a batch, `[B, n, C]`."""
        pieces = []
        for chunk in embeddings.split(CHUNK):
            leaf = chunk.detach().requires_grad_()
            pieces.append(torch.autograd.grad(self.value(leaf).sum(), leaf)[0])
        return torch.cat(pieces)

    def baseline(self, kind: Baseline, first: int, last: int) -> Tensor:
        """x′, `[n, C]`: x with the rows first … last − 1 replaced."""
        weights = self.model.transformer.wte.weight
        row = {
            "zero": torch.zeros_like(weights[0]),
            "mean": weights.mean(0),
            "eot": weights[end_of_text(self.model)],
        }[kind]
        baseline = self.embeddings().clone()
        baseline[first:last] = row
        return baseline


@dataclass(frozen=True)
class Integral:
    # [n], summed over the width
    scores: Tensor
    # Estimated error of the worst score
    error: float
    evaluations: int


def integrated_gradients(
    explained: Explained, baseline: Tensor, tolerance: float, first_panels: int
) -> Integral:
    """
    (x − x′) · ∫₀¹ ∇f(x′ + α (x − x′)) dα, Sundararajan et al. 2017, to about `tolerance` of the largest.

    Gauss–Legendre panels are halved until a panel agrees with its two halves. A jump of the gradient (ReLU)
    between a panel's edge and its first node goes unseen, so that such models need many `first_panels`.
    """
    x = explained.embeddings()
    nodes, weights = (torch.from_numpy(values) for values in np.polynomial.legendre.leggauss(NODES))

    def panels(edges: list[tuple[float, float]]) -> Tensor:
        """The integral over each panel, `[panels, n]`."""
        alphas = torch.cat([(a + b) / 2 + (b - a) / 2 * nodes for a, b in edges])
        points = baseline + alphas[:, None, None] * (x - baseline)
        along = (explained.gradient(points) * (x - baseline)).sum(-1).unflatten(0, (-1, NODES))
        widths = torch.tensor([b - a for a, b in edges], dtype=x.dtype)
        return torch.einsum("pkn,k,p->pn", along, weights / 2, widths)

    edges = [(n / first_panels, (n + 1) / first_panels) for n in range(first_panels)]
    coarse = panels(edges)
    evaluations = NODES * len(edges)
    scale = coarse.sum(0).abs().max().item()
    total = torch.zeros(len(x), dtype=x.dtype)
    error = torch.zeros(len(x), dtype=x.dtype)
    while edges:
        halves = [half for a, b in edges for half in ((a, (a + b) / 2), ((a + b) / 2, b))]
        fine = panels(halves)
        evaluations += NODES * len(halves)
        refined = fine.unflatten(0, (-1, 2)).sum(1)
        difference = (refined - coarse).abs()
        # A panel may keep an error in proportion to the root of its width: a few kinks share the tolerance.
        allowed = torch.tensor([tolerance * scale * (b - a) ** 0.5 for a, b in edges])
        done = difference.max(-1).values <= allowed
        total += refined[done].sum(0)
        error += difference[done].sum(0)
        kept = (~done).repeat_interleave(2)
        edges = [edge for edge, keep in zip(halves, kept.tolist(), strict=True) if keep]
        coarse = fine[kept]
    return Integral(total, error.max().item(), evaluations)


def occlusion(explained: Explained, baseline: Tensor, first: int, last: int) -> Tensor:
    """f(x) − f(x with only row i replaced by its baseline row), `[last − first]`, one run per token."""
    x = explained.embeddings()
    with torch.no_grad():
        full = explained.value(x[None])[0]
        without = []
        for position in range(first, last):
            occluded = x.clone()
            occluded[position] = baseline[position]
            without.append(full - explained.value(occluded[None])[0])
    return torch.stack(without)


def captum_scores(
    explained: Explained, kind: Baseline, first: int, last: int, steps: int, rule: Rule
) -> Tensor:
    """
    The same integrated gradients by Captum with a fixed number of steps, `[last − first]`.

    Against `<|endoftext|>` as its layer method on token ids, as its users do for language models; otherwise
    on embeddings.
    """
    if kind == "eot":
        ids = torch.tensor([explained.ids])
        baseline_ids = ids.clone()
        baseline_ids[:, first:last] = end_of_text(explained.model)

        def of_ids(batch: Tensor) -> Tensor:
            return explained.of_logits(explained.model(batch, use_cache=False).logits[:, explained.row])

        layer = LayerIntegratedGradients(of_ids, explained.model.transformer.wte)
        attributions = layer.attribute(ids, baseline_ids, n_steps=steps, method=rule)
    else:
        forward: Callable[[Tensor], Tensor] = explained.value
        attributions = IntegratedGradients(forward).attribute(
            explained.embeddings()[None],
            explained.baseline(kind, first, last)[None],
            n_steps=steps,
            method=rule,
        )
    return attributions[0, first:last].sum(-1).detach()


@dataclass(frozen=True)
class DirectLogit:
    # [1 + 2 L, n]: the embedding, then each layer's attention by source and its MLP; both at the token's own place
    rows: Tensor
    # Everything that belongs to no token: the biases of the output projections and of the final layer norm
    rest: float


def direct_logit(explained: Explained) -> DirectLogit:
    """
    What every part writes to the predicting row, through the final layer norm with its mean and deviation held at
    what they are there, times the unembedding (Elhage et al. 2021); f is a contrast or a logit.

    @raises ValueError where the parts do not add up to what the modules gave, or to f(x)
    """
    model, ids, row = explained.model, explained.ids, explained.row
    config, norm = model.config, model.transformer.ln_f
    width = config.n_embd // config.n_head
    written: dict[str, Tensor] = {}

    def remember(name: str) -> Callable[..., None]:
        def hook(_module: torch.nn.Module, _inputs: tuple[Tensor, ...], output: Any) -> None:
            written[name] = (output[0] if isinstance(output, tuple) else output)[0]

        return hook

    parts = {"drop": model.transformer.drop}
    for layer, block in enumerate(model.transformer.h):
        parts |= {f"qkv {layer}": block.attn.c_attn, f"attn {layer}": block.attn, f"mlp {layer}": block.mlp}
    hooks = [module.register_forward_hook(remember(name)) for name, module in parts.items()]
    before_final: list[Tensor] = []
    hooks.append(norm.register_forward_pre_hook(lambda _module, inputs: before_final.append(inputs[0][0])))
    try:
        with torch.no_grad():
            output = model(torch.tensor([ids]), output_attentions=True, use_cache=False)
    finally:
        for hook in hooks:
            hook.remove()

    unembedding = model.lm_head.weight
    direction = unembedding[explained.target].clone()
    if explained.objective == "contrast":
        direction -= unembedding[explained.foil]
    deviation = (before_final[0][row].var(unbiased=False) + norm.eps).sqrt()

    def direct(parts: Tensor) -> Tensor:
        """`[…, C]` → `[…]`: the mean of a sum is the sum of the means."""
        centred = parts - parts.mean(-1, keepdim=True)
        return (centred / deviation * norm.weight) @ direction

    rows = torch.zeros(1 + 2 * config.n_layer, len(ids), dtype=deviation.dtype)
    rest = norm.bias @ direction
    rows[0, row] = direct(written["drop"][row])
    for layer, block in enumerate(model.transformer.h):
        values = written[f"qkv {layer}"][:, 2 * config.n_embd :].unflatten(-1, (-1, width))
        projections = block.attn.c_proj.weight.unflatten(0, (-1, width))
        pattern = output.attentions[layer][0, :, row]
        # Of each source, over the heads: [n, C].
        moved = torch.einsum("hn,nhd,hdc->nc", pattern, values, projections)
        bias = block.attn.c_proj.bias
        if (moved.sum(0) + bias - written[f"attn {layer}"][row]).abs().max() > 1e-12 * moved.abs().max():
            raise ValueError(f"the sources of layer {layer} do not add up to its attention")
        rows[1 + 2 * layer] = direct(moved)
        rows[2 + 2 * layer, row] = direct(written[f"mlp {layer}"][row])
        rest += direct(bias)
    value = explained.of_logits(output.logits[:, row])[0]
    if (rows.sum() + rest - value).abs() > 1e-12 * rows.abs().sum():
        raise ValueError(f"the rows and the rest miss f(x) by {rows.sum() + rest - value:.1e}")
    return DirectLogit(rows, rest.item())

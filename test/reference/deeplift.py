"""
DeepLIFT in float64: deeplift.json.

    python deeplift.py                                    golden/NAME/deeplift.json of every random checkpoint
    python deeplift.py --bundled models/tiny-gpt2         that of the bundled model

Here GPT-2 is written out in elementary operations on x and x′ side by side, each operation with its own backward pass:
`Rescale` for a function of one number, `Product` for a product of two tensors, `LogSumExp`. PyTorch's autograd composes them. The engine
has closed forms for layer norm and softmax, and computes in float32.

Captum's DeepLift knows activations that are modules and leaves everything else to the gradient at x. The same operations
with gradients for products, softmax and layer norm have to give what Captum gives for the same model; by how much that
misses f(x) − f(x′) is stored beside (`captum`).
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from captum.attr import DeepLift
from captum.attr._core.deep_lift import SUPPORTED_NON_LINEAR, nonlinear
from torch import Tensor
from torch.autograd import Function

from attribution import Baseline, Explained, Objective
from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from plans import SENTENCE, SHORT_TEXT
from tokens import ReferenceTokenizer

EPSILON = 1e-10


def ends(both: Tensor) -> tuple[Tensor, Tensor]:
    """`[2, …]`: x and x′."""
    return both[:1], both[1:]


class Rescale(Function):
    """f of every number: the multiplier is the secant, or where both ends are the same the gradient."""

    @staticmethod
    def forward(context: Any, x: Tensor, f: Callable[[Tensor], Tensor]) -> Tensor:
        y = f(x)
        context.save_for_backward(x, y)
        context.f = f
        return y

    @staticmethod
    def backward(context: Any, m: Tensor) -> tuple[Tensor, None]:
        x, y = context.saved_tensors
        distance = x[:1] - x[1:]
        with torch.enable_grad():
            at = x.detach().requires_grad_()
            slope = torch.autograd.grad(context.f(at).sum(), at)[0]
        is_near = distance.abs() < EPSILON
        secant = (y[:1] - y[1:]) / torch.where(is_near, 1, distance)
        return m * torch.where(is_near, slope, secant), None


class Product(Function):
    """A product by `einsum` of two tensors that begin with the axis of x and x′: each by the mean of the other."""

    @staticmethod
    def forward(context: Any, rule: str, a: Tensor, b: Tensor) -> Tensor:
        context.rule = rule
        context.save_for_backward(a, b)
        return torch.einsum(rule, a, b)

    @staticmethod
    def backward(context: Any, m: Tensor) -> tuple[None, Tensor, Tensor]:
        a, b = (one.mean(0, keepdim=True).expand_as(one) for one in context.saved_tensors)
        first, second = context.rule.split("->")[0].split(",")
        out = context.rule.split("->")[1]
        given_a = _undone(torch.einsum(f"{out},{second}->{first}", m, b), context.saved_tensors[0])
        given_b = _undone(torch.einsum(f"{out},{first}->{second}", m, a), context.saved_tensors[1])
        return None, given_a, given_b


def _undone(given: Tensor, like: Tensor) -> Tensor:
    if given.shape != like.shape:
        raise ValueError(f"{given.shape} for {like.shape}")
    return given


class LogSumExp(Function):
    """log Σ eˢ of the last axis, by the logarithmic means of the probabilities at both ends."""

    @staticmethod
    def forward(context: Any, scores: Tensor) -> Tensor:
        context.save_for_backward(scores.log_softmax(-1))
        return scores.logsumexp(-1, keepdim=True)

    @staticmethod
    def backward(context: Any, m: Tensor) -> Tensor:
        (logs,) = context.saved_tensors
        p = logs.exp()
        distance = logs[:1] - logs[1:]
        is_near = distance.abs() < EPSILON
        mean = torch.where(is_near, p[:1], (p[:1] - p[1:]) / torch.where(is_near, 1, distance))
        return m * mean / mean.sum(-1, keepdim=True)


class Network(torch.nn.Module):
    """f of the embeddings `[N, n, C]` of all tokens, for N = 2 by DeepLIFT's rules, or all but activations by gradients."""

    def __init__(self, explained: Explained, by_rules: bool) -> None:
        super().__init__()
        self.explained, self.by_rules = explained, by_rules
        self.activations = torch.nn.ModuleList(Activation(block.mlp.act) for block in self.blocks)

    @property
    def blocks(self) -> Any:
        return self.explained.model.transformer.h

    def scalar(self, f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        return Rescale.apply(x, f) if self.by_rules else f(x)

    def times(self, rule: str, a: Tensor, b: Tensor) -> Tensor:
        return Product.apply(rule, a, b) if self.by_rules else torch.einsum(rule, a, b)

    def norm(self, module: Any, x: Tensor) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        # A square is a function of one number, and a product with itself: both rules say the same.
        variance = self.scalar(torch.square, centred).mean(-1, keepdim=True)
        rate = self.scalar(lambda v: (v + module.eps).rsqrt(), variance)
        return self.times("bnc,bnc->bnc", centred, rate.expand_as(centred)) * module.weight + module.bias

    def total(self, scores: Tensor) -> Tensor:
        return LogSumExp.apply(scores) if self.by_rules else scores.logsumexp(-1, keepdim=True)

    def softmax(self, scores: Tensor) -> Tensor:
        return self.scalar(torch.exp, scores - self.total(scores))

    def forward(self, embeddings: Tensor) -> Tensor:
        transformer, config = self.explained.model.transformer, self.explained.model.config
        count = embeddings.shape[1]
        hidden = embeddings + transformer.wpe.weight[:count]
        future = torch.ones(count, count, dtype=torch.bool).triu(1)
        for layer, block in enumerate(self.blocks):
            qkv = block.attn.c_attn(self.norm(block.ln_1, hidden))
            query, key, value = (
                part.unflatten(-1, (config.n_head, -1)).transpose(1, 2) for part in qkv.chunk(3, -1)
            )
            scale = (config.n_embd // config.n_head) ** -0.5 if config.scale_attn_weights else 1.0
            if config.scale_attn_by_inverse_layer_idx:
                scale /= layer + 1
            scores = scale * self.times("bhqd,bhkd->bhqk", query, key)
            pattern = self.softmax(scores.masked_fill(future, -1e4))
            mixed = self.times("bhqk,bhkd->bhqd", pattern, value).transpose(1, 2).flatten(2)
            hidden = hidden + block.attn.c_proj(mixed)
            inner = block.mlp.c_fc(self.norm(block.ln_2, hidden))
            inner = self.scalar(block.mlp.act, inner) if self.by_rules else self.activations[layer](inner)
            hidden = hidden + block.mlp.c_proj(inner)
        last = self.norm(transformer.ln_f, hidden)[:, self.explained.row]
        return self.objective(last @ self.explained.model.lm_head.weight.T)

    def objective(self, logits: Tensor) -> Tensor:
        explained = self.explained
        if explained.objective in ("contrast", "logit"):
            return explained.of_logits(logits)
        log_probability = (logits - self.total(logits))[:, explained.target]
        if explained.objective == "log-prob":
            return log_probability
        return self.scalar(torch.exp, log_probability)


class Activation(torch.nn.Module):
    """A module of its own for every layer, as Captum wants."""

    def __init__(self, act: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.act = [act]

    def forward(self, x: Tensor) -> Tensor:
        return self.act[0](x)


def deeplift(explained: Explained, baseline: Tensor) -> tuple[Tensor, Tensor]:
    """Scores of all tokens, `[n]`, and f(x) and f(x′)."""
    both = torch.stack([explained.embeddings(), baseline]).detach().requires_grad_()
    values = Network(explained, by_rules=True)(both)
    multipliers = torch.autograd.grad(values[0], both)[0][0]
    return (multipliers * (both[0] - both[1])).sum(-1).detach(), values.detach()


def by_captum(explained: Explained, baseline: Tensor) -> tuple[Tensor, float]:
    """Captum's scores with its rescale rule for the activations, and its own δ."""
    SUPPORTED_NON_LINEAR[Activation] = nonlinear
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scores, delta = DeepLift(Network(explained, by_rules=False)).attribute(
                explained.embeddings()[None].detach(), baseline[None].detach(), return_convergence_delta=True
            )
    finally:
        del SUPPORTED_NON_LINEAR[Activation]
    return scores[0].sum(-1).detach(), delta.item()


def by_gradients(explained: Explained, baseline: Tensor) -> Tensor:
    """What Captum does, by the operations here: the activations by `Rescale`, all else by its gradient at x."""
    network = Network(explained, by_rules=False)
    for activation in network.activations:
        act = activation.act[0]
        activation.act[0] = lambda x, act=act: Rescale.apply(x, act)
    both = torch.stack([explained.embeddings(), baseline]).detach().requires_grad_()
    multipliers = torch.autograd.grad(network(both)[0], both)[0][0]
    return (multipliers * (both[0] - both[1])).sum(-1).detach()


# (text, how many of its tokens, BOS, explained tokens, objective, baseline)
Plan = tuple[str, int | None, bool, tuple[int, int], Objective, Baseline]

RANDOM_PLANS: tuple[Plan, ...] = (
    (SHORT_TEXT, 7, False, (0, 7), "contrast", "zero"),
    (SHORT_TEXT, 7, False, (3, 7), "log-prob", "mean"),
    (SHORT_TEXT, 5, True, (0, 5), "probability", "eot"),
    (SHORT_TEXT, 7, True, (2, 6), "logit", "zero"),
)
BUNDLED_PLANS: tuple[Plan, ...] = (
    (SENTENCE, None, False, (0, 12), "contrast", "zero"),
    (SENTENCE, None, True, (6, 12), "log-prob", "eot"),
    (SENTENCE, None, False, (0, 12), "probability", "mean"),
)


def cases(model: Any, tokenizer: ReferenceTokenizer, plans: tuple[Plan, ...]) -> list[dict[str, Any]]:
    made = []
    for text, count, bos, span, objective, kind in plans:
        cut = text if count is None else tokenizer.cut(text, count)
        ids = [tokenizer.end_of_text] * bos + tokenizer.encode(cut)
        target, foil = forward(model, ids).logits[-1].argsort(descending=True).tolist()[:2]
        explained = Explained(model, ids, len(ids) - 1, target, foil, objective)
        first, last = span[0] + bos, span[1] + bos
        baseline = explained.baseline(kind, first, last)
        scores, values = deeplift(explained, baseline)
        with torch.no_grad():
            model_values = explained.value(torch.stack([explained.embeddings(), baseline]))
        if (values - model_values).abs().max() > 1e-11 * (1 + values.abs().max()):
            raise ValueError("the operations are not the model")
        difference = values[0] - values[1]
        if (scores.sum() - difference).abs() > 1e-9 * scores.abs().sum():
            raise ValueError(f"the scores miss f(x) − f(x′) by {scores.sum() - difference:.1e}")
        captum, delta = by_captum(explained, baseline)
        own = by_gradients(explained, baseline)
        if (captum - own).abs().max() > 1e-9 * own.abs().max():
            raise ValueError(f"Captum differs by {(captum - own).abs().max():.1e}")
        made.append(
            {
                **{"text": cut, "bos": bos, "range": list(span), "target": target, "foil": foil},
                **{"objective": objective, "baseline": kind},
                **{"value": values[0].item(), "baselineValue": values[1].item()},
                "scores": scores[first:last].tolist(),
                "captum": {"scores": captum[first:last].tolist(), "delta": delta},
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
        made = cases(model, tokenizer, plans)
        size = write(GOLDEN / name / "deeplift.json", {**header(folder, ["deeplift.py"]), "cases": made})
        missed = [one["captum"]["delta"] / (one["value"] - one["baselineValue"]) for one in made]
        print(f"{name}: deeplift, {size / 1024:.0f} KiB; Captum's δ: {', '.join(f'{one:.0%}' for one in missed)}")


if __name__ == "__main__":
    main()

"""What a golden file holds, and how its parts are computed. The schema is documented in golden.ts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

import attribution
import model as gpt2
from attribution import Baseline, Explained, Objective
from tokens import ReferenceTokenizer

CAPTUM_STEPS = 50
# Where the gradient jumps, smooth quadrature is of little use: many small panels, many midpoints.
KINKED_PANELS = 64
KINKED_CAPTUM_STEPS = 1000


@dataclass(frozen=True)
class SequencePlan:
    """A text the model reads, and how much of the pass is stored."""

    name: str
    text: str
    bos: bool
    # Rows of the logits that are stored whole (None: all); of the others, every `logit_stride`-th entry.
    whole_rows: tuple[int, ...] | None = None
    logit_stride: int = 1
    # (layer, head) of the stored attention maps; None: all of them.
    heads: tuple[tuple[int, int], ...] | None = None
    residuals: bool = True
    generate: int = 0


@dataclass(frozen=True)
class ExplanationPlan:
    """What is explained: the prediction of token number `at`, BOS not counted (its length: after it)."""

    sequence: str
    at: int
    objectives: Sequence[Objective]
    # Explained tokens [first, last), BOS not counted; everything else is constant.
    ranges: Sequence[tuple[int, int]]
    baselines: Sequence[Baseline]
    tolerance: float
    # The gradient jumps along the path (ReLU).
    kinks: bool = False


def input_ids(tokenizer: ReferenceTokenizer, plan: SequencePlan) -> list[int]:
    return [tokenizer.end_of_text] * plan.bos + tokenizer.encode(plan.text)


def sequence_case(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, plan: SequencePlan
) -> dict[str, Any]:
    """Everything about one forward pass, and the greedy continuation."""
    ids = input_ids(tokenizer, plan)
    result = gpt2.forward(model, ids)
    layers, heads = result.attentions.shape[:2]
    maps = plan.heads if plan.heads is not None else [(i, j) for i in range(layers) for j in range(heads)]
    whole = (
        {row % len(ids) for row in plan.whole_rows} if plan.whole_rows is not None else set(range(len(ids)))
    )
    rows = sorted(whole) if plan.logit_stride == 1 else range(len(ids))
    return {
        "name": plan.name,
        "text": plan.text,
        "bos": plan.bos,
        "ids": ids,
        "logits": [
            _logit_row(result.logits[row], row, 1 if row in whole else plan.logit_stride) for row in rows
        ],
        "attentions": [
            {"layer": layer, "head": head, "weights": tensor(result.attentions[layer, head])}
            for layer, head in maps
        ],
        "residuals": tensor(result.residuals) if plan.residuals else None,
        "finalHidden": tensor(result.final_hidden) if plan.residuals else None,
        "scores": gpt2.scores(result.logits, ids, plan.bos),
        "next": gpt2.alternatives(result.logits[-1], 5),
        "greedy": gpt2.generate_greedily(model, ids, plan.generate) if plan.generate else [],
    }


def explanation_cases(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, sequence: SequencePlan, plan: ExplanationPlan
) -> Iterable[dict[str, Any]]:
    """One case per objective: the actual next token, or the model's favourite, against the best other."""
    ids = input_ids(tokenizer, sequence)
    row = plan.at - 1 + sequence.bos
    ranked = gpt2.forward(model, ids).logits[row].argsort(descending=True).tolist()
    target = ids[row + 1] if row + 1 < len(ids) else ranked[0]
    foil = ranked[1] if target == ranked[0] else ranked[0]
    for objective in plan.objectives:
        explained = Explained(model, ids, row, target, foil, objective)
        x = explained.embeddings()
        gradient = explained.gradient(x[None])[0]
        with torch.no_grad():
            value = explained.value(x[None])[0].item()
        yield {
            "sequence": sequence.name,
            "at": plan.at,
            "target": target,
            "foil": foil,
            "objective": objective,
            "value": value,
            "gradient": tensor(gradient),
            "gradientNorm": gradient.norm(dim=-1).tolist(),
            "inputXGradient": (gradient * x).sum(-1).tolist(),
            "directLogit": _direct_logit(explained),
            "paths": [
                _path_case(explained, sequence.bos, span, baseline, plan, value)
                for span in plan.ranges
                for baseline in plan.baselines
            ],
        }


def _direct_logit(explained: Explained) -> dict[str, Any] | None:
    """None where f is not linear in the logits."""
    if explained.objective not in ("contrast", "logit"):
        return None
    direct = attribution.direct_logit(explained)
    return {"rows": tensor(direct.rows), "rest": direct.rest}


def _path_case(
    explained: Explained,
    bos: bool,
    span: tuple[int, int],
    kind: Baseline,
    plan: ExplanationPlan,
    value: float,
) -> dict[str, Any]:
    """Integrated gradients and occlusion of one range against one baseline, checked against each other."""
    first, last = span[0] + bos, span[1] + bos
    baseline = explained.baseline(kind, first, last)
    with torch.no_grad():
        baseline_value = explained.value(baseline[None])[0].item()
    integral = attribution.integrated_gradients(
        explained, baseline, plan.tolerance, KINKED_PANELS if plan.kinks else 1
    )
    scores = integral.scores[first:last]
    captum = attribution.captum_scores(explained, kind, first, last, CAPTUM_STEPS, "gausslegendre")
    confirmation = (
        attribution.captum_scores(explained, kind, first, last, KINKED_CAPTUM_STEPS, "riemann_middle")
        if plan.kinks
        else captum
    )
    largest = scores.abs().max().item()
    where = f"{explained.objective}, {kind}, tokens {span}, row {explained.row}"
    delta = integral.scores.sum().item() - (value - baseline_value)
    if abs(delta) > 10 * plan.tolerance * largest:
        raise ValueError(f"{where}: integrated gradients miss f(x) − f(x′) by {delta:.1e}")
    difference = (confirmation - scores).abs().max().item() / largest
    if difference > 0.05:
        raise ValueError(f"{where}: Captum differs by {difference:.1%} of the largest score")
    return {
        "range": list(span),
        "baseline": kind,
        "baselineValue": baseline_value,
        "integratedGradients": scores.tolist(),
        "integrationError": max(integral.error, abs(delta)),
        "evaluations": integral.evaluations,
        "captum": {"steps": CAPTUM_STEPS, "scores": captum.tolist()},
        "occlusion": attribution.occlusion(explained, baseline, first, last).tolist(),
    }


def tensor(values: Tensor) -> dict[str, Any]:
    return {"shape": list(values.shape), "data": values.flatten().tolist()}


def rounded(value: Any, digits: int = 10) -> Any:
    """The same data with numbers of so many significant digits. @raises ValueError on NaN or infinity."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} in the golden data")
        return float(f"{value:.{digits}g}")
    if isinstance(value, dict):
        return {key: rounded(entry, digits) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(entry, digits) for entry in value]
    return value


def _logit_row(logits: Tensor, row: int, stride: int) -> dict[str, Any]:
    """`stride`: only the logits of the ids 0, stride, 2 stride …"""
    return {"row": row, "stride": stride, "values": logits[::stride].tolist()}

"""
What Hugging Face and PyTorch say about the engine's verbs beyond one forward pass: scores of a text that is
longer than the context, attention rollout, foils of several tokens, generation with a repetition penalty; with what
parts.py says of a model's parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

import attribution
import model as gpt2
from attribution import Baseline, Explained
from cases import CAPTUM_STEPS, SequencePlan, input_ids, tensor
from parts import AblationPlan, DistributionPlan, LensPlan, ablation_case, distribution_case, lens_case
from tokens import ReferenceTokenizer


@dataclass(frozen=True)
class WindowPlan:
    """A text that does not fit into the context."""

    text: str
    bos: bool
    # At most the context less one, less BOS.
    stride: int


@dataclass(frozen=True)
class PhrasePlan:
    """A foil of several tokens after a sequence."""

    sequence: str
    foil: str
    # Explained tokens [first, last), BOS not counted.
    ranges: tuple[tuple[int, int], ...]
    baselines: tuple[Baseline, ...] = ("zero", "mean")


@dataclass(frozen=True)
class PenaltyPlan:
    sequence: str
    penalty: float
    tokens: int


@dataclass(frozen=True)
class VerbPlans:
    sequences: tuple[SequencePlan, ...]
    windows: tuple[WindowPlan, ...]
    # Names of sequences, with the queries whose rows are stored; None: all.
    rollouts: tuple[tuple[str, tuple[int, ...] | None], ...]
    phrases: tuple[PhrasePlan, ...]
    penalties: tuple[PenaltyPlan, ...]
    distributions: tuple[DistributionPlan, ...]
    lenses: tuple[LensPlan, ...]
    ablations: tuple[AblationPlan, ...]


def verb_cases(model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, plans: VerbPlans) -> dict[str, Any]:
    ids = {plan.name: input_ids(tokenizer, plan) for plan in plans.sequences}
    lead = {plan.name: int(plan.bos) for plan in plans.sequences}
    return {
        "sequences": [{"name": plan.name, "text": plan.text, "bos": plan.bos} for plan in plans.sequences],
        "windows": [window_case(model, tokenizer, plan) for plan in plans.windows],
        "rollouts": [
            {"sequence": name, "rows": rollout_rows(model, ids[name], queries)}
            for name, queries in plans.rollouts
        ],
        "phrases": [
            case
            for plan in plans.phrases
            for case in phrase_cases(model, tokenizer, ids[plan.sequence], plan)
        ],
        "penalties": [
            {
                "sequence": plan.sequence,
                "penalty": plan.penalty,
                "tokens": gpt2.generate_greedily(model, ids[plan.sequence], plan.tokens, plan.penalty),
            }
            for plan in plans.penalties
        ],
        "distributions": [
            distribution_case(model, ids[plan.sequence], lead[plan.sequence], plan)
            for plan in plans.distributions
        ],
        "lenses": [lens_case(model, ids[plan.sequence], plan) for plan in plans.lenses],
        "ablations": [ablation_case(model, ids[plan.sequence], plan) for plan in plans.ablations],
    }


def window_case(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, plan: WindowPlan
) -> dict[str, Any]:
    """The loop of Hugging Face's "Perplexity of fixed-length models", token by token and with its own loss."""
    ids = tokenizer.encode(plan.text)
    lead = [tokenizer.end_of_text] * plan.bos
    length = model.config.n_positions - len(lead)
    log_probs: list[float | None] = []
    contexts: list[int] = []
    loss = 0.0
    for begin in range(0, len(ids), plan.stride):
        end = min(begin + length, len(ids))
        new = end - len(log_probs)
        inputs = torch.tensor([lead + ids[begin:end]])
        labels = inputs.clone()
        labels[:, : inputs.shape[1] - new] = -100
        with torch.no_grad():
            output = model(inputs, labels=labels, use_cache=False)
        by_row = output.logits[0].log_softmax(-1)
        for token in range(len(log_probs), end):
            row = len(lead) + token - begin - 1
            log_probs.append(by_row[row, ids[token]].item() if row >= 0 else None)
            contexts.append(token - begin)
        # The loss is a mean over the labels that something predicts.
        loss += output.loss.item() * int((labels[0, 1:] != -100).sum())
        if end == len(ids):
            break
    total = -sum(value for value in log_probs if value is not None)
    # transformers computes its loss in float32.
    if abs(total - loss) > 1e-6 * loss:
        raise ValueError(f"the scores of the windows sum up to {total}, transformers' own loss to {loss}")
    return {
        "text": plan.text,
        "bos": plan.bos,
        "stride": plan.stride,
        "scores": [
            {"logProb": log_prob, "context": context}
            for log_prob, context in zip(log_probs, contexts, strict=True)
        ],
    }


def rollout_rows(
    model: GPT2LMHeadModel, ids: list[int], queries: tuple[int, ...] | None
) -> list[dict[str, Any]]:
    """Abnar and Zuidema 2020, equation 1, with residual connections: rows of the product of ½ A + ½ I."""
    attentions = gpt2.forward(model, ids).attentions.mean(1)
    identity = torch.eye(len(ids), dtype=attentions.dtype)
    product = identity
    for layer in attentions:
        product = (0.5 * layer + 0.5 * identity) @ product
    if (product.sum(-1) - 1).abs().max() > 1e-12:
        raise ValueError("the rows of a rollout do not sum to 1")
    chosen = range(len(ids)) if queries is None else [query % len(ids) for query in queries]
    return [{"query": query, "weights": product[query, : query + 1].tolist()} for query in chosen]


@dataclass(frozen=True)
class ExplainedPhrase(Explained):
    """f(x) = log p(target | x) − Σ_k log p(foil_k | x, foil_<k), x being all of the text."""

    phrase: tuple[int, ...]

    def value(self, embeddings: Tensor) -> Tensor:
        after = self.model.transformer.wte.weight[list(self.phrase[:-1])].expand(len(embeddings), -1, -1)
        inputs = torch.cat([embeddings, after], 1)
        by_row = self.model(inputs_embeds=inputs, use_cache=False).logits.log_softmax(-1)
        against = sum(by_row[:, self.row + k, id] for k, id in enumerate(self.phrase))
        return by_row[:, self.row, self.target] - against


def phrase_cases(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, ids: list[int], plan: PhrasePlan
) -> Iterable[dict[str, Any]]:
    """The model's favourite against the phrase, and the phrase's own first token, which falls out of f."""
    phrase = tuple(tokenizer.encode(plan.foil))
    row = len(ids) - 1
    log_probs = gpt2.forward(model, ids + list(phrase)).logits.log_softmax(-1)
    probability = sum(log_probs[row + k, id] for k, id in enumerate(phrase)).exp().item()
    bos = ids[0] == tokenizer.end_of_text
    favourite = int(log_probs[row].argmax())
    _check_single(model, ids, row, favourite, phrase[0])
    for target in dict.fromkeys((favourite, phrase[0])):
        explained = ExplainedPhrase(model, ids, row, target, phrase[0], "contrast", phrase)
        x = explained.embeddings()
        with torch.no_grad():
            value = explained.value(x[None])[0].item()
        yield {
            "sequence": plan.sequence,
            "target": target,
            "foil": {"text": plan.foil, "ids": phrase, "probability": probability},
            "value": value,
            "gradient": tensor(explained.gradient(x[None])[0]),
            "paths": [
                _phrase_path(explained, (span[0] + bos, span[1] + bos), span, baseline)
                for span in plan.ranges
                for baseline in plan.baselines
            ],
        }


def _phrase_path(
    explained: ExplainedPhrase, rows: tuple[int, int], span: tuple[int, int], kind: Baseline
) -> dict[str, Any]:
    baseline = explained.baseline(kind, *rows)
    with torch.no_grad():
        baseline_value = explained.value(baseline[None])[0].item()
    captum = attribution.captum_scores(explained, kind, *rows, CAPTUM_STEPS, "gausslegendre")
    return {
        "range": list(span),
        "baseline": kind,
        "baselineValue": baseline_value,
        "captum": {"steps": CAPTUM_STEPS, "scores": captum.tolist()},
        "occlusion": attribution.occlusion(explained, baseline, *rows).tolist(),
    }


def _check_single(model: GPT2LMHeadModel, ids: list[int], row: int, target: int, foil: int) -> None:
    """A phrase of one token is the contrast of logits."""
    phrase = ExplainedPhrase(model, ids, row, target, foil, "contrast", (foil,))
    contrast = Explained(model, ids, row, target, foil, "contrast")
    x = contrast.embeddings()[None]
    with torch.no_grad():
        difference = (phrase.value(x) - contrast.value(x)).abs().item()
    if difference > 1e-12:
        raise ValueError(f"a phrase of one token differs from the contrast by {difference:.1e}")

"""
f without some of its tokens, and f of edited texts: each by running the model on it.

A token is removed by one of four operators: its embedding replaced by the baseline's, the token hidden from all others by
an explicit attention mask, the text without it tokenised again, or another token drawn from the model in its place. Of
what is drawn this gives the expectation and the variance, by going through the whole vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

import model as gpt2
from attribution import BASELINES, Baseline, Explained, Objective
from cases import SequencePlan, input_ids
from tokens import ReferenceTokenizer

BATCH = 2048


@dataclass(frozen=True)
class RemovalPlans:
    sequences: tuple[SequencePlan, ...]
    objectives: tuple[Objective, ...] = ("contrast", "log-prob")
    # Tokens of the text whose places are refilled, each by itself.
    refilled: tuple[int, ...] = (0, 1, 3)
    # Two that are refilled together: one run for each pair of tokens of the vocabulary.
    refilled_together: tuple[int, int] | None = None


def removal_cases(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, plans: RemovalPlans
) -> dict[str, Any]:
    return {
        "sequences": [{"name": plan.name, "text": plan.text, "bos": plan.bos} for plan in plans.sequences],
        "removals": [
            removal_case(model, tokenizer, sequence, objective, plans)
            for sequence in plans.sequences
            for objective in plans.objectives
        ],
    }


def removal_case(
    model: GPT2LMHeadModel,
    tokenizer: ReferenceTokenizer,
    sequence: SequencePlan,
    objective: Objective,
    plans: RemovalPlans,
) -> dict[str, Any]:
    """Of the prediction after a text, by the model's favourite against the second."""
    ids = input_ids(tokenizer, sequence)
    first = int(sequence.bos)
    count = len(ids) - first
    target, foil = (entry["id"] for entry in gpt2.alternatives(gpt2.forward(model, ids).logits[-1], 2))
    explained = Explained(model, ids, len(ids) - 1, target, foil, objective)
    sets = token_sets(count)
    return {
        "sequence": sequence.name,
        "target": target,
        "foil": foil,
        "objective": objective,
        "sets": sets,
        "baseline": {kind: [by_baseline(explained, kind, first, chosen) for chosen in sets] for kind in BASELINES},
        "mask": [by_mask(explained, [first + token for token in chosen]) for chosen in sets],
        "delete": [
            of_ids(explained, [without_tokens(tokenizer, sequence, chosen) or [tokenizer.end_of_text]])[0].item()
            for chosen in sets
        ],
        "refill": [
            refill_case(explained, tokenizer, first, chosen)
            for chosen in [[token] for token in plans.refilled if token < count]
            + ([list(plans.refilled_together)] if plans.refilled_together and objective == "contrast" else [])
        ],
        "edits": list(edit_cases(explained)),
    }


def token_sets(count: int) -> list[list[int]]:
    """Nothing, each token, some pairs, all but one, all."""
    pairs = [list(pair) for pair in combinations(range(count), 2)][:: max(1, count // 2)]
    sets = [[], *([token] for token in range(count)), *pairs, list(range(1, count)), list(range(count))]
    return [list(chosen) for chosen in dict.fromkeys(map(tuple, sets))]


def by_baseline(explained: Explained, kind: Baseline, first: int, chosen: Sequence[int]) -> float:
    embeddings = explained.embeddings().clone()
    baseline = explained.baseline(kind, 0, len(explained.ids))
    for token in chosen:
        embeddings[first + token] = baseline[first + token]
    with torch.no_grad():
        return explained.value(embeddings[None])[0].item()


def by_mask(explained: Explained, hidden: Sequence[int]) -> float:
    """@raises ValueError where a hidden token is attended to after all"""
    n = len(explained.ids)
    allowed = torch.ones(n, n, dtype=torch.bool).tril()
    for token in hidden:
        allowed[:, token] = False
        allowed[token, token] = True
    # What is added to the scores: nothing, or so much that the softmax gives exactly nothing.
    mask = torch.zeros(n, n, dtype=torch.float64).masked_fill(~allowed, torch.finfo(torch.float64).min)
    with torch.no_grad():
        output = explained.model(
            torch.tensor([explained.ids]),
            attention_mask=mask[None, None],
            position_ids=torch.arange(n)[None],
            output_attentions=True,
            use_cache=False,
        )
    for pattern in output.attentions:
        if pattern[0][:, ~allowed].abs().max().item() if (~allowed).any() else 0:
            raise ValueError(f"something attends to one of {hidden}")
    return explained.of_logits(output.logits[:, explained.row])[0].item()


def without_tokens(tokenizer: ReferenceTokenizer, sequence: SequencePlan, chosen: Sequence[int]) -> list[int]:
    """The text without them, tokenised again; its tokens are whole characters."""
    pieces = [tokenizer.bytes_of(id) for id in tokenizer.encode(sequence.text)]
    left = b"".join(piece for token, piece in enumerate(pieces) if token not in chosen).decode()
    return [tokenizer.end_of_text] * sequence.bos + tokenizer.encode(left)


def of_ids(explained: Explained, texts: Iterable[list[int]]) -> Tensor:
    """f of texts of one length, `[N]`, each predicted after its last token."""
    values = []
    for part in torch.tensor(list(texts)).split(BATCH):
        with torch.no_grad():
            logits = explained.model(part, use_cache=False, logits_to_keep=1).logits[:, -1]
        values.append(explained.of_logits(logits))
    return torch.cat(values)


def after(explained: Explained, tokenizer: ReferenceTokenizer, ids: list[int]) -> Tensor:
    """What is drawn from after these ids, `[V]`; after `<|endoftext|>` where there are none."""
    with torch.no_grad():
        output = explained.model(torch.tensor([ids or [tokenizer.end_of_text]]), use_cache=False)
    return output.logits[0, -1].softmax(-1)


def refill_case(
    explained: Explained, tokenizer: ReferenceTokenizer, first: int, chosen: list[int]
) -> dict[str, Any]:
    """The expectation of f over what is drawn in the places of the chosen tokens, and its variance."""
    texts: list[tuple[float, list[int]]] = [(1.0, list(explained.ids))]
    for token in chosen:
        place = first + token
        texts = [
            (weight * probability, [*ids[:place], id, *ids[place + 1 :]])
            for weight, ids in texts
            for id, probability in enumerate(after(explained, tokenizer, ids[:place]).tolist())
        ]
    weights = torch.tensor([weight for weight, _ in texts], dtype=torch.float64)
    values = of_ids(explained, (ids for _, ids in texts))
    mean = (weights * values).sum()
    return {
        "set": chosen,
        "mean": mean.item(),
        "variance": (weights * (values - mean) ** 2).sum().item(),
    }


def edit_cases(explained: Explained) -> Iterable[dict[str, Any]]:
    """Tokens replaced, put in, left out; and the gradient with respect to each of what is read then."""
    ids, target, foil = explained.ids, explained.target, explained.foil
    half = len(ids) // 2
    edits = {
        "replaced": [*ids[:half], foil, *ids[half + 1 :]],
        "replaced at the beginning": [target, *ids[1:]],
        "replaced at the end": [*ids[:-1], foil],
        "put in": [*ids[:half], target, foil, *ids[half:]],
        "put in at the end": [*ids, target],
        "left out": [*ids[:half], *ids[half + 1 :]],
        "left out at the end": ids[:-1],
    }
    for name, edited in edits.items():
        if not edited or len(edited) > explained.model.config.n_positions:
            continue
        about = Explained(explained.model, edited, len(edited) - 1, target, foil, explained.objective)
        gradient = about.gradient(about.embeddings()[None])[0]
        yield {
            "name": name,
            "ids": edited,
            "value": of_ids(explained, [edited])[0].item(),
            "gradientNorm": gradient.norm(dim=-1).tolist(),
        }

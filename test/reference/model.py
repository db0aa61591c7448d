"""Hugging Face's GPT-2 in float64: what it computes in a forward pass and when it generates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

# Logits of one row that are closer than this part of its largest may change places in float32.
RESOLUTION = 1e-5


class Score(TypedDict):
    logProb: float | None
    # Best and worst rank that rounding in float32 may give; nearly always equal.
    rank: tuple[int, int] | None
    entropy: float | None


class Alternative(TypedDict):
    id: int
    probability: float
    logit: float


class GeneratedToken(TypedDict):
    id: int
    logProb: float


@dataclass(frozen=True)
class Forward:
    """One forward pass; n inputs, L layers, H heads, C width, V vocabulary."""

    # [n, V]
    logits: Tensor
    # [L, H, n, n], after softmax
    attentions: Tensor
    # [L + 1, n, C]: the embeddings, then the residual stream after each block, before ln_f
    residuals: Tensor
    # [n, C]: after ln_f
    final_hidden: Tensor


def end_of_text(model: GPT2LMHeadModel) -> int:
    """The id of `<|endoftext|>`, which every GPT-2 has."""
    id = model.config.eos_token_id
    if not isinstance(id, int):
        raise ValueError(f"eos_token_id is {id}")
    return id


def load_model(folder: Path) -> GPT2LMHeadModel:
    """The checkpoint's weights, rounded as they are stored, widened to float64, with plain attention."""
    model, report = GPT2LMHeadModel.from_pretrained(
        folder, dtype=torch.float64, attn_implementation="eager", output_loading_info=True
    )
    unexpected = [
        name for name in report["unexpected_keys"] if not name.endswith((".attn.bias", ".masked_bias"))
    ]
    if report["missing_keys"] or report["mismatched_keys"] or unexpected:
        raise ValueError(f"{folder.name} is not a GPT-2 checkpoint: {report}")
    model.requires_grad_(False)
    return model.eval()


def forward(model: GPT2LMHeadModel, ids: list[int]) -> Forward:
    """`ids`: the model's whole input, BOS included where there is one."""
    before_final_norm: list[Tensor] = []

    def remember(_module: torch.nn.Module, inputs: tuple[Tensor, ...]) -> None:
        before_final_norm.append(inputs[0][0])

    hook = model.transformer.ln_f.register_forward_pre_hook(remember)
    with torch.no_grad():
        output = model(
            torch.tensor([ids]), output_attentions=True, output_hidden_states=True, use_cache=False
        )
    hook.remove()
    # The last of hidden_states has been through ln_f already: the hook has what went into it.
    *residuals, final_hidden = (hidden[0] for hidden in output.hidden_states)
    return Forward(
        logits=output.logits[0],
        attentions=torch.stack([layer[0] for layer in output.attentions]),
        residuals=torch.stack([*residuals, before_final_norm[0]]),
        final_hidden=final_hidden,
    )


def scores(logits: Tensor, ids: list[int], bos: bool) -> list[Score]:
    """What the model gave each token of the text; nothing for a first token that nothing precedes."""
    log_probs = logits.log_softmax(-1)
    result: list[Score] = [] if bos else [Score(logProb=None, rank=None, entropy=None)]
    for row, id in enumerate(ids[1:]):
        ahead = torch.cat([logits[row, :id], logits[row, id + 1 :]]) - logits[row, id]
        gap = _resolution(logits[row])
        result.append(
            Score(
                logProb=log_probs[row, id].item(),
                rank=(1 + int((ahead > gap).sum()), 1 + int((ahead > -gap).sum())),
                entropy=-(log_probs[row].exp() * log_probs[row]).sum().item(),
            )
        )
    return result


def alternatives(logits: Tensor, count: int) -> list[Alternative]:
    """The `count` most probable tokens of one row, `[V]`."""
    probabilities = logits.softmax(-1)
    top = logits.topk(count + 1)
    if (top.values[:-1] - top.values[1:]).min() < _resolution(logits):
        raise ValueError(
            f"the order of the {count} best tokens hangs on rounding: choose another seed or text"
        )
    return [
        Alternative(id=id, probability=probabilities[id].item(), logit=logits[id].item())
        for id in top.indices[:-1].tolist()
    ]


def generate_greedily(
    model: GPT2LMHeadModel, ids: list[int], count: int, penalty: float = 1.0
) -> list[GeneratedToken]:
    """
    The most probable continuation: by hand, by `generate` and by `generate` with a cache, all equal.

    `penalty`: of repetitions, Keskar et al. 2019; the log-probabilities are the model's own.
    """
    grown = list(ids)
    tokens: list[GeneratedToken] = []
    for _ in range(count):
        with torch.no_grad():
            logits = model(torch.tensor([grown]), use_cache=False, logits_to_keep=1).logits[0, -1]
        seen = list(set(grown))
        penalized = logits.clone()
        penalized[seen] = torch.where(logits[seen] > 0, logits[seen] / penalty, logits[seen] * penalty)
        best = alternatives(penalized, 1)[0]["id"]
        tokens.append(GeneratedToken(id=best, logProb=logits.log_softmax(-1)[best].item()))
        grown.append(best)
    for cached in (False, True):
        inputs = torch.tensor([ids])
        output = model.generate(
            inputs,
            attention_mask=torch.ones_like(inputs),
            do_sample=False,
            max_new_tokens=count,
            min_new_tokens=count,
            use_cache=cached,
            repetition_penalty=penalty,
            pad_token_id=end_of_text(model),
        )
        if output[0].tolist() != grown:
            raise ValueError(f"generate(use_cache={cached}) gives {output[0].tolist()}, by hand: {grown}")
    if end_of_text(model) in grown[len(ids) :]:
        raise ValueError("the greedy continuation contains the end of the text: choose another seed")
    return tokens


def _resolution(logits: Tensor) -> float:
    return RESOLUTION * logits.abs().max().item()

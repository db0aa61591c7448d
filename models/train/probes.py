"""What is measured while training goes on: held-out loss, induction, agreement and names, each in some seconds."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

import facts
from data import KINDS
from model import GPT2

#: Nouns that the synthetic agreement sentences do not use; the plural has an s.
NOUNS = "picture road wall song report idea ship street engine group problem tower".split()
PAIRS = ((" is", " are"), (" was", " were"), (" has", " have"))
LINKS = ("near the", "behind the", "next to the", "with the", "in front of the")
NAME_FORMS = (
    "When {a} and {o} went to the {p}, {a} gave a {t} to", "When {o} and {a} went to the {p}, {a} gave a {t} to", "{o} and {a} went to the {p}. {a} handed the {t} to", "{a} and {o} are old friends. Yesterday {a} sent a letter to",
)


@torch.no_grad()
def heldout_loss(model: GPT2, work: Path, length: int, rows: int = 4) -> dict[str, float]:
    """Nats a token of every kind on rows spread over its held-out text."""
    losses = {}
    for kind in KINDS:
        if kind != "repeat":
            data = np.load(work / "tokens" / f"{kind}.heldout.npy", mmap_mode="r")
            step = (len(data) - length - 1) // rows
            ids = torch.from_numpy(np.stack([data[i * step : i * step + length + 1] for i in range(rows)]).astype(np.int64)).to(model.wte.weight.device)
            losses[kind] = round(float(model(ids[:, :-1], ids[:, 1:])), 4)
    return losses


@torch.no_grad()
def attention_patterns(model: GPT2, ids: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Logits, and the attention of every layer as [rows, heads, to, from]."""
    found: list[Tensor] = []

    def keep(_: object, __: object, out: Tensor) -> None:
        b, t, c = out.shape
        heads = model.config.n_head
        q, k, _v = (h.view(b, t, heads, -1).transpose(1, 2) for h in out.float().split(c // 3, dim=2))
        scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
        found.append(scores.masked_fill(torch.ones(t, t, dtype=torch.bool, device=out.device).triu(1), float("-inf")).softmax(-1))

    handles = [block.attn.c_attn.register_forward_hook(keep) for block in model.h]  # type: ignore[union-attr]
    logits = model(ids)
    for handle in handles:
        handle.remove()
    return logits, found


@torch.no_grad()
def induction(model: GPT2, period: int = 64, rows: int = 16) -> dict[str, float]:
    """Random tokens said twice: loss of both copies, the best induction head and the best previous-token head."""
    half = np.random.default_rng(11).integers(0, model.config.vocab_size - 1, (rows, period))
    ids = torch.from_numpy(np.concatenate([half, half], 1)).to(model.wte.weight.device)
    logits, patterns = attention_patterns(model, ids)
    losses = F.cross_entropy(logits[:, :-1].transpose(1, 2).float(), ids[:, 1:], reduction="none").mean(0)
    at = torch.arange(period, 2 * period - 1)
    copied = max(float(p[:, :, at, at - period + 1].mean((0, 2)).max()) for p in patterns)
    previous = max(float(p[:, :, at, at - 1].mean((0, 2)).max()) for p in patterns)
    return {"first_copy": round(float(losses[: period - 1].mean()), 3), "second_copy": round(float(losses[period:].mean()), 3), "head": round(copied, 3), "previous_token_head": round(previous, 3)}


@torch.no_grad()
def last_logits(model: GPT2, tokenizer: Tokenizer, text: str) -> Tensor:
    """Logits after a prompt; it starts after <|endoftext|>, as documents do in training."""
    ids = [model.config.vocab_size - 1, *tokenizer.encode(text).ids]
    return model(torch.tensor([ids], device=model.wte.weight.device))[0, -1].float()


def agreement(model: GPT2, tokenizer: Tokenizer, prompts: int = 120) -> float:
    """How often the verb of the far noun's number is above the other, with a near noun of the other number."""
    r, right = random.Random(5), 0
    for _ in range(prompts):
        (far, near), plural, (one, many) = r.sample(NOUNS, 2), r.random() < 0.5, r.choice(PAIRS)
        logits = last_logits(model, tokenizer, f"The {far + 's' if plural else far} {r.choice(LINKS)} {near if plural else near + 's'}")
        right += bool((logits[tokenizer.token_to_id("Ġ" + many[1:])] > logits[tokenizer.token_to_id("Ġ" + one[1:])]) == plural)
    return round(right / prompts, 3)


def names(model: GPT2, tokenizer: Tokenizer, prompts: int = 100) -> float:
    """How often the person who did not act yet is above the one who did, with names that the synthetic text never uses."""
    r, right = random.Random(6), 0
    for _ in range(prompts):
        a, o = r.sample(facts.HELDOUT_NAMES, 2)
        text = r.choice(NAME_FORMS).format(a=a, o=o, p=r.choice(("store", "garden", "river", "museum")), t=r.choice(("drink", "book", "key", "ring")))
        logits = last_logits(model, tokenizer, text)
        right += bool(logits[tokenizer.token_to_id("Ġ" + o)] > logits[tokenizer.token_to_id("Ġ" + a)])
    return round(right / prompts, 3)


def scores(model: GPT2, tokenizer: Tokenizer, work: Path, length: int) -> dict[str, object]:
    return {"heldout": heldout_loss(model, work, length), "induction": induction(model), "agreement": agreement(model, tokenizer), "names": names(model, tokenizer)}

"""
What Hugging Face and PyTorch say about maps of attention, about what heads do on repeated tokens, and about the
weights themselves.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

import model as gpt2
from cases import SequencePlan, input_ids
from tokens import ReferenceTokenizer

# In root mean squares from zero.
OUTLIER = 6.0


@dataclass(frozen=True)
class AttentionPlans:
    sequences: tuple[SequencePlan, ...]
    # Of random tokens: how many, and how many sequences.
    copy: int
    copies: int
    seed: int = 20


def attention_cases(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, plans: AttentionPlans, folder: Path
) -> dict[str, Any]:
    ids = {plan.name: input_ids(tokenizer, plan) for plan in plans.sequences}
    return {
        "sequences": [{"name": plan.name, "text": plan.text, "bos": plan.bos} for plan in plans.sequences],
        "products": [
            products_case(model, name, ids[name], with_foil) for name in ids for with_foil in (True, False)
        ],
        "rollouts": [{"sequence": name, "rows": triangle(rollout(model, ids[name]))} for name in ids],
        "patterns": patterns_case(model, tokenizer, plans),
        "structure": structure_case(model, folder),
    }


def products_case(model: GPT2LMHeadModel, name: str, ids: list[int], with_foil: bool) -> dict[str, Any]:
    """(A ⊙ ∂f/∂A)⁺ of every head; f: the favourite's logit, less that of the second where there is a foil."""
    embeddings = model.transformer.wte.weight[ids][None].clone().requires_grad_()
    output = model(inputs_embeds=embeddings, output_attentions=True, use_cache=False)
    logits = output.logits[0, -1]
    target, foil = (entry["id"] for entry in gpt2.alternatives(logits.detach(), 2))
    value = logits[target] - logits[foil] if with_foil else logits[target]
    slopes = torch.autograd.grad(value, output.attentions)
    return {
        "sequence": name,
        "target": target,
        "foil": foil if with_foil else None,
        "value": value.item(),
        # [layer][head]
        "heads": [
            [triangle(head) for head in (weights * slope).clamp(min=0)[0].detach()]
            for weights, slope in zip(output.attentions, slopes, strict=True)
        ],
    }


def rollout(model: GPT2LMHeadModel, ids: list[int]) -> Tensor:
    """Abnar and Zuidema 2020, equation 1: the product of ½ A + ½ I, the last layer on the left."""
    attentions = gpt2.forward(model, ids).attentions.mean(1)
    identity = torch.eye(len(ids), dtype=attentions.dtype)
    product = identity
    for layer in attentions:
        product = (layer + identity) / 2 @ product
    return product


def patterns_case(
    model: GPT2LMHeadModel, tokenizer: ReferenceTokenizer, plans: AttentionPlans
) -> dict[str, Any]:
    """Means over the second copies, of diagonals of the attention maps."""
    draw = random.Random(plans.seed)
    known = [id for id in range(model.config.vocab_size) if id != tokenizer.end_of_text]
    copies = [[draw.choice(known) for _ in range(plans.copy)] for _ in range(plans.copies)]
    n = plans.copy
    # [sequence, layer, head, query, key]
    maps = torch.stack([gpt2.forward(model, 2 * copy).attentions for copy in copies])
    second = maps[..., n:, :]

    def score(offset: int) -> list[float]:
        """The attention from each query of the second copy to the key `offset` before it."""
        diagonal = second.diagonal(n - offset, -2, -1)[..., :n]
        return diagonal.mean((0, -1)).flatten().tolist()

    return {
        "copies": copies,
        "previous": score(1),
        "duplicate": score(n),
        "induction": score(n - 1),
        "first": second[..., 0].mean((0, -1)).flatten().tolist(),
    }


def structure_case(model: GPT2LMHeadModel, folder: Path) -> dict[str, Any]:
    stored = {
        name.removeprefix("transformer."): entry for name, entry in header(folder).items() if name != "__metadata__"
    }
    weights = []
    # Parameters come in the order of the forward pass; a tied head is wte itself and does not come again.
    for full_name, values in model.named_parameters():
        name = full_name.removeprefix("transformer.")
        begin, end = stored[name]["data_offsets"]
        rms = values.square().mean().sqrt()
        weights.append(
            {
                "name": name,
                "shape": list(values.shape),
                "dtype": stored[name]["dtype"],
                "parameters": values.numel(),
                "bytes": end - begin,
                "norm": values.norm().item(),
                "rms": rms.item(),
                "most": values.abs().max().item(),
                "outliers": int((values.abs() > OUTLIER * rms).sum()),
            }
        )
    of_heads = []
    of_mlps = []
    for block in model.transformer.h:
        heads, width = block.attn.num_heads, block.attn.head_dim
        value_weights = block.attn.c_attn.weight.chunk(3, dim=1)[2]
        for head in range(heads):
            part = slice(head * width, (head + 1) * width)
            product = value_weights[:, part] @ block.attn.c_proj.weight[part]
            of_heads.append(torch.linalg.matrix_norm(product).item())
        of_mlps.append((block.mlp.c_fc.weight.norm() * block.mlp.c_proj.weight.norm()).item())
    return {"weights": weights, "ofHeads": of_heads, "ofMlps": of_mlps}


def header(folder: Path) -> dict[str, Any]:
    """Of model.safetensors."""
    content = (folder / "model.safetensors").read_bytes()
    length = int.from_bytes(content[:8], "little")
    parsed: dict[str, Any] = json.loads(content[8 : 8 + length])
    return parsed


def triangle(map: Tensor) -> list[list[float]]:
    """Row by row, up to the diagonal: nothing is behind it."""
    if map.triu(1).abs().max() > 0:
        raise ValueError("a query looks ahead")
    return [row[: query + 1].tolist() for query, row in enumerate(map)]

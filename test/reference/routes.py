"""
Methods that follow what was read through the layers, in float64: ALTI-Logit, attention, rollout, attention × gradient and
value zeroing.

    python routes.py                                    golden/NAME/routes.json of every random checkpoint
    python routes.py --bundled models/tiny-gpt2         that of the bundled model

Here whole matrices are multiplied, T is in memory as a whole, and a value is zeroed by running the block again with a
hook; the engine does none of this.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

from attribution import Explained, Objective, direct_logit
from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from plans import SENTENCE, SHORT_TEXT
from tokens import ReferenceTokenizer


def contributions(model: GPT2LMHeadModel, ids: list[int]) -> list[Tensor]:
    """
    ALTI (Ferrando et al. 2022), `[n, n]` per layer: how much nearer T_i(x_j) brings y_i, in L1; rows sum to 1.

    @raises ValueError where the parts do not add up to the stream after the attention
    """
    result = forward(model, ids)
    width = model.config.n_embd // model.config.n_head
    matrices = []
    for layer, block in enumerate(model.transformer.h):
        x = result.residuals[layer]
        with torch.no_grad():
            values = block.attn.c_attn(block.ln_1(x))[:, 2 * model.config.n_embd :].unflatten(-1, (-1, width))
            expected = x + block.attn(block.ln_1(x)[None])[0][0]
        projections = block.attn.c_proj.weight.unflatten(0, (-1, width))
        given = torch.einsum("hij,jhd,hdc->ijc", result.attentions[layer], values, projections)
        given[range(len(ids)), range(len(ids))] += x
        after = given.sum(1) + block.attn.c_proj.bias
        if (after - expected).abs().max() > 1e-12 * expected.abs().max():
            raise ValueError(f"the parts of layer {layer} do not add up to its stream")
        nearer = after.abs().sum(-1, keepdim=True) - (after[:, None] - given).abs().sum(-1)
        nearer = nearer.clamp(min=0).tril()
        # A token whose stream nothing brings nearer keeps to itself: the paper does not say.
        nobody = nearer.sum(-1) == 0
        nearer[nobody, nobody.nonzero().flatten()] = 1
        matrices.append(nearer / nearer.sum(-1, keepdim=True))
    return matrices


def alti_logit(explained: Explained, matrices: list[Tensor]) -> dict[str, Any]:
    """Ferrando et al. 2023: Σ_l Δ^l M^{l−1}; the MLP's part of layer l is at the predicting place and mixed by M^l."""
    direct = direct_logit(explained)
    rows = direct.rows.clone()
    mixed = torch.eye(len(explained.ids), dtype=rows.dtype)
    for layer, matrix in enumerate(matrices):
        rows[1 + 2 * layer] = direct.rows[1 + 2 * layer] @ mixed
        mixed = matrix @ mixed
        rows[2 + 2 * layer] = direct.rows[2 + 2 * layer] @ mixed
    return {"rows": rows.flatten().tolist(), "rest": direct.rest}


def relevance(explained: Explained) -> Tensor:
    """Chefer, Gur and Wolf 2021: R ← R + Ā R from the identity, the first layer first; the last row of R − I."""
    embeddings = explained.embeddings()[None].clone().requires_grad_()
    output = explained.model(inputs_embeds=embeddings, output_attentions=True, use_cache=False)
    slopes = torch.autograd.grad(explained.of_logits(output.logits[:, explained.row])[0], output.attentions)
    identity = torch.eye(len(explained.ids), dtype=embeddings.dtype)
    relevant = identity
    for weights, slope in zip(output.attentions, slopes, strict=True):
        relevant = relevant + (weights * slope).clamp(min=0)[0].mean(0).detach() @ relevant
    return (relevant - identity)[-1]


def rollout(attentions: Tensor) -> Tensor:
    """Abnar and Zuidema 2020: the last row of the product of ½ A + ½ I. `[L, n, n]` → `[n]`."""
    identity = torch.eye(attentions.shape[-1], dtype=attentions.dtype)
    product = identity
    for layer in attentions:
        product = (layer + identity) / 2 @ product
    return product[-1]


def value_zeroing(model: GPT2LMHeadModel, ids: list[int]) -> Tensor:
    """Mohebbi et al. 2023: 1 − cos of a block's output without one token's values; rows sum to 1; followed down."""
    result = forward(model, ids)
    n = len(ids)
    product = torch.eye(n, dtype=result.residuals.dtype)
    for layer, block in enumerate(model.transformer.h):
        x = result.residuals[layer][None]
        with torch.no_grad():
            whole = block(x)[0]
            columns = []
            for source in range(n):

                def silence(_module: torch.nn.Module, _inputs: Any, output: Tensor, at: int = source) -> Tensor:
                    changed = output.clone()
                    changed[:, at, 2 * model.config.n_embd :] = 0
                    return changed

                hook = block.attn.c_attn.register_forward_hook(silence)
                try:
                    without = block(x)[0]
                finally:
                    hook.remove()
                cosine = torch.nn.functional.cosine_similarity(whole, without, dim=-1)
                columns.append((1 - cosine).reshape(n))
        moved = torch.stack(columns, -1)
        if moved.triu(1).abs().max() > 1e-12:
            raise ValueError("a token moved without a value that it does not see")
        moved = moved.tril()
        product = moved / moved.sum(-1, keepdim=True) @ product
    return product[-1]


# (text, how many of its tokens, BOS, explained tokens, objective)
Plan = tuple[str, int | None, bool, tuple[int, int], Objective]

RANDOM_PLANS: tuple[Plan, ...] = (
    (SHORT_TEXT, 7, False, (0, 7), "contrast"),
    (SHORT_TEXT, 5, True, (0, 5), "logit"),
    (SHORT_TEXT, 7, True, (2, 6), "contrast"),
)
BUNDLED_PLANS: tuple[Plan, ...] = (
    (SENTENCE, None, False, (0, 12), "contrast"),
    (SENTENCE, None, True, (3, 9), "logit"),
)


def cases(model: Any, tokenizer: ReferenceTokenizer, plans: tuple[Plan, ...]) -> list[dict[str, Any]]:
    made = []
    for text, count, bos, span, objective in plans:
        cut = text if count is None else tokenizer.cut(text, count)
        ids = [tokenizer.end_of_text] * bos + tokenizer.encode(cut)
        result = forward(model, ids)
        target, foil = result.logits[-1].argsort(descending=True).tolist()[:2]
        explained = Explained(model, ids, len(ids) - 1, target, foil, objective)
        matrices = contributions(model, ids)
        means = result.attentions.mean(1)
        made.append(
            {
                **{"text": cut, "bos": bos, "range": list(span), "target": target, "foil": foil},
                **{"objective": objective, "tokens": len(ids)},
                "altiLogit": alti_logit(explained, matrices),
                "attention": means.mean(0)[-1].tolist(),
                "rollout": rollout(means).tolist(),
                "attentionXGradient": relevance(explained).tolist(),
                "valueZeroing": value_zeroing(model, ids).tolist(),
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
        golden = {**header(folder, ["routes.py"]), "cases": cases(model, tokenizer, plans)}
        size = write(GOLDEN / name / "routes.json", golden)
        print(f"{name}: routes, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

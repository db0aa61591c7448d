"""
Direct logit attribution by head and MLP, in float64: components.json.

    python components.py                                    golden/NAME/components.json of every random checkpoint
    python components.py --bundled models/tiny-gpt2         that of the bundled model

Here a head's output is what enters the output projection, taken by a hook, times the head's rows of that projection; all
of them are pushed through the final layer norm with its deviation held. The engine never forms a head's output.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

from attribution import Explained, Objective
from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from plans import SENTENCE, SHORT_TEXT
from tokens import ReferenceTokenizer


def components(explained: Explained) -> dict[str, Any]:
    """@raises ValueError where the parts and the biases do not sum up to f(x)"""
    model: GPT2LMHeadModel = explained.model
    config, norm, row = model.config, model.transformer.ln_f, explained.row
    seen: dict[str, Tensor] = {}

    def before(name: str) -> Any:
        return lambda _module, inputs: seen.__setitem__(name, inputs[0][0, row])

    def after(name: str) -> Any:
        return lambda _module, _inputs, output: seen.__setitem__(name, output[0, row])

    hooks = [model.transformer.drop.register_forward_hook(after("embedding"))]
    hooks.append(norm.register_forward_pre_hook(before("last")))
    for layer, block in enumerate(model.transformer.h):
        hooks.append(block.attn.c_proj.register_forward_pre_hook(before(f"heads {layer}")))
        hooks.append(block.mlp.register_forward_hook(after(f"mlp {layer}")))
    try:
        with torch.no_grad():
            logits = model(torch.tensor([explained.ids]), use_cache=False).logits[:, row]
    finally:
        for hook in hooks:
            hook.remove()

    unembedding = model.lm_head.weight
    direction = unembedding[explained.target].clone()
    if explained.objective == "contrast":
        direction -= unembedding[explained.foil]
    last = seen["last"]
    deviation = ((last - last.mean()).square().mean() + norm.eps).sqrt()

    def direct(part: Tensor) -> Tensor:
        return ((part - part.mean()) / deviation * norm.weight) @ direction

    heads = torch.zeros(config.n_layer, config.n_head)
    mlps = torch.zeros(config.n_layer)
    biases = norm.bias @ direction
    for layer, block in enumerate(model.transformer.h):
        weight = block.attn.c_proj.weight
        for head, (given, own) in enumerate(
            zip(seen[f"heads {layer}"].chunk(config.n_head), weight.chunk(config.n_head), strict=True)
        ):
            heads[layer, head] = direct(given @ own)
        mlps[layer] = direct(seen[f"mlp {layer}"])
        biases = biases + direct(block.attn.c_proj.bias)
    embedding = direct(seen["embedding"])
    value = explained.of_logits(logits)[0]
    missed = embedding + heads.sum() + mlps.sum() + biases - value
    if missed.abs() > 1e-12 * (heads.abs().sum() + mlps.abs().sum() + value.abs()):
        raise ValueError(f"the parts miss f(x) by {missed:.1e}")
    return {
        "embedding": embedding.item(),
        "heads": heads.flatten().tolist(),
        "mlps": mlps.tolist(),
        "biases": biases.item(),
        "value": value.item(),
    }


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
        target, foil = forward(model, ids).logits[-1].argsort(descending=True).tolist()[:2]
        explained = Explained(model, ids, len(ids) - 1, target, foil, objective)
        made.append(
            {
                **{"text": cut, "bos": bos, "range": list(span), "target": target, "foil": foil},
                "objective": objective,
                **components(explained),
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
    torch.set_default_dtype(torch.float64)
    folders = {spec.name: GOLDEN / spec.name for spec in CHECKPOINTS}
    if arguments.bundled:
        folders = {"bundled": arguments.bundled}
    for name, folder in folders.items():
        model = load_model(folder)
        tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
        plans = BUNDLED_PLANS if arguments.bundled else RANDOM_PLANS
        golden = {**header(folder, ["components.py"]), "cases": cases(model, tokenizer, plans)}
        size = write(GOLDEN / name / "components.json", golden)
        print(f"{name}: components, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

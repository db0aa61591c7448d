"""
Context length probing in float64: contextprobe.json.

    python contextprobe.py                                    golden/NAME/contextprobe.json of every random checkpoint
    python contextprobe.py --bundled models/tiny-gpt2         that of the bundled model

Every window is given to transformers as a text of its own, and the divergences are PyTorch's.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import kl_div

from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, load_model
from plans import SENTENCE, SHORT_TEXT
from tokens import ReferenceTokenizer

# (text, how many of its tokens, BOS, tokens that windows begin with, the predicted token; null: what comes after)
Plan = tuple[str, int | None, bool, tuple[int, int], int | None]

RANDOM_PLANS: tuple[Plan, ...] = (
    (SHORT_TEXT, 7, False, (0, 7), None),
    (SHORT_TEXT, 7, True, (1, 5), None),
    (SHORT_TEXT, 7, True, (0, 7), 5),
)
BUNDLED_PLANS: tuple[Plan, ...] = (
    (SENTENCE, None, False, (0, 12), None),
    (SENTENCE, None, True, (2, 12), 9),
)


def divergence(p: Tensor, q: Tensor) -> float:
    """D_KL(p ‖ q) of log-probabilities. PyTorch's `kl_div` takes them the other way round."""
    return kl_div(q, p, reduction="sum", log_target=True).item()


def cases(model: Any, tokenizer: ReferenceTokenizer, plans: tuple[Plan, ...]) -> list[dict[str, Any]]:
    made = []
    for text, count, bos, span, at in plans:
        cut = text if count is None else tokenizer.cut(text, count)
        ids = tokenizer.encode(cut)
        end = len(ids) if at is None else at
        lead = [tokenizer.end_of_text] * bos

        def predict(start: int, lead: list[int] = lead, ids: list[int] = ids, end: int = end) -> Tensor | None:
            window = lead + ids[start:end]
            if not window:
                return None
            with torch.no_grad():
                return model(torch.tensor([window])).logits[0, -1].log_softmax(-1)

        first, last = span[0], min(span[1], end)
        predictions = [predict(start) for start in range(first, last + 1)]
        longest = predictions[0]
        target = int(longest.argmax()) if at is None else ids[at]
        pairs = list(zip(predictions[:-1], predictions[1:], strict=True))
        made.append(
            {
                **{"text": cut, "bos": bos, "range": list(span), "at": at, "target": target},
                "logProbs": [own[target].item() for own, _ in pairs],
                "divergences": [divergence(longest, own) for own, _ in pairs],
                "steps": [None if other is None else divergence(own, other) for own, other in pairs],
                "importances": [
                    None if other is None else divergence(longest, other) - divergence(longest, own)
                    for own, other in pairs
                ],
                "gains": [None if other is None else (own - other)[target].item() for own, other in pairs],
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
        golden = {**header(folder, ["contextprobe.py"]), "cases": cases(model, tokenizer, plans)}
        size = write(GOLDEN / name / "contextprobe.json", golden)
        print(f"{name}: contextprobe, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

"""
Surprisal of words by Pimentel & Meister 2024, from Hugging Face's logits in float64.

    python words.py                                    golden/NAME/words.json of every random checkpoint
    python words.py --bundled models/tiny-gpt2         that of the bundled model

Words are found in the text, not in the tokens: white space, then what is not white space. The masked sums are taken over
probabilities.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import torch

from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from tokens import ReferenceTokenizer

# Unicode's property White_Space.
SPACES = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WORD = re.compile(f"[{SPACES}]*[^{SPACES}]+")

TEXTS: tuple[str, ...] = (
    "The keys to the cabinet",
    " it's  the lazy dog ",
    "if n:\n    the",
    "模型 is\n\n",
)


def word_ends(model: Any, tokenizer: ReferenceTokenizer) -> torch.Tensor:
    """`[V]`: whether the token's first character is white space; also `<|endoftext|>`."""
    space = re.compile(f"[{SPACES}]")
    named = tokenizer.tokenizer.get_vocab_size()
    return torch.tensor(
        [
            id == tokenizer.end_of_text
            or (id < named and space.match(tokenizer.bytes_of(id).decode("utf-8", "replace")) is not None)
            for id in range(model.config.vocab_size)
        ]
    )


def case(model: Any, tokenizer: ReferenceTokenizer, text: str, bos: bool) -> dict[str, Any]:
    ids = [tokenizer.end_of_text] * bos + tokenizer.encode(text)
    probabilities = forward(model, ids).logits.softmax(-1)
    ends = probabilities[:, word_ends(model, tokenizer)].sum(-1).log()
    tokens = tokenizer.tokenization(text)["tokens"]

    def before(token: int) -> int:
        """The row that predicts a token of the text; −1 if none does."""
        return token - 1 + bos

    words = []
    for found in WORD.finditer(text):
        start, end = (len(text[:at].encode("utf-16-le")) // 2 for at in found.span())
        # A token that only continues a character lies where the character ends.
        own = [
            k
            for k, token in enumerate(tokens)
            if start <= token["start"] < token["end"] <= end or start < token["start"] == token["end"] <= end
        ]
        first, last = own[0], own[-1]
        if tokens[first]["start"] != start or tokens[last]["end"] != end:
            raise ValueError(f"tokens of {text!r} do not begin and end with {found[0]!r}")
        log_prob = None
        if before(first) >= 0:
            chances = [probabilities[before(k), tokens[k]["id"]].log().item() for k in own]
            begin = 0.0 if start == 0 else ends[before(first)].item()
            log_prob = sum(chances) - begin + ends[before(last + 1)].item()
        words.append({"text": found[0], "start": start, "end": end, "logProb": log_prob})
    return {
        **{"text": text, "bos": bos, "words": words},
        "wordEnds": [ends[before(k)].item() if before(k) >= 0 else None for k in range(len(tokens) + 1)],
    }


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
        room = model.config.n_positions - 1
        texts = [text for text in TEXTS if len(tokenizer.encode(text)) <= room]
        if not texts:
            raise ValueError(f"no text fits into the context of {name}")
        made = [case(model, tokenizer, text, bos) for text in texts for bos in (False, True)]
        size = write(GOLDEN / name / "words.json", {**header(folder, ["words.py"]), "cases": made})
        print(f"{name}: words, {len(made)} cases, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

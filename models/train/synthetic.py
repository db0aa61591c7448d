"""Write the synthetic part of the training text: short documents of the kinds in `kinds/`.

Real documentation rarely says what a person would try first (a story, a capital, a name that comes back, a question
about the text before, an open bracket), so a part of the training text is made here. Everything follows from --seed.
The names in `facts.HELDOUT_NAMES` never occur: the name-repetition test uses them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Callable

import facts
from kinds.agreement import agreement
from kinds.chinese import chinese
from kinds.dialogues import dialogue
from kinds.functions import python_function
from kinds.grammar import Rng
from kinds.knowledge import capitals, common_facts
from kinds.names import name_text
from kinds.questions import question_text
from kinds.reviews import review
from kinds.stories import story
from kinds.structure import brackets, records, repetition
from kinds.summaries import summary

#: Shares of bytes, not of documents.
FAMILIES: tuple[tuple[Callable[[Rng], str], float], ...] = (
    (story, 0.29), (dialogue, 0.09), (question_text, 0.11), (name_text, 0.12), (summary, 0.05), (review, 0.05), (agreement, 0.05), (capitals, 0.05), (common_facts, 0.05),
    (brackets, 0.025), (records, 0.025), (repetition, 0.015), (python_function, 0.03), (chinese, 0.045),
)
_HELDOUT = re.compile(r"\b(" + "|".join(facts.HELDOUT_NAMES) + r")\b")


def documents(seed: int, size: int) -> list[str]:
    """About `size` bytes of documents, none twice."""
    r = Rng(seed)
    out: dict[str, None] = {}
    for family, share in FAMILIES:
        written = 0
        while written < share * size:
            # One to three small texts to a document: a name test must not be a position test.
            text = "\n\n".join(family(r) for _ in range(r.randint(1, 3))) + "\n"
            assert not _HELDOUT.search(text), text
            if text not in out:
                out[text] = None
            written += len(text.encode())
    found = list(out)
    r.shuffle(found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of corpus.py")
    parser.add_argument("--bytes", type=int, default=70_000_000, help="size of the training part")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    (args.work / "text").mkdir(parents=True, exist_ok=True)
    train = documents(args.seed, args.bytes)
    known = set(train)
    heldout = [d for d in documents(args.seed + 1, 400_000) if d not in known]
    for split, docs in (("train", train), ("heldout", heldout)):
        with (args.work / "text" / f"synthetic.{split}.jsonl").open("w", encoding="utf-8") as file:
            for text in docs:
                file.write(json.dumps({"id": "", "source": "synthetic", "text": text}, ensure_ascii=False) + "\n")
        print(split, len(docs), "documents", sum(len(d.encode()) for d in docs), "bytes")


if __name__ == "__main__":
    main()

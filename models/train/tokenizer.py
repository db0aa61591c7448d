"""Train the byte-level BPE vocabulary and encode the corpus.

The pre-tokenizer is GPT-2's own (the same regular expression and byte alphabet); the merges are ours, learned from the
training text, because 4,096 entries must cover code and documentation. Ids: 256 bytes, then merges, `<|endoftext|>` last.
Writes WORK/tokenizer.json and WORK/tokens/<kind>.<split>.npy (uint16, documents separated by `<|endoftext|>`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from facts import WHOLE_WORDS

END = "<|endoftext|>"
KINDS = ("prose", "python", "typescript", "markdown", "json", "synthetic")
#: Bytes per kind that the merges are learned from.
SAMPLE = {"prose": 18_000_000, "python": 9_000_000, "typescript": 5_000_000, "markdown": 2_000_000, "json": 500_000, "synthetic": 4_000_000}
#: Bytes per kind that are encoded: about what a training run of some hours can read once.
ENCODE = {"prose": 40_000_000, "python": 30_000_000, "typescript": 20_000_000}


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


def train_tokenizer(work: Path, vocabulary: int) -> Tokenizer:
    sample: list[str] = []
    for kind in KINDS:
        sample += texts(work, kind, "train", SAMPLE[kind])
    sample += [" " + " ".join(WHOLE_WORDS)] * 6000
    byte_bpe = Tokenizer(models.BPE())
    byte_bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - 1, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[], min_frequency=10, max_token_length=24
    )
    byte_bpe.train_from_iterator(sample, trainer)
    learned = json.loads(byte_bpe.to_str())["model"]
    vocab: dict[str, int] = learned["vocab"]
    vocab[END] = len(vocab)
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in learned["merges"]]
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
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--reuse", action="store_true", help="keep WORK/tokenizer.json and only encode")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="encode only these")
    args = parser.parse_args()
    path = args.work / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(path)) if args.reuse else train_tokenizer(args.work, args.vocabulary)
    tokenizer.save(str(path))
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

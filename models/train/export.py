"""Write the bundle from a checkpoint: config.json, model.safetensors (float16) and tokenizer.json, each file whole or not at all.

Checks on the way: the file loads into transformers' GPT2LMHeadModel with no key left over, its logits are those of the
training model with the same rounded weights, and greedy generation runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

from model import GPT2, Config, from_hugging_face, hugging_face_config, hugging_face_tensors

PROBE = "The capital of France is Paris.\n\ndef fibonacci(n):\n    if n <= 1:\n        return n\n"


def verify(folder: Path, config: Config) -> float:
    """Largest difference of the logits between transformers and the training model on a probe text."""
    theirs, report = GPT2LMHeadModel.from_pretrained(folder, torch_dtype=torch.float32, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"], report
    ours = from_hugging_face(load_file(folder / "model.safetensors"), config)
    ids = torch.tensor([Tokenizer.from_file(str(folder / "tokenizer.json")).encode(PROBE).ids])
    with torch.no_grad():
        difference = float((theirs.eval()(ids).logits - ours(ids)).abs().max())
        generated = theirs.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=8, do_sample=False)
    assert difference < 1e-3, difference
    assert generated.shape[1] > ids.shape[1]
    return difference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of train.py")
    parser.add_argument("--run", default="run")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "tiny-gpt2")
    args = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(args.work / args.run / "checkpoint.pt", weights_only=False, map_location="cpu")
    state = saved["model"]
    config = Config(**saved["config"])
    model = GPT2(config)
    model.load_state_dict(state)
    args.out.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the renames below stay on one file system.
    with tempfile.TemporaryDirectory(dir=args.out.parent, prefix=".export-") as name:
        staging = Path(name)
        save_file(hugging_face_tensors(model), staging / "model.safetensors", metadata={"format": "pt"})
        (staging / "config.json").write_text(json.dumps(hugging_face_config(config), indent=2) + "\n")
        shutil.copyfile(args.work / "tokenizer.json", staging / "tokenizer.json")
        difference = verify(staging, config)
        for file in ("tokenizer.json", "config.json", "model.safetensors"):
            os.chmod(staging / file, 0o644)
            os.replace(staging / file, args.out / file)
    print(json.dumps({"step": saved["progress"]["step"], "tokens": saved["progress"]["tokens"], "logit_difference": difference}))


if __name__ == "__main__":
    main()

"""Small random GPT-2 checkpoints of odd shapes, written the way Hugging Face folders look in the wild."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPT2Config, GPT2LMHeadModel

END_OF_TEXT = "<|endoftext|>"

# What the tokenizers learn their merges from: enough English, code and Chinese for a few hundred merges.
TRAINING_TEXT = [
    "The quick brown fox jumps over the lazy dog, and then the dog sleeps in the sun.",
    "The capital of France is Paris, the capital of Italy is Rome.",
    "When Mary and John went to the shop, John gave the bag to Mary.",
    "The keys to the cabinet are on the table; the key to the door is not.",
    "def fibonacci(n):\n    if n < 2:\n        return n\n    return fibonacci(n - 1) + fibonacci(n - 2)\n",
    "for (const token of tokens) {\n  console.log(token.text, token.score);\n}\n",
    "模型为什么这样预测？因为前面的词元。模型看到了前面的词元。",
    "It's what they're asking: isn't that what we've said, and what I'd do?",
]


@dataclass(frozen=True)
class RandomCheckpoint:
    """How to make one checkpoint: its shape, its storage and the traps that its folder holds."""

    name: str
    seed: int
    layers: int
    heads: int
    width: int
    vocabulary: int
    positions: int
    activation: str = "gelu_new"
    inner: int | None = None
    tied: bool = True
    epsilon: float = 1e-5
    scale_attention: bool = True
    inverse_layer_scale: bool = False
    dtype: torch.dtype = torch.float32
    weight_std: float = 0.3
    # `transformer.` before every name but lm_head, as `save_pretrained` writes.
    prefix: bool = False
    # The causal mask saved as `h.N.attn.bias`, as in the original gpt2 file.
    mask_buffers: bool = False
    # The special token has the id 0, as `tokenizers` trains it, and not the last one, as in GPT-2.
    end_of_text_first: bool = False
    # `vocab.json` and `merges.txt`, no `tokenizer.json`.
    two_file_tokenizer: bool = False
    # Merges in tokenizer.json as "a b" (before tokenizers 0.20) and not as ["a", "b"].
    old_merges: bool = False

    @property
    def end_of_text(self) -> int:
        return 0 if self.end_of_text_first else self.vocabulary - 1

    def config(self) -> GPT2Config:
        return GPT2Config(
            architectures=["GPT2LMHeadModel"],
            vocab_size=self.vocabulary,
            n_positions=self.positions,
            n_embd=self.width,
            n_layer=self.layers,
            n_head=self.heads,
            n_inner=self.inner,
            activation_function=self.activation,
            layer_norm_epsilon=self.epsilon,
            scale_attn_weights=self.scale_attention,
            scale_attn_by_inverse_layer_idx=self.inverse_layer_scale,
            tie_word_embeddings=self.tied,
            bos_token_id=self.end_of_text,
            eos_token_id=self.end_of_text,
            dtype=self.dtype,
        )


CHECKPOINTS = [
    RandomCheckpoint(
        name="tied-f32", seed=1, layers=3, heads=3, width=24, vocabulary=301, positions=40, mask_buffers=True
    ),
    RandomCheckpoint(
        name="untied-relu",
        seed=2,
        layers=2,
        heads=5,
        width=20,
        vocabulary=277,
        positions=33,
        inner=52,
        activation="relu",
        tied=False,
        scale_attention=False,
        weight_std=0.25,
        prefix=True,
        old_merges=True,
    ),
    RandomCheckpoint(
        name="inverse-f16",
        seed=3,
        layers=4,
        heads=2,
        width=32,
        vocabulary=330,
        positions=37,
        activation="gelu",
        inverse_layer_scale=True,
        dtype=torch.float16,
        end_of_text_first=True,
    ),
    RandomCheckpoint(
        name="prefix-bf16",
        seed=4,
        layers=2,
        heads=4,
        width=28,
        vocabulary=290,
        positions=45,
        epsilon=1e-3,
        dtype=torch.bfloat16,
        weight_std=0.2,
        prefix=True,
    ),
    RandomCheckpoint(
        name="one-head",
        seed=5,
        layers=1,
        heads=1,
        width=8,
        vocabulary=263,
        positions=19,
        weight_std=0.4,
        two_file_tokenizer=True,
    ),
]


def write_checkpoint(spec: RandomCheckpoint, folder: Path) -> None:
    """Writes config.json, model.safetensors and the tokenizer into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    spec.config().save_pretrained(folder)
    save_file(_tensors(spec), folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(spec, folder)


def _tensors(spec: RandomCheckpoint) -> dict[str, torch.Tensor]:
    """Random weights large enough that attention, MLP, biases and norms all matter."""
    generator = torch.Generator().manual_seed(spec.seed)
    state = GPT2LMHeadModel(spec.config()).state_dict()
    tensors: dict[str, torch.Tensor] = {}
    for name in sorted(state):
        if name == "lm_head.weight" and spec.tied:
            continue
        noise = torch.randn(state[name].shape, generator=generator)
        stored = name if spec.prefix else name.removeprefix("transformer.")
        tensors[stored] = _scaled(name, noise, spec.weight_std).to(spec.dtype).contiguous()
    if spec.mask_buffers:
        mask = torch.ones(spec.positions, spec.positions).tril()[None, None]
        tensors |= {f"h.{layer}.attn.bias": mask.clone() for layer in range(spec.layers)}
    return tensors


def _scaled(name: str, noise: torch.Tensor, weight_std: float) -> torch.Tensor:
    if ".ln_" in name and name.endswith("weight"):
        return 1 + 0.3 * noise
    if name.endswith(("wte.weight", "wpe.weight", "lm_head.weight")):
        return 0.5 * noise
    return weight_std * noise


def _write_tokenizer(spec: RandomCheckpoint, folder: Path) -> None:
    """A byte-level BPE like GPT-2's, with exactly `spec.vocabulary` entries including `<|endoftext|>`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=spec.vocabulary - 1,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TRAINING_TEXT, trainer)
    content = json.loads(tokenizer.to_str())
    learned: dict[str, int] = content["model"]["vocab"]
    shift = 1 if spec.end_of_text_first else 0
    vocabulary = {END_OF_TEXT: spec.end_of_text} | {token: id + shift for token, id in learned.items()}
    if len(vocabulary) != spec.vocabulary:
        raise ValueError(f"{spec.name}: the training text gives only {len(vocabulary)} tokens")
    vocabulary = dict(sorted(vocabulary.items(), key=lambda entry: entry[1]))
    merges = [" ".join(pair) for pair in content["model"]["merges"]]
    if spec.two_file_tokenizer:
        _write_json(folder / "vocab.json", vocabulary)
        (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")
        return
    content["model"]["vocab"] = vocabulary
    if spec.old_merges:
        content["model"]["merges"] = merges
    content["added_tokens"] = [
        {
            "id": spec.end_of_text,
            "content": END_OF_TEXT,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": True,
            "special": True,
        }
    ]
    _write_json(folder / "tokenizer.json", content)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

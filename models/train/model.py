"""GPT-2 in plain PyTorch, as small as it can be written, and its export under Hugging Face's names."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Config:
    vocab_size: int = 8192
    n_positions: int = 512
    n_embd: int = 224
    n_layer: int = 7
    n_head: int = 7


def has_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16 itself; elsewhere PyTorch imitates it, many times slower than float32."""
    return bool(torch.backends.mkldnn.is_available() and (torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()))


def causal_attention(q: Tensor, k: Tensor, v: Tensor, rows: int = 128) -> Tensor:
    """softmax(q k' / sqrt(d)) v, some rows at a time, so that most of what the mask hides is never computed.

    On a CPU in bfloat16 this takes 0.56 of the time of `scaled_dot_product_attention` (forward and backward, 512 tokens,
    heads of 32).
    """
    if q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    out: list[Tensor] = []
    q = q * q.shape[-1] ** -0.5
    for i in range(0, q.shape[2], rows):
        end = min(i + rows, q.shape[2])
        scores = q[:, :, i:end] @ k[:, :, :end].transpose(-1, -2)
        hidden = torch.full((end - i, end), float("-inf"), dtype=scores.dtype, device=q.device).triu(i + 1)
        out.append(torch.softmax(scores + hidden, -1, dtype=scores.dtype) @ v[:, :, :end])
    return torch.cat(out, 2)


class Attention(nn.Module):
    def __init__(self, c: Config) -> None:
        super().__init__()
        self.heads = c.n_head
        self.c_attn = nn.Linear(c.n_embd, 3 * c.n_embd)
        self.c_proj = nn.Linear(c.n_embd, c.n_embd)

    def forward(self, x: Tensor) -> Tensor:
        b, t, c = x.shape
        q, k, v = (h.view(b, t, self.heads, c // self.heads).transpose(1, 2) for h in self.c_attn(x).split(c, dim=2))
        y = causal_attention(q, k, v)
        return self.c_proj(y.transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self, c: Config) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(c.n_embd)
        self.attn = Attention(c)
        self.ln_2 = nn.LayerNorm(c.n_embd)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(c.n_embd, 4 * c.n_embd), "c_proj": nn.Linear(4 * c.n_embd, c.n_embd)})

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp["c_proj"](F.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh"))


def sinusoids(positions: int, width: int, norm: float = 1.6) -> Tensor:
    """Where the position embeddings start: sines and cosines with periods of 3 to 1,500 tokens, in random directions.

    They are learned like everything else; but from noise the few tokens of a small run do not teach 512 rows that
    neighbours are neighbours, and heads that look at the token before (which everything else needs) never form.
    """
    generator = torch.Generator().manual_seed(0)
    periods = 3.0 * 500.0 ** torch.linspace(0, 1, width // 6)
    angles = torch.arange(positions)[:, None] * (2 * torch.pi / periods)
    features = torch.cat([angles.sin(), angles.cos()], 1)
    directions = torch.linalg.qr(torch.randn(width, features.shape[1], generator=generator)).Q
    return features @ directions.T * (norm / len(periods) ** 0.5)


class GPT2(nn.Module):
    def __init__(self, c: Config) -> None:
        super().__init__()
        self.config = c
        self.wte = nn.Embedding(c.vocab_size, c.n_embd)
        self.wpe = nn.Embedding(c.n_positions, c.n_embd)
        self.h = nn.ModuleList(Block(c) for _ in range(c.n_layer))
        self.ln_f = nn.LayerNorm(c.n_embd)
        for name, p in self.named_parameters():
            if name.endswith("c_proj.weight"):
                nn.init.normal_(p, std=0.02 / (2 * c.n_layer) ** 0.5)
            elif name.endswith("wpe.weight"):
                p.data.copy_(sinusoids(*p.shape))
            elif p.dim() == 2:
                nn.init.normal_(p, std=0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def forward(self, ids: Tensor, targets: Tensor | None = None) -> Tensor:
        """Logits, or with targets the mean loss in nats (targets of -100 are left out)."""
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1], device=ids.device))
        for block in self.h:
            x = block(x)
        logits = F.linear(self.ln_f(x), self.wte.weight)
        if targets is None:
            return logits
        return F.cross_entropy(logits.float().view(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=-100)


def hugging_face_config(c: Config) -> dict[str, object]:
    end = c.vocab_size - 1
    return {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new", **asdict(c), "n_ctx": c.n_positions, "n_inner": None,
        "layer_norm_epsilon": 1e-5, "attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0, "initializer_range": 0.02, "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False, "reorder_and_upcast_attn": False, "tie_word_embeddings": True, "use_cache": True,
        "bos_token_id": end, "eos_token_id": end, "torch_dtype": "float16",
    }


def hugging_face_tensors(model: GPT2) -> dict[str, Tensor]:
    """float16 weights under GPT2LMHeadModel's names; its Conv1D keeps weights as [in, out], so ours are transposed."""
    tensors: dict[str, Tensor] = {}
    for name, p in model.state_dict().items():
        is_linear = p.dim() == 2 and name.startswith("h.")
        tensors[f"transformer.{name}"] = (p.t() if is_linear else p).detach().to(torch.float16).contiguous()
    return tensors


def from_hugging_face(tensors: dict[str, Tensor], c: Config) -> GPT2:
    """The training model again, from exported tensors (what evaluate.py measures)."""
    model = GPT2(c)
    state = {n.removeprefix("transformer."): t.float() for n, t in tensors.items()}
    model.load_state_dict({n: t.t() if t.dim() == 2 and n.startswith("h.") else t for n, t in state.items()})
    return model.eval()

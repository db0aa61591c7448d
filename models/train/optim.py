"""Muon for the hidden matrices and AdamW for the rest, shared out between the training processes.

Every process updates only its own share of the parameters; the parameters and Muon's momenta lie in shared memory.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from model import GPT2, has_bfloat16


def orthogonalize(g: Tensor) -> Tensor:
    """Newton-Schulz iteration (5 steps) on a stack of matrices: singular values go to about 1."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (g.norm(dim=(1, 2), keepdim=True) + 1e-7)
    x = x.bfloat16() if g.is_cuda or has_bfloat16() else x
    tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2) if tall else x
    for _ in range(5):
        s = x @ x.transpose(1, 2)
        x = a * x + (b * s + c * s @ s) @ x
    return (x.transpose(1, 2) if tall else x).float()


def hidden(name: str, p: Tensor) -> bool:
    return p.dim() == 2 and name.startswith("h.")


class Muon:
    """Momentum, then orthogonalization, on stacks of equal shape; the fused query, key and value count as three."""

    def __init__(self, params: list[nn.Parameter], lr: float, momentum: float = 0.95, decay: float = 0.02) -> None:
        self.params, self.lr, self.momentum, self.decay = params, lr, momentum, decay
        self.buffers = [torch.zeros_like(p.data).share_memory_() for p in params]

    @torch.no_grad()
    def step(self, scale: float, rank: int, world: int) -> None:
        groups: dict[tuple[int, int], list[tuple[Tensor, Tensor]]] = {}
        for p, buffer in list(zip(self.params, self.buffers, strict=True))[rank::world]:
            assert p.grad is not None
            buffer.lerp_(p.grad, 1 - self.momentum)
            update = p.grad.lerp(buffer, self.momentum)
            parts = 3 if p.shape[0] == 3 * p.shape[1] else 1
            for piece, u in zip(p.data.chunk(parts), update.chunk(parts), strict=True):
                groups.setdefault((u.shape[0], u.shape[1]), []).append((piece, u))
        lr = self.lr * scale
        for (rows, columns), members in groups.items():
            stack = orthogonalize(torch.stack([u for _, u in members]))
            size = max(1.0, rows / columns) ** 0.5
            for (piece, _), u in zip(members, stack, strict=True):
                piece.mul_(1 - lr * self.decay).add_(u, alpha=-lr * size)


class Optimizers:
    """Muon on every process; AdamW, which is cheap, on the first."""

    def __init__(self, model: GPT2, muon_lr: float, adam_lr: float) -> None:
        named = list(model.named_parameters())
        # Interleaved by shape, so that the processes get equal work.
        self.muon = Muon(sorted((p for n, p in named if hidden(n, p)), key=lambda p: tuple(p.shape)), muon_lr)
        self.adam_lr = adam_lr
        self.adam = torch.optim.AdamW([p for n, p in named if not hidden(n, p)], lr=adam_lr, betas=(0.9, 0.95), eps=1e-10, weight_decay=0.0)

    def step(self, scale: float, rank: int, world: int) -> None:
        if rank == 0:
            for group in self.adam.param_groups:
                group["lr"] = self.adam_lr * scale
            self.adam.step()
        self.muon.step(scale, rank, world)

    def state_dict(self) -> dict[str, object]:
        return {"adam": self.adam.state_dict(), "muon": self.muon.buffers}

    def load_state_dict(self, state: dict[str, object]) -> None:
        self.adam.load_state_dict(state["adam"])  # type: ignore[arg-type]
        for ours, saved in zip(self.muon.buffers, state["muon"], strict=True):  # type: ignore[call-overload]
            ours.copy_(saved)

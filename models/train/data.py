"""The training mix and the plan of what is read when.

The plan is a function of the seed, the step and how often each kind was read, so a run that is resumed reads on where
it stopped, and every process of a run can follow the same plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

#: Shares of the training sequences; "repeat" is a random token sequence said again and again, made on the fly.
MIX = {"prose": 0.36, "python": 0.20, "typescript": 0.07, "markdown": 0.03, "json": 0.01, "chinese": 0.01, "synthetic": 0.28, "repeat": 0.04}
#: While the learning rate falls, the text that first tries will resemble gets a larger share.
DECAY_MIX = {"prose": 0.29, "python": 0.17, "typescript": 0.06, "markdown": 0.02, "json": 0.01, "chinese": 0.01, "synthetic": 0.41, "repeat": 0.03}
KINDS = tuple(MIX)


@dataclass(frozen=True)
class Row:
    """One sequence of the plan: where it begins, or for "repeat" the seed that it is made from."""

    kind: str
    start: int
    seed: tuple[int, ...]


@dataclass
class Reader:
    """Every kind is walked in shuffled windows without replacement, an epoch at a time."""

    work: Path
    vocabulary: int
    seed: int
    #: kind: (epoch, windows of it that were read); this is what a checkpoint keeps.
    read: dict[str, tuple[int, int]] = field(default_factory=lambda: {k: (0, 0) for k in KINDS if k != "repeat"})

    def __post_init__(self) -> None:
        self.tokens = {k: np.load(self.work / "tokens" / f"{k}.train.npy", mmap_mode="r") for k in KINDS if k != "repeat"}
        self.orders: dict[str, tuple[tuple[int, int], np.ndarray]] = {}

    def order(self, kind: str, epoch: int, length: int) -> np.ndarray:
        """The starts of this epoch's windows; another length begins a new order."""
        if kind not in self.orders or self.orders[kind][0] != (epoch, length):
            rng = np.random.default_rng((self.seed, KINDS.index(kind), epoch, length))
            starts = np.arange(int(rng.integers(length)), len(self.tokens[kind]) - length - 1, length)
            rng.shuffle(starts)
            self.orders[kind] = ((epoch, length), starts)
        return self.orders[kind][1]

    def plan(self, step: int, rows: int, length: int, mix: dict[str, float]) -> list[Row]:
        """The rows of a step, in order; takes them as read."""
        rng = np.random.default_rng((self.seed, step))
        out: list[Row] = []
        for i, kind in enumerate(rng.choice(list(mix), size=rows, p=list(mix.values()))):
            start = 0
            if kind != "repeat":
                epoch, done = self.read[kind]
                if done >= len(self.order(kind, epoch, length)):
                    epoch, done = epoch + 1, 0
                start = int(self.order(kind, epoch, length)[done])
                self.read[kind] = (epoch, done + 1)
            out.append(Row(str(kind), start, (self.seed, step, i)))
        return out

    def ids(self, row: Row, length: int) -> tuple[np.ndarray, int]:
        """The tokens of a row and how many targets at its start carry no loss."""
        rng = np.random.default_rng(row.seed)
        if row.kind == "repeat":
            period = int(math.exp(rng.uniform(math.log(8), math.log(length // 2))))
            return np.resize(rng.integers(0, self.vocabulary - 1, period), length + 1), period - 1  # a first copy is chance
        data, start = self.tokens[row.kind], row.start
        if rng.random() < 0.5:
            # People's texts are read from position 0, with <|endoftext|> before them or without: so is every other window.
            ends = np.flatnonzero(data[start : start + length] == self.vocabulary - 1)
            if len(ends):
                start = min(start + int(ends[0]) + int(rng.integers(2)), len(data) - length - 1)
        return np.asarray(data[start : start + length + 1], dtype=np.int64), 0

    def batch(self, rows: list[Row], length: int) -> tuple[Tensor, Tensor]:
        ids = np.empty((len(rows), length + 1), dtype=np.int64)
        targets = np.empty((len(rows), length), dtype=np.int64)
        for i, row in enumerate(rows):
            ids[i], silent = self.ids(row, length)
            targets[i] = ids[i, 1:]
            targets[i, :silent] = -100
        return torch.from_numpy(ids[:, :-1].copy()), torch.from_numpy(targets)

"""The baseline: an interpolated Kneser-Ney model of order 5 over the same tokens.

A token has 13 bits, so four of them and 12 bits of the oldest fit in one 64-bit key and every table is a sorted array.
The oldest of the five therefore shares its key with one other token; it makes no difference that could be measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ORDER = 5
BITS = 13


def keys(ids: np.ndarray, order: int) -> np.ndarray:
    """The n-gram that ends at each position from order - 1 on, oldest token in the highest bits."""
    out = np.zeros(len(ids) - order + 1, dtype=np.uint64)
    for i in range(order):
        token = ids[i : len(ids) - order + 1 + i].astype(np.uint64)
        out = (out << np.uint64(BITS)) | (token >> np.uint64(1) if order == ORDER and i == 0 else token)
    return out


@dataclass
class Level:
    """One order: n-grams with their counts, contexts with the sum and number of their continuations, the discount."""

    grams: np.ndarray
    counts: np.ndarray
    contexts: np.ndarray
    sums: np.ndarray
    kinds: np.ndarray
    discount: float


def _level(grams: np.ndarray, counts: np.ndarray) -> Level:
    owners = grams >> np.uint64(BITS)
    contexts, starts = np.unique(owners, return_index=True)
    ones, twos = int((counts == 1).sum()), int((counts == 2).sum())
    return Level(grams, counts, contexts, np.add.reduceat(counts, starts), np.diff(np.append(starts, len(grams))), ones / max(1, ones + 2 * twos))


def _find(table: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at = np.minimum(np.searchsorted(table, wanted), len(table) - 1)
    return at, table[at] == wanted


class KneserNey:
    """Highest order by counts, lower orders by the number of distinct left neighbours, every order interpolated."""

    def __init__(self, ids: np.ndarray, vocabulary: int) -> None:
        self.vocabulary = vocabulary
        self.levels: dict[int, Level] = {}
        grams, counts = np.unique(keys(ids, ORDER), return_counts=True)
        self.levels[ORDER] = _level(grams, counts)
        for order in range(ORDER - 1, 0, -1):
            shorter = grams & np.uint64((1 << (BITS * order)) - 1)
            grams, counts = np.unique(shorter, return_counts=True)
            self.levels[order] = _level(grams, counts)

    def probabilities(self, ids: np.ndarray) -> np.ndarray:
        """P(token | the 4 before) for every position from ORDER - 1 on."""
        result = np.full(len(ids) - ORDER + 1, 1.0 / self.vocabulary)
        for order in range(1, ORDER + 1):
            level = self.levels[order]
            wanted = keys(ids, order)[ORDER - order :]
            at, found = _find(level.grams, wanted)
            count = np.where(found, level.counts[at], 0)
            context_at, known = _find(level.contexts, wanted >> np.uint64(BITS))
            total = np.where(known, level.sums[context_at], 1)
            kinds = np.where(known, level.kinds[context_at], 0)
            mixed = np.maximum(count - level.discount, 0) / total + level.discount * kinds / total * result
            result = np.where(known, mixed, result)
        return result

"""
Shapley and Owen values by enumeration in float64, confirmed by SHAP; LIME by the lime package;
segments by scikit-learn's LASSO, used as context_cite 0.0.4 does.

    python masks.py                                    golden/NAME/masks.json of every random checkpoint
    python masks.py --bundled models/tiny-gpt2         that of the bundled model

Needs shap, lime and scikit-learn beside what the other scripts need.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import shap
import torch
from lime.lime_base import LimeBase

from scipy.stats import spearmanr
from sklearn.linear_model import Lasso
from sklearn.metrics import pairwise_distances
from sklearn.preprocessing import StandardScaler

from attribution import Baseline, Explained, Objective
from cases import SequencePlan
from checkpoints import CHECKPOINTS
from make_golden import GOLDEN, header, write
from model import end_of_text, forward, load_model
from removal import by_mask, of_ids, without_tokens
from smoothgrad import Generator
from tokens import ReferenceTokenizer

# Two lines of ASCII, several words, several tokens a word.
LINES = "a key\nto the cabinets"
# Nine lines: too many segments for all coalitions.
NINE = "a\nb\nc\nd\ne\nf\ng\nh\ni"
CODE = "return a\nreturn b\nreturn"

MASKS, SEED = 60, 2**40 + 7

Set = frozenset[int]
# v of a coalition: f without the tokens of the set.
Without = Callable[[Set], float]


def subsets(count: int) -> Iterator[Set]:
    for bits in product((False, True), repeat=count):
        yield frozenset(token for token, chosen in enumerate(bits) if chosen)


def shapley(count: int, values: dict[Set, float]) -> list[float]:
    """Equation 4 of Lundberg and Lee 2017; `values` by who is absent."""
    everybody = frozenset(range(count))
    scores = []
    for player in range(count):
        score = 0.0
        for absent in values:
            if player not in absent:
                continue
            present = count - len(absent)
            weight = math.factorial(present) * math.factorial(count - present - 1) / math.factorial(count)
            score += weight * (values[absent - {player}] - values[absent])
        scores.append(score)
    if abs(sum(scores) - (values[frozenset()] - values[everybody])) > 1e-9:
        raise ValueError("the Shapley values do not sum up")
    return scores


def confirm_by_shap(count: int, values: dict[Set, float], scores: Sequence[float]) -> None:
    """@raises ValueError where SHAP's enumeration or its regression over all coalitions has other values"""

    def model(rows: np.ndarray) -> np.ndarray:
        return np.array([values[frozenset(np.flatnonzero(row == 0).tolist())] for row in rows])

    nothing, everything = np.zeros((1, count)), np.ones((1, count))
    exact = shap.ExactExplainer(model, shap.maskers.Independent(nothing))(everything).values[0]
    kernel = shap.KernelExplainer(model, nothing).shap_values(everything, nsamples=2**count, silent=True, l1_reg=False)
    for name, found in (("ExactExplainer", exact), ("KernelExplainer", np.asarray(kernel)[0])):
        difference = np.abs(found - np.array(scores)).max()
        if difference > 1e-7 * np.abs(scores).max():
            raise ValueError(f"SHAP's {name} differs by {difference:.1e}")


def owen(count: int, values: dict[Set, float], lines: Sequence[int], words: Sequence[int]) -> list[float]:
    """The mean over all orders in which the tokens of a line, and in it those of a word, stay together."""
    scores = [0.0] * count
    orders = list(orders_within(range(count), [lines, words]))
    for order in orders:
        absent = frozenset(range(count))
        for player in order:
            scores[player] += (values[absent - {player}] - values[absent]) / len(orders)
            absent -= {player}
    return scores


def orders_within(items: Sequence[int], levels: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    if not levels:
        yield from map(list, permutations(items))
        return
    parts: dict[int, list[int]] = {}
    for item in items:
        parts.setdefault(levels[0][item], []).append(item)
    for order in permutations(parts.values()):
        for inner in product(*(list(orders_within(part, levels[1:])) for part in order)):
            yield [item for part in inner for item in part]


def some_of(count: int, size: int, generator: Generator) -> list[int]:
    """As the engine draws them: the beginning of a shuffle."""
    items = list(range(count))
    for place in range(size):
        other = place + int(generator.uniform() * (count - place))
        items[place], items[other] = items[other], items[place]
    return items[:size]


def lime(count: int, without: Without, masks: int, seed: int) -> dict[str, Any]:
    """The lime package's regression over the engine's own masks; standard errors by White's formula."""
    generator = Generator(seed)
    data = np.ones((masks, count))
    for row in data[1:]:
        row[some_of(count, 1 + int(generator.uniform() * count), generator)] = 0
    values = np.array([without(frozenset(np.flatnonzero(row == 0).tolist())) for row in data])
    # lime_text.py: cosine distance to the whole, times 100; its kernel with the default width.
    distances = 100 * pairwise_distances(data, data[:1], metric="cosine").ravel()
    model = LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / 25**2)), random_state=0)
    _, pairs, r2, _ = model.explain_instance_with_data(data, values[:, None], distances, 0, count, "none")
    scores = np.zeros(count)
    for token, weight in pairs:
        scores[token] = weight
    weights = np.sqrt(np.exp(-(distances**2) / 25**2))
    centred = data - np.average(data, axis=0, weights=weights)
    inverse = np.linalg.inv(centred.T * weights @ centred + np.eye(count))
    residuals = values - np.average(values, weights=weights) - centred @ scores
    parameters = 1 + np.trace(inverse @ (centred.T * weights @ centred))
    meat = (centred.T * (weights * residuals) ** 2) @ centred * masks / (masks - parameters)
    errors = np.sqrt(np.diag(inverse @ meat @ inverse))
    return {"masks": masks, "seed": seed, "scores": scores.tolist(), "standardErrors": errors.tolist(), "r2": r2}


def fitted(masks: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, float]:
    """context_cite's LassoRegression with its α, for one token."""
    scaler = StandardScaler()
    columns = scaler.fit_transform(masks)
    model = Lasso(alpha=0.01, fit_intercept=True, tol=1e-14, max_iter=1_000_000).fit(columns, values)
    weights = model.coef_ / scaler.scale_
    return weights, model.intercept_ - weights @ scaler.mean_


def segments(players: Sequence[Sequence[int]], without: Without, count: int, seed: int) -> dict[str, Any]:
    """The LASSO over the engine's own masks, its bootstrap, and its rank correlation with f over other masks."""
    generator = Generator(seed)

    def masks(how_many: int) -> np.ndarray:
        return np.array([[0.0 if generator.uniform() < 0.5 else 1.0 for _ in players] for _ in range(how_many)])

    def values(rows: np.ndarray) -> np.ndarray:
        return np.array([without(frozenset(t for s in np.flatnonzero(row == 0) for t in players[s])) for row in rows])

    own, others = masks(count), masks(math.ceil(count / 2))
    found = values(own)
    weights, intercept = fitted(own, found)
    resampled = []
    for _ in range(100):
        drawn = [int(generator.uniform() * count) for _ in range(count)]
        resampled.append(fitted(own[drawn], found[drawn])[0])
    return {
        **{"masks": count, "seed": seed, "scores": weights.tolist()},
        "standardErrors": np.std(resampled, axis=0, ddof=1).tolist(),
        "lds": spearmanr(others @ weights + intercept, values(others)).statistic,
    }


def parts_of(text: str, spans: Sequence[tuple[int, int]], pieces: Sequence[str]) -> list[int]:
    """Of each token the piece with its first character that is not white space, else with its last one."""
    ends = np.cumsum([len(piece) for piece in pieces])
    places = []
    for start, end in spans:
        white = len(text[start:end]) - len(text[start:end].lstrip())
        at = start + white if start + white < end else end - 1
        places.append(int(np.searchsorted(ends, at, side="right")))
    return places


# (text, how many of its tokens, BOS, explained tokens, objective, baseline)
Plan = tuple[str, int | None, bool, tuple[int, int], Objective, Baseline]

RANDOM_PLANS: tuple[Plan, ...] = (
    (LINES, 8, False, (0, 8), "contrast", "zero"),
    (LINES, 8, True, (2, 8), "log-prob", "mean"),
    (LINES, 6, True, (0, 6), "logit", "eot"),
)
BUNDLED_PLANS: tuple[Plan, ...] = ((CODE, None, False, (0, 7), "contrast", "zero"),)


class Case:
    """One prediction after a text, and f without some of its tokens."""

    def __init__(self, model: Any, tokenizer: ReferenceTokenizer, plan: Plan) -> None:
        text, count, self.bos, span, self.objective, self.kind = plan
        self.text = text if count is None else tokenizer.cut(text, count)
        self.tokenizer = tokenizer
        pieces = tokenizer.encode(self.text)
        ids = [tokenizer.end_of_text] * self.bos + pieces
        ranked = forward(model, ids).logits[-1].argsort(descending=True).tolist()
        self.target, self.foil = ranked[0], ranked[1]
        self.explained = Explained(model, ids, len(ids) - 1, self.target, self.foil, self.objective)
        self.range = (span[0], min(span[1], len(pieces)))
        ends = np.cumsum([len(tokenizer.bytes_of(id)) for id in pieces]).tolist()
        self.spans = list(zip([0, *ends[:-1]], ends, strict=True))[slice(*self.range)]
        self.count = self.range[1] - self.range[0]

    def baseline(self, absent: Set) -> float:
        first = self.range[0] + self.bos
        rows = self.explained.embeddings().clone()
        replaced = self.explained.baseline(self.kind, 0, len(rows))
        for token in absent:
            rows[first + token] = replaced[first + token]
        with torch.no_grad():
            return self.explained.value(rows[None])[0].item()

    def mask(self, absent: Set) -> float:
        return by_mask(self.explained, [self.range[0] + self.bos + token for token in absent])

    def delete(self, absent: Set) -> float:
        plan = SequencePlan("", self.text, bos=self.bos)
        left = without_tokens(self.tokenizer, plan, [self.range[0] + token for token in absent])
        return of_ids(self.explained, [left or [self.tokenizer.end_of_text]])[0].item()

    def parts(self) -> dict[str, list[int]]:
        first, end = self.spans[0][0], self.spans[-1][1]
        within = [(start - first, stop - first) for start, stop in self.spans]
        text = self.text[first:end]
        return {
            "lines": parts_of(text, within, text.splitlines(keepends=True)),
            "words": parts_of(text, within, re.findall(r"\w+|\W", text)),
        }

    def golden(self) -> dict[str, Any]:
        parts = self.parts()
        removals = {}
        for name in ("baseline", "mask", "delete"):
            without: Without = getattr(self, name)
            values = {absent: without(absent) for absent in subsets(self.count)}
            scores = shapley(self.count, values)
            confirm_by_shap(self.count, values, scores)
            removals[name] = {
                "value": values[frozenset()],
                "baselineValue": values[frozenset(range(self.count))],
                "shapley": scores,
                "owen": owen(self.count, values, parts["lines"], parts["words"]),
                "lime": lime(self.count, values.__getitem__, MASKS, SEED),
            }
        return {
            **{"text": self.text, "bos": self.bos, "range": list(self.range), "parts": parts},
            **{"target": self.target, "foil": self.foil, "objective": self.objective, "baseline": self.kind},
            "removals": removals,
        }


def segments_case(model: Any, tokenizer: ReferenceTokenizer) -> dict[str, Any]:
    case = Case(model, tokenizer, (NINE, None, False, (0, 99), "contrast", "mean"))
    lines = case.parts()["lines"]
    players = [[token for token, line in enumerate(lines) if line == one] for one in sorted(set(lines))]
    return {
        **{"text": case.text, "target": case.target, "foil": case.foil, "lines": lines},
        "removals": {name: segments(players, getattr(case, name), 40, SEED) for name in ("baseline", "delete")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundled", metavar="DIR", type=Path, help="make only this checkpoint's golden file")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    folders = {spec.name: GOLDEN / spec.name for spec in CHECKPOINTS}
    if arguments.bundled:
        folders = {"bundled": arguments.bundled}
    for name, folder in folders.items():
        model = load_model(folder)
        tokenizer = ReferenceTokenizer.load(folder, end_of_text(model))
        plans = BUNDLED_PLANS if arguments.bundled else RANDOM_PLANS
        cases = [Case(model, tokenizer, plan).golden() for plan in plans]
        golden = {
            **header(folder, ["masks.py"]),
            **{"cases": cases, "segments": segments_case(model, tokenizer)},
        }
        size = write(GOLDEN / name / "masks.json", golden)
        print(f"{name}: masks, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

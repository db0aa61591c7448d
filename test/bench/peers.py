"""
Times PyTorch and Captum on a checkpoint, for the benchmark to compare with in alternating runs.

    python peers.py --model DIR [--threads 2] [--attention eager|sdpa]

Speaks JSON lines. Once the model is loaded it writes `{"ready": {...}}`: versions, threads, parameters and
seconds of loading. Then every line on standard input is a request `{"id": any, "do": NAME, ...arguments}` and
gets one line `{"id", "result"}` or `{"id", "error"}`. It ends with its input. Arguments and results:

    forward    ids, logits ("last" | "all")                seconds, top
    ig_fixed   ids, target, foil, batch, first=0, steps=50
               seconds, value, baselineValue, scores, delta
    captum_ig  ids, target, foil, first, internal_batch=null, logits="last", steps=50
               seconds, value, baselineValue, scores, delta
    generate   ids, tokens                                 seconds, prefillSeconds, secondsPerToken, tokens
    shap       ids, target, foil, first, batch, explainer, evaluations
               seconds, scores, evaluations
    lime       ids, target, foil, first, batch, masks      seconds, scores, evaluations
    limits                                                 matmul, read, matvec

`shap` and `lime` need these packages, and run once. All others but `limits` also take `runs` and `warmup`; `seconds` has one entry per run, not per warm-up. f is the
logit of `target` minus that of `foil` after the last of `ids`; x is `wte[id]` of the tokens from `first` on;
the baseline is zero; positions and earlier tokens are constant. Everything is float32.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import torch
from captum.attr import IntegratedGradients
from torch import Tensor
from transformers import GPT2LMHeadModel

Logits = Literal["last", "all"]
T = TypeVar("T")


def timed(work: Callable[[], T], runs: int, warmup: int) -> tuple[list[float], T]:
    """Seconds of every run after the warm-ups, and what the last one gave."""
    seconds: list[float] = []
    for run in range(warmup + runs):
        began = time.perf_counter()
        result = work()
        if run >= warmup:
            seconds.append(time.perf_counter() - began)
    return seconds, result


class Peer:
    """One loaded model; each public method is a request."""

    def __init__(self, folder: Path, attention: str) -> None:
        self._model = GPT2LMHeadModel.from_pretrained(
            folder, dtype=torch.float32, attn_implementation=attention
        )
        self._model.requires_grad_(False).eval()

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        return sum(weight.numel() for weight in self._model.parameters())

    def forward(
        self, ids: list[int], logits: Logits = "last", runs: int = 3, warmup: int = 1
    ) -> dict[str, Any]:
        """A forward pass without cache; `top` is the most probable next token."""
        inputs = torch.tensor([ids])

        @torch.inference_mode()
        def work() -> Tensor:
            return self._model(inputs, use_cache=False, logits_to_keep=_kept(logits)).logits[0, -1]

        seconds, last = timed(work, runs, warmup)
        return {"seconds": seconds, "top": int(last.argmax())}

    def ig_fixed(
        self,
        ids: list[int],
        target: int,
        foil: int,
        batch: int,
        first: int = 0,
        steps: int = 50,
        runs: int = 3,
        warmup: int = 1,
    ) -> dict[str, Any]:
        """
        Integrated gradients at Gauss–Legendre nodes by hand, `batch` of them at a time.

        Nothing is done that is not needed: no gradients of weights, no unembedding but the two rows of f.
        """
        x, baseline = self._path(ids, first)
        head = self._model.lm_head.weight
        direction = head[target] - head[foil]
        nodes, weights = (torch.from_numpy(v).float() for v in np.polynomial.legendre.leggauss(steps))
        alphas = (1 + nodes) / 2

        def f(embeddings: Tensor) -> Tensor:
            return self._model.transformer(inputs_embeds=embeddings, use_cache=False)[0][:, -1] @ direction

        def work() -> Tensor:
            total = torch.zeros_like(x)
            for some, their_weights in zip(alphas.split(batch), (weights / 2).split(batch), strict=True):
                points = (baseline + some[:, None, None] * (x - baseline)).requires_grad_()
                gradient = torch.autograd.grad(f(points).sum(), points)[0]
                total += torch.einsum("b,bnc->nc", their_weights, gradient)
            return (total * (x - baseline)).sum(-1)[first:]

        seconds, scores = timed(work, runs, warmup)
        return {"seconds": seconds, **_summed(f, x, baseline, scores)}

    def captum_ig(
        self,
        ids: list[int],
        target: int,
        foil: int,
        first: int,
        internal_batch: int | None = None,
        logits: Logits = "last",
        steps: int = 50,
        runs: int = 3,
        warmup: int = 1,
    ) -> dict[str, Any]:
        """Captum's IntegratedGradients on the embeddings of the whole text; `internal_batch` as in Captum."""
        x, baseline = self._path(ids, first)

        def f(embeddings: Tensor) -> Tensor:
            output = self._model(inputs_embeds=embeddings, use_cache=False, logits_to_keep=_kept(logits))
            return output.logits[:, -1, target] - output.logits[:, -1, foil]

        explainer = IntegratedGradients(f)

        def work() -> Tensor:
            attributions = explainer.attribute(
                x[None],
                baseline[None],
                n_steps=steps,
                method="gausslegendre",
                internal_batch_size=internal_batch,
            )
            return attributions[0, first:].sum(-1).detach()

        seconds, scores = timed(work, runs, warmup)
        return {"seconds": seconds, **_summed(f, x, baseline, scores)}

    def generate(self, ids: list[int], tokens: int, runs: int = 3, warmup: int = 1) -> dict[str, Any]:
        """Greedy generation with a KV cache; `seconds` are those of the `tokens` steps after the prompt."""
        prefill_seconds: list[float] = []
        per_token: list[list[float]] = []

        @torch.inference_mode()
        def work() -> list[int]:
            began = time.perf_counter()
            output = self._model(torch.tensor([ids]), use_cache=True, logits_to_keep=1)
            id = int(output.logits[0, -1].argmax())
            prefill_seconds.append(time.perf_counter() - began)
            generated: list[int] = []
            steps: list[float] = []
            for _ in range(tokens):
                generated.append(id)
                began = time.perf_counter()
                output = self._model(
                    torch.tensor([[id]]), past_key_values=output.past_key_values, use_cache=True
                )
                id = int(output.logits[0, -1].argmax())
                steps.append(time.perf_counter() - began)
            per_token.append(steps)
            return generated

        _, generated = timed(work, runs, warmup)
        return {
            "seconds": [sum(steps) for steps in per_token[warmup:]],
            "prefillSeconds": prefill_seconds[warmup:],
            "secondsPerToken": [float(np.median(steps)) for steps in per_token[warmup:]],
            "tokens": generated,
        }

    def shap(
        self, ids: list[int], target: int, foil: int, first: int, batch: int, explainer: str, evaluations: int
    ) -> dict[str, Any]:
        """Values of the tokens from `first` on by SHAP's `partition` or `permutation` explainer; zeros remove a token."""
        import shap

        count = len(ids) - first
        f = self._of_masks(ids, target, foil, first, batch)
        calls = 0
        is_compiled = False

        def model(rows: np.ndarray) -> np.ndarray:
            nonlocal calls
            calls += len(rows)
            return f(rows) if is_compiled else np.asarray(rows).sum(-1)

        nothing = np.zeros((1, count))
        if explainer == "partition":
            from scipy.cluster.hierarchy import linkage

            # Neighbours are joined first, as SHAP's own masker for texts does.
            clustering = linkage(np.arange(count)[:, None].astype(float), "average")
            explain = shap.PartitionExplainer(model, shap.maskers.Partition(nothing, clustering=clustering))
        else:
            explain = shap.PermutationExplainer(model, shap.maskers.Independent(nothing))
        work = partial(explain, np.ones((1, count)), max_evals=evaluations, silent=True)
        # SHAP compiles itself when it is first called.
        work()
        calls, is_compiled = 0, True
        seconds, found = timed(work, 1, 0)
        return {"seconds": seconds, "scores": found.values[0].tolist(), "evaluations": calls}

    def lime(
        self, ids: list[int], target: int, foil: int, first: int, batch: int, masks: int
    ) -> dict[str, Any]:
        """Weights of the tokens from `first` on by the lime package, which is given the ids as words."""
        from lime.lime_text import LimeTextExplainer

        count = len(ids) - first
        f = self._of_masks(ids, target, foil, first, batch)

        def classify(texts: list[str]) -> np.ndarray:
            rows = np.array([[float(word != "-") for word in text.split(" ")] for text in texts])
            return f(rows)[:, None]

        explainer = LimeTextExplainer(
            bow=False, mask_string="-", split_expression=" ", feature_selection="none", random_state=0
        )
        words = " ".join(str(place) for place in range(count))
        work = partial(
            explainer.explain_instance, words, classify, labels=(0,), num_features=count, num_samples=masks
        )
        seconds, found = timed(work, 1, 0)
        scores = [0.0] * count
        for place, weight in found.as_map()[0]:
            scores[place] = float(weight)
        return {"seconds": seconds, "scores": scores, "evaluations": masks}

    def _of_masks(
        self, ids: list[int], target: int, foil: int, first: int, batch: int
    ) -> Callable[[np.ndarray], np.ndarray]:
        """f of rows of 0 and 1, `[N, n]`: where there is a 0, the token's embedding is zeros."""
        x, _ = self._path(ids, first)
        head = self._model.lm_head.weight
        direction = head[target] - head[foil]

        @torch.inference_mode()
        def f(rows: np.ndarray) -> np.ndarray:
            values = []
            for some in torch.from_numpy(np.asarray(rows, dtype=np.float32)).split(batch):
                points = x.repeat(len(some), 1, 1)
                points[:, first:] *= some[:, :, None]
                hidden = self._model.transformer(inputs_embeds=points, use_cache=False)[0][:, -1]
                values.append(hidden @ direction)
            return torch.cat(values).double().numpy()

        return f

    def limits(self, runs: int = 5) -> dict[str, Any]:
        """
        What the machine can do: the best of `runs`.

        `matmul`: FLOP/s of square float32 products by size. Bytes/s out of 512 MiB: `read` sums them up,
        `matvec` multiplies them as a matrix with a vector, which is what generation does.
        """
        matmul: dict[int, float] = {}
        for size in (1024, 1536, 2048):
            square = torch.randn(size, size)
            seconds, _ = timed(partial(torch.mm, square, square), runs, 1)
            matmul[size] = 2 * size**3 / min(seconds)
        matrix = torch.randn(32768, 4096)
        vector = torch.randn(4096)
        size = matrix.numel() * matrix.element_size()
        read, _ = timed(lambda: matrix.sum(), runs, 1)
        matvec, _ = timed(lambda: torch.mv(matrix, vector), runs, 1)
        return {"matmul": matmul, "read": size / min(read), "matvec": size / min(matvec)}

    def _path(self, ids: list[int], first: int) -> tuple[Tensor, Tensor]:
        """x and x′, `[n, C]` each."""
        x = self._model.transformer.wte.weight[ids]
        baseline = x.clone()
        baseline[first:] = 0
        return x, baseline


def _kept(logits: Logits) -> int:
    """transformers' `logits_to_keep`."""
    return {"last": 1, "all": 0}[logits]


@torch.inference_mode()
def _summed(f: Callable[[Tensor], Tensor], x: Tensor, baseline: Tensor, scores: Tensor) -> dict[str, Any]:
    """The scores beside what they should sum up to; not part of the timed work."""
    value, baseline_value = (f(ends[None])[0].item() for ends in (x, baseline))
    return {
        "value": value,
        "baselineValue": baseline_value,
        "scores": scores.tolist(),
        "delta": scores.sum().item() - (value - baseline_value),
    }


def answer(peer: Peer, line: str) -> dict[str, Any]:
    """One request's answer; its errors are answers too."""
    id = None
    try:
        request: dict[str, Any] = json.loads(line)
        id = request.pop("id", None)
        name = request.pop("do")
        if name not in ("forward", "ig_fixed", "captum_ig", "generate", "shap", "lime", "limits"):
            raise ValueError(f"there is no request {name!r}")
        with contextlib.redirect_stdout(sys.stderr):
            return {"id": id, "result": getattr(peer, name)(**request)}
    except Exception as error:  # whatever went wrong, the caller waits for a line
        return {"id": id, "error": f"{type(error).__name__}: {error}"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", metavar="DIR", type=Path, required=True)
    parser.add_argument("--threads", metavar="N", type=int, default=2)
    parser.add_argument("--attention", choices=["eager", "sdpa"], default="eager")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    began = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        peer = Peer(arguments.model, arguments.attention)
    ready = {
        "versions": {
            package: version(package)
            for package in ("torch", "transformers", "captum", "shap", "lime")
            if find_spec(package)
        },
        "threads": torch.get_num_threads(),
        "attention": arguments.attention,
        "parameters": peer.parameters,
        "loadSeconds": time.perf_counter() - began,
    }
    print(json.dumps({"ready": ready}), flush=True)
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(answer(peer, line)), flush=True)


if __name__ == "__main__":
    main()

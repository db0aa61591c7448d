"""Train by the wall clock: the learning rate follows the part of the time budget that has passed.

So the schedule always completes (warm-up, constant, linear decay to zero), however slow or contended the machine is,
and the process may be stopped and continued (SIGSTOP, SIGCONT) at will. WORK/checkpoint.pt is written every few
minutes; started again with the same --work, it resumes, the same deadline in force.

Data-parallel over single-threaded processes that meet once a step and take small batches from a common counter: on
cores that others use too, a slow core then costs its own share and not everybody's (threads would wait at every
matrix product).
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from model import GPT2, Config
from optim import Optimizers

#: Shares of the training sequences; "repeat" is a random token sequence said again and again, made on the fly.
MIX = {"prose": 0.40, "python": 0.21, "typescript": 0.13, "markdown": 0.04, "json": 0.02, "synthetic": 0.16, "repeat": 0.04}

#: From ANNEAL of the time on the text that first tries will resemble gets a larger share.
ANNEAL = 0.5
#: Where the learning rate begins to fall.
DECAY = 0.6
ANNEAL_MIX = {"prose": 0.35, "python": 0.19, "typescript": 0.12, "markdown": 0.04, "json": 0.02, "synthetic": 0.24, "repeat": 0.04}


class Sampler:
    """Rows of tokens: every kind is walked in shuffled windows without replacement, an epoch at a time."""

    def __init__(self, work: Path, vocabulary: int, seed: tuple[int, int], share: tuple[int, int]) -> None:
        self.rng = np.random.default_rng(seed)
        self.rank, self.world = share  # every process reads its own part of each file
        self.vocabulary = vocabulary
        self.tokens = {k: np.load(work / "tokens" / f"{k}.train.npy", mmap_mode="r") for k in MIX if k != "repeat"}
        self.queues: dict[str, list[int]] = {k: [] for k in self.tokens}

    def window(self, kind: str, length: int) -> np.ndarray:
        data, queue = self.tokens[kind], self.queues[kind]
        if not queue:
            shift = int(self.rng.integers(length))
            starts = np.arange(shift, len(data) - length - 1, length)
            mine = starts[self.rank :: self.world]
            self.rng.shuffle(mine)
            queue.extend(mine.tolist())
        start = queue.pop()
        if self.rng.random() < 0.5:
            # People's texts are read from position 0, with <|endoftext|> before them or without: so is every other window.
            ends = np.flatnonzero(data[start : start + length] == self.vocabulary - 1)
            if len(ends):
                start = min(start + int(ends[0]) + int(self.rng.integers(2)), len(data) - length - 1)
        return np.asarray(data[start : start + length + 1], dtype=np.int64)

    def batch(self, rows: int, length: int, mix: dict[str, float]) -> tuple[Tensor, Tensor]:
        kinds = self.rng.choice(list(mix), size=rows, p=list(mix.values()))
        ids = np.empty((rows, length + 1), dtype=np.int64)
        first = np.zeros(rows, dtype=np.int64)
        for i, kind in enumerate(kinds):
            if kind == "repeat":
                period = int(math.exp(self.rng.uniform(math.log(8), math.log(length // 2))))
                ids[i] = np.resize(self.rng.integers(0, self.vocabulary - 1, period), length + 1)
                first[i] = period - 1
            else:
                ids[i] = self.window(kind, length)
        x, y = torch.from_numpy(ids[:, :-1].copy()), torch.from_numpy(ids[:, 1:].copy())
        for i, n in enumerate(first):
            y[i, :n] = -100  # a first copy is pure chance: nothing to learn from it
        return x, y


def schedule(progress: float) -> float:
    """Warm-up over 2 %, constant, then linear to zero from DECAY of the time on."""
    if progress < 0.02:
        return max(0.05, progress / 0.02)
    return 1.0 if progress < DECAY else max(0.0, (1.0 - progress) / (1.0 - DECAY))


@torch.no_grad()
def heldout_loss(model: GPT2, work: Path, length: int, rows: int = 4) -> dict[str, float]:
    losses = {}
    for kind in MIX:
        if kind != "repeat":
            data = np.load(work / "tokens" / f"{kind}.heldout.npy", mmap_mode="r")
            step = (len(data) - length - 1) // rows
            ids = torch.from_numpy(np.stack([data[i * step : i * step + length + 1] for i in range(rows)]).astype(np.int64))
            with torch.autocast("cpu", torch.bfloat16):
                losses[kind] = round(float(model(ids[:, :-1], ids[:, 1:])), 4)
    return losses


def keep(args: argparse.Namespace, model: GPT2, optimizers: Optimizers, progress: Progress) -> None:
    """Write the checkpoint (whole or not at all) and say how the held-out text fares."""
    path: Path = args.folder / "checkpoint.pt"
    torch.save({"model": model.state_dict(), "optimizers": optimizers.state_dict(), "progress": asdict(progress), "args": vars(args)}, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)
    print(json.dumps({"step": progress.step, "heldout": heldout_loss(model, args.work, args.length)}), flush=True)


@dataclass
class Progress:
    """Where the run stands; times are wall-clock seconds."""

    start: float
    deadline: float = 0.0
    step: int = 0
    tokens: int = 0
    annealed: int = 0  # of the tokens, those drawn by ANNEAL_MIX

    def kinds(self) -> dict[str, float]:
        """Tokens drawn of every kind, as the mixes expect it."""
        return {k: (self.tokens - self.annealed) * MIX[k] + self.annealed * ANNEAL_MIX[k] for k in MIX}


@dataclass
class Shared:
    """What the processes share: a gradient and a loss each, the micro-batch counter, the rate (negative: stop)."""

    gradients: Tensor
    losses: Tensor
    claimed: Any
    scale: Any
    barrier: Any


def work_loop(rank: int, args: argparse.Namespace, model: GPT2, optimizers: Optimizers, shared: Shared, progress: Progress) -> None:
    """One process: gradients of the micro-batches that it gets hold of, then its share of the update; 0 also keeps the books."""
    sampler = Sampler(args.work, model.config.vocab_size, (args.seed + rank, progress.step), (rank, args.processes))
    params = list(model.parameters())
    last_save = last_log = time.time()
    average, logged_tokens = math.nan, progress.tokens
    while True:
        if rank == 0:
            passed = (time.time() - progress.start) / (progress.deadline - progress.start)
            shared.scale.value = schedule(passed) if passed < 1 else -1.0
            shared.claimed.value = 0
        shared.barrier.wait()
        if shared.scale.value < 0:
            break
        annealing = (time.time() - progress.start) / (progress.deadline - progress.start) > ANNEAL
        # Here everybody's update is done and the next has not begun.
        if rank == 0 and time.time() - last_save > 60 * args.checkpoint_minutes:
            keep(args, model, optimizers, progress)
            last_save = time.time()
        total = 0.0
        model.zero_grad(set_to_none=True)
        while True:
            with shared.claimed.get_lock():
                shared.claimed.value += 1
                if shared.claimed.value > args.micro:
                    break
            x, y = sampler.batch(args.rows, args.length, ANNEAL_MIX if annealing else MIX)
            with torch.autocast("cpu", torch.bfloat16):
                loss = model(x, y) / args.micro
            loss.backward()
            total += float(loss.detach())
        shared.losses[rank] = total
        flat = [p.grad.view(-1) if p.grad is not None else torch.zeros(p.numel()) for p in params]
        torch.cat(flat, out=shared.gradients[rank])
        shared.barrier.wait()
        summed = shared.gradients.sum(0)
        for p, g in zip(params, summed.split([p.numel() for p in params]), strict=True):
            p.grad = g.view_as(p)
        optimizers.step(shared.scale.value, rank, args.processes)
        if rank > 0:
            continue
        value = float(shared.losses.sum())
        if not math.isfinite(value):
            raise SystemExit("the loss is not finite; resume from the checkpoint with a lower rate")
        progress.step += 1
        progress.tokens += args.micro * args.rows * args.length
        progress.annealed += args.micro * args.rows * args.length * annealing
        average = value if math.isnan(average) else 0.98 * average + 0.02 * value
        now = time.time()
        if now - last_log > 20:
            speed = (progress.tokens - logged_tokens) / (now - last_log)
            print(json.dumps({"step": progress.step, "tokens": progress.tokens, "passed": round(passed, 4), "loss": round(average, 4), "tokens_s": round(speed), "time": round(now)}), flush=True)
            last_log, logged_tokens = now, progress.tokens
    if rank == 0:
        keep(args, model, optimizers, progress)
        print(json.dumps({"done": True, "wall_s": round(time.time() - progress.start), **asdict(progress)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of tokenizer.py")
    parser.add_argument("--run", default="run", help="name of the run's folder inside the work folder")
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--deadline", help="stop at this UTC time, 2030-01-31T16:20")
    when.add_argument("--hours", type=float, help="stop after this many hours")
    parser.add_argument("--rows", type=int, default=2, help="sequences a micro-batch")
    parser.add_argument("--micro", type=int, default=4, help="micro-batches a step")
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--muon-lr", type=float, default=0.02)
    parser.add_argument("--adam-lr", type=float, default=0.004)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint-minutes", type=float, default=5.0)
    args = parser.parse_args()
    args.folder = args.work / args.run
    args.folder.mkdir(parents=True, exist_ok=True)
    (args.folder / "pid").write_text(str(os.getpid()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an orderly exit takes the other processes along
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)

    model = GPT2(Config(n_positions=args.length, n_layer=args.layers)).share_memory()
    optimizers = Optimizers(model, args.muon_lr, args.adam_lr)
    progress = Progress(start=time.time())
    progress.deadline = progress.start + 3600 * args.hours if args.hours else datetime.fromisoformat(args.deadline).replace(tzinfo=timezone.utc).timestamp()
    checkpoint = args.folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizers.load_state_dict(saved["optimizers"])
        progress = Progress(**{**saved["progress"], "deadline": progress.deadline})
    print(json.dumps({"parameters": sum(p.numel() for p in model.parameters()), **asdict(progress)}), flush=True)

    context = multiprocessing.get_context("fork")
    shared = Shared(
        torch.zeros(args.processes, sum(p.numel() for p in model.parameters())).share_memory_(),
        torch.zeros(args.processes).share_memory_(), context.Value("i", 0), context.Value("d", 0.0), context.Barrier(args.processes),
    )
    others = [context.Process(target=work_loop, args=(r, args, model, optimizers, shared, progress), daemon=True) for r in range(1, args.processes)]
    for process in others:
        process.start()
    work_loop(0, args, model, optimizers, shared, progress)
    for process in others:
        process.join()


if __name__ == "__main__":
    main()

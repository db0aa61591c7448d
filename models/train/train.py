"""Train by tokens: warm-up, a constant learning rate, then a linear decay to zero over the last quarter.

The learning rate follows the tokens that were read, not the clock, so a run may be stopped, killed and resumed over as
many days as it takes; WORK/run/checkpoint.pt has the weights, the optimizers' state and the position in the data, and
is written every few minutes, whole or not at all. Because the rate is constant before the decay, the end may be decided
late: start again with another --tokens. What the weights were before the decay is kept in WORK/run/stable.pt, so a run
that has ended may be prolonged from there (copy it over checkpoint.pt).

Data-parallel over single-threaded processes that meet once a step and take small batches from a common counter: on
cores that others use too, a slow core then costs its own share and not everybody's (threads would wait at every
matrix product). With --device cuda there is one process.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import shutil
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ContextManager

import torch
from tokenizers import Tokenizer
from torch import Tensor

from data import DECAY_MIX, KINDS, MIX, Reader
from model import GPT2, Config, has_bfloat16
from optim import Optimizers
from probes import scores

#: Shares of the tokens: where the rate has risen, where it begins to fall, where sequences get their full length.
WARM_UP, DECAY, FULL_LENGTH = 0.01, 0.75, 0.60
#: Scores are taken at these counts of tokens: two for every doubling.
MARKS = [round(100_000 * 2 ** (i / 2)) for i in range(0, 26)]


def schedule(passed: float) -> float:
    if passed < WARM_UP:
        return max(0.05, passed / WARM_UP)
    return 1.0 if passed < DECAY else max(0.0, (1.0 - passed) / (1.0 - DECAY))


@dataclass
class Progress:
    """Where the run stands."""

    step: int = 0
    tokens: int = 0
    #: Seconds of wall clock that training took, pauses included only while the process was stopped.
    seconds: float = 0.0
    #: Tokens drawn of every kind, and the position in its text.
    kinds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    read: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Shared:
    """What the processes share: a gradient and a loss each, the micro-batch counter, a stop sign."""

    gradients: Tensor
    losses: Tensor
    claimed: Any
    stopped: Any
    barrier: Any


def autocast(device: str) -> ContextManager[Any]:
    return torch.autocast(device, torch.bfloat16, enabled=device == "cuda" or has_bfloat16())


def write(path: Path, value: object) -> None:
    torch.save(value, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def keep(args: argparse.Namespace, model: GPT2, optimizers: Optimizers, progress: Progress) -> None:
    """Write the checkpoint, whole or not at all."""
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items()}
    state = {"model": model.state_dict(), "config": asdict(model.config), "optimizers": optimizers.state_dict(), "progress": asdict(progress), "args": settings}
    write(args.folder / "checkpoint.pt", state)


def append(path: Path, line: dict[str, object]) -> None:
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")


def measure(args: argparse.Namespace, model: GPT2, progress: Progress, length: int) -> None:
    """Scores and rounded weights of this moment, for the study page of the card."""
    tokenizer = Tokenizer.from_file(str(args.work / "tokenizer.json"))
    append(args.folder / "scores.jsonl", {"tokens": progress.tokens, **scores(model, tokenizer, args.work, length)})
    (args.folder / "snapshots").mkdir(exist_ok=True)
    write(args.folder / "snapshots" / f"{progress.tokens:012d}.pt", {k: v.half() for k, v in model.state_dict().items()})


def work_loop(rank: int, args: argparse.Namespace, model: GPT2, optimizers: Optimizers, shared: Shared, progress: Progress) -> None:
    """One process: gradients of the micro-batches that it gets hold of, then its share of the update; 0 also keeps the books."""
    reader = Reader(args.work, model.config.vocab_size, args.seed)
    reader.read.update({k: (e, n) for k, (e, n) in progress.read.items()})
    params = list(model.parameters())
    last_save = last_time = time.time()
    before_last = progress.tokens
    average, logged_tokens, logged_time = math.nan, progress.tokens, time.time()
    while progress.tokens < args.tokens:
        passed = progress.tokens / args.tokens
        scale = schedule(passed)
        length = args.length if passed >= FULL_LENGTH else args.length // 2
        rows = args.batch // length
        micro_rows = max(1, args.micro // length)
        plan = reader.plan(progress.step, rows, length, DECAY_MIX if passed >= DECAY else MIX)
        chunks = [plan[i : i + micro_rows] for i in range(0, rows, micro_rows)]
        if rank == 0:
            shared.claimed.value = 0
        shared.barrier.wait()
        if shared.stopped.value:
            break
        # Here everybody's update is done, and the next comes after everybody's gradient.
        if rank == 0:
            begins_to_fall = before_last < DECAY * args.tokens <= progress.tokens
            if time.time() - last_save > 60 * args.checkpoint_minutes or begins_to_fall:
                keep(args, model, optimizers, progress)
                last_save = time.time()
                if begins_to_fall:
                    shutil.copyfile(args.folder / "checkpoint.pt", args.folder / "stable.pt")
            if any(before_last < mark <= progress.tokens for mark in MARKS):
                measure(args, model, progress, length)
        total = 0.0
        model.zero_grad(set_to_none=True)
        while True:
            with shared.claimed.get_lock():
                mine = shared.claimed.value
                shared.claimed.value += 1
            if mine >= len(chunks):
                break
            x, y = reader.batch(chunks[mine], length)
            with autocast(args.device):
                loss = model(x.to(args.device), y.to(args.device)) * (len(chunks[mine]) / rows)
            loss.backward()
            total += float(loss.detach())
        shared.losses[rank] = total
        if args.processes > 1:
            flat = [p.grad.view(-1) if p.grad is not None else torch.zeros(p.numel()) for p in params]
            torch.cat(flat, out=shared.gradients[rank])
            shared.barrier.wait()
            summed = shared.gradients.sum(0)
            for p, g in zip(params, summed.split([p.numel() for p in params]), strict=True):
                p.grad = g.view_as(p)
        optimizers.step(scale, rank, args.processes)
        before_last = progress.tokens
        progress.step += 1
        progress.tokens += rows * length
        for row in plan:
            progress.kinds[row.kind] += length
        if rank > 0:
            continue
        progress.read = dict(reader.read)
        value = float(shared.losses.sum())
        if not math.isfinite(value):
            shared.stopped.value = 1
            raise SystemExit("the loss is not finite; resume from the checkpoint with a lower rate")
        average = value if math.isnan(average) else 0.98 * average + 0.02 * value
        now = time.time()
        progress.seconds += now - last_time
        last_time = now
        if progress.tokens // 200_000 > before_last // 200_000:
            speed = (progress.tokens - logged_tokens) / (now - logged_time)
            append(args.folder / "log.jsonl", {"tokens": progress.tokens, "step": progress.step, "loss": round(average, 4), "rate": round(scale, 4), "length": length, "tokens_s": round(speed), "time": round(now)})
            logged_tokens, logged_time = progress.tokens, now
    shared.barrier.wait()
    if rank == 0 and not shared.stopped.value:
        keep(args, model, optimizers, progress)
        measure(args, model, progress, args.length)
        print(json.dumps({"done": True, "tokens": progress.tokens, "hours": round(progress.seconds / 3600, 2)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of tokenizer.py")
    parser.add_argument("--run", default="run", help="name of the run's folder inside the work folder")
    parser.add_argument("--tokens", type=float, default=160e6, help="where the run ends")
    parser.add_argument("--batch", type=int, default=8192, help="tokens a step")
    parser.add_argument("--micro", type=int, default=1024, help="tokens a micro-batch")
    parser.add_argument("--length", type=int, default=512, help="positions; the first 60 %% of the tokens come in sequences of half of this")
    parser.add_argument("--layers", type=int, default=7)
    parser.add_argument("--width", type=int, default=224)
    parser.add_argument("--heads", type=int, default=7)
    parser.add_argument("--muon-lr", type=float, default=0.02)
    parser.add_argument("--adam-lr", type=float, default=0.004)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint-minutes", type=float, default=5.0)
    args = parser.parse_args()
    if args.device == "cuda":
        args.processes = 1
    args.folder = args.work / args.run
    args.folder.mkdir(parents=True, exist_ok=True)
    (args.folder / "pid").write_text(str(os.getpid()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an orderly exit takes the other processes along
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)

    vocabulary = Tokenizer.from_file(str(args.work / "tokenizer.json")).get_vocab_size()
    model = GPT2(Config(vocabulary, args.length, args.width, args.layers, args.heads)).to(args.device)
    if args.processes > 1:
        model.share_memory()
    optimizers = Optimizers(model, args.muon_lr, args.adam_lr)
    progress = Progress()
    checkpoint = args.folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False, map_location=args.device)
        model.load_state_dict(saved["model"])
        optimizers.load_state_dict(saved["optimizers"])
        progress = Progress(**saved["progress"])
    size = sum(p.numel() for p in model.parameters())
    print(json.dumps({"parameters": size, "tokens": progress.tokens, "of": round(args.tokens)}), flush=True)

    context = multiprocessing.get_context("fork")
    shared = Shared(
        torch.zeros(args.processes, size if args.processes > 1 else 0).share_memory_(), torch.zeros(args.processes).share_memory_(),
        context.Value("i", 0), context.Value("i", 0), context.Barrier(args.processes),
    )
    others = [context.Process(target=work_loop, args=(r, args, model, optimizers, shared, progress), daemon=True) for r in range(1, args.processes)]
    for process in others:
        process.start()
    work_loop(0, args, model, optimizers, shared, progress)
    for process in others:
        process.join()


if __name__ == "__main__":
    main()

"""Nested brackets, JSON records and lists that come again."""

from __future__ import annotations

import json
from typing import Callable

import facts
from kinds.grammar import Rng, cap
from kinds.words import ALL_NAMES, COLOURS, OBJECTS, PLACES, THINGS, WORDS


def brackets(r: Rng) -> str:
    """Nested brackets and quotes, always closed in order."""

    def expression(depth: int) -> str:
        if depth == 0 or r.random() < 0.15:
            return r.choice((r.choice(THINGS), str(r.randint(0, 99)), f'"{r.choice(WORDS)}"', f"'{r.choice(WORDS)}'"))
        inner = ", ".join(expression(depth - 1) for _ in range(r.randint(1, 3)))
        opening, closing = r.choice((("(", ")"), ("[", "]"), ("(", ")"), ("{", "}")))
        return (r.choice(("print", "len", "max", "min", "sum", "list", "get", "f", "g", "map", "sorted", "str")) if opening == "(" else "") + opening + inner + closing

    def aside() -> str:
        o, p, n = r.choice(OBJECTS), r.choice(PLACES), r.choice(ALL_NAMES)
        return r.choice((f"The {o} (which was in the {p}) was {r.choice(COLOURS)}.", f"{n} (a friend of mine) said, \"I like the {p}.\"", f"See the table (on page {r.randint(2, 99)}) for the {o}.", f"\"The {o},\" said {n}, \"is in the {p}.\""))

    form = r.choice(("{};", "x = {}", "return {}", "{}", "const y = {};"))
    return "\n".join(aside() if r.random() < 0.25 else form.format(expression(r.randint(1, 4))) for _ in range(r.randint(2, 6)))


def records(r: Rng) -> str:
    """A JSON array whose objects repeat the same keys."""
    fields: dict[str, Callable[[], object]] = {
        "id": lambda: r.randint(1, 999), "name": lambda: r.choice(ALL_NAMES), "age": lambda: r.randint(5, 90), "city": lambda: cap(r.choice(facts.CAPITALS)[1]),
        "email": lambda: r.choice(ALL_NAMES).lower() + "@example.com", "active": lambda: r.random() < 0.5, "tags": lambda: r.sample(WORDS, r.randint(1, 3)),
        "price": lambda: round(r.random() * 100, 2), "type": lambda: r.choice(THINGS), "color": lambda: r.choice(COLOURS), "count": lambda: r.randint(0, 20),
        "country": lambda: cap(r.choice(facts.CAPITALS)[0]), "title": lambda: cap(r.choice(WORDS)), "enabled": lambda: r.choice((True, False, None)),
    }
    keys = r.sample(sorted(fields), r.randint(2, 5))
    rows: object = [{k: fields[k]() for k in keys} for _ in range(r.randint(2, 6))]
    if r.random() < 0.4:
        rows = {r.choice(("users", "items", "data", "results", "rows")): rows, "total": r.randint(1, 50)}
    return json.dumps(rows, indent=r.choice((2, 2, 4, None)))


def repetition(r: Rng) -> str:
    """Word lists and lines that come again exactly."""
    words = r.sample(WORDS, r.randint(4, 14))
    joint = r.choice((" ", ", ", "\n", " - "))
    if r.random() < 0.4:
        table = [(w, str(r.randint(10, 999))) for w in words]
        again = r.sample(table, len(table))
        return "\n".join(f"{w}: {n}" for w, n in table) + "\n\n" + "\n".join(f"{w}: {n}" for w, n in again)
    return joint.join(words * r.randint(2, 4))

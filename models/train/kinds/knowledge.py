"""Common knowledge: capitals, and lines about days, colours, opposites, numbers and the like."""

from __future__ import annotations

import facts
from kinds.grammar import Rng, cap
from kinds.words import ALL_NAMES

#: Well-known countries come three times as often.
COUNTRIES = facts.CAPITALS + 2 * [(c, k) for c, k in facts.CAPITALS if c in facts.WELL_KNOWN]


def capitals(r: Rng) -> str:
    """Country and capital in several wordings; the plain one most often."""
    forms = (
        "The capital of {c} is {k}.", "The capital of {c} is {k}.", "The capital of {c} is {k}.", "{K} is the capital of {c}.", "{K} is a city in {c}.",
        "The capital city of {c} is {k}.", "What is the capital of {c}? The capital of {c} is {k}.", "Q: What is the capital of {c}?\nA: {k}",
        "{N} lives in {k}, the capital of {c}.", "{N} went to {c} and visited {k}.", "If you go to {c}, you should see {k}, the capital.",
        "{C}'s capital is {k}.", "{N} was born in {k}, and {N} speaks the language of {c}.", "The largest buildings of {c} are in its capital, {k}.", "Every year, many people visit {k}, the capital of {c}.",
        "The capital of {c2} is {k2}, and the capital of {c} is {k}.", "The capital of {c2} is {k2}, and the capital of {c} is {k}.", "{k2} is in {c2}, and {k} is in {c}.", "We flew from {k}, the capital of {c}, to {k2}, the capital of {c2}.",
    )
    lines = []
    for c, k in r.sample(COUNTRIES, r.randint(1, 6)):
        c2, k2 = r.choice(COUNTRIES)
        lines.append(r.choice(forms).format(c=c, k=k, K=cap(k), C=cap(c), c2=c2, k2=k2, N=r.choice(ALL_NAMES)))
    return r.choice((" ", "\n")).join(lines)


def common_facts(r: Rng) -> str:
    """Everything else that is common knowledge, some lines at a time."""
    lines = []
    for _ in range(r.randint(2, 7)):
        pick = r.randrange(14)
        if pick == 0:
            a, b = r.choice(facts.OPPOSITES)
            a, b = (a, b) if r.random() < 0.5 else (b, a)
            lines.append(r.choice((f"The opposite of {a} is {b}.", f"{cap(a)} is the opposite of {b}.", f"It was not {a}, it was {b}.")))
        elif pick == 1:
            a, b = r.choice(facts.COLOURS)
            lines.append(r.choice((f"{cap(a)} is {b}.", f"The colour of {a} is {b}.", f"The color of {a} is {b}.")))
        elif pick == 2:
            i = r.randrange(7)
            lines.append(r.choice((f"The day after {facts.DAYS[i]} is {facts.DAYS[(i + 1) % 7]}.", f"If today is {facts.DAYS[i]}, tomorrow is {facts.DAYS[(i + 1) % 7]}.", ", ".join(facts.DAYS[(i + j) % 7] for j in range(7)) + ".")))
        elif pick == 3:
            i = r.randrange(12)
            n = facts.MONTHS[(i + 1) % 12]
            lines.append(r.choice((f"The month after {facts.MONTHS[i]} is {n}.", f"{facts.MONTHS[i]} has {facts.MONTH_DAYS[i]} days.", ", ".join(facts.MONTHS[(i + j) % 12] for j in range(r.randint(4, 12))) + ".")))
        elif pick == 4:
            a, b = r.choice(facts.LANGUAGES)
            lines.append(r.choice((f"People in {a} speak {b}.", f"In {a}, people speak {b}.", f"The language of {a} is {b}.")))
        elif pick == 5:
            a, b = r.choice(facts.ANIMALS)
            lines.append(f"A young {a} is called a {b}.")
        elif pick == 6:
            a, b = r.choice(facts.SOUNDS)
            lines.append(r.choice((f"The {a} {b}.", f"A {a} {b} when it is hungry.")))
        elif pick == 7:
            a, b = r.choice(facts.ELEMENTS)
            lines.append(f"The chemical symbol for {a} is {b}.")
        elif pick == 8:
            a, b = r.choice(facts.PLURALS)
            lines.append(r.choice((f"The plural of {a} is {b}.", f"One {a}, two {b}.")))
        elif pick == 9:
            a, b = r.choice(facts.PASTS)
            lines.append(r.choice((f"The past tense of {a} is {b}.", f"Today I {a}, yesterday I {b}.")))
        elif pick == 10:
            x, y = r.randint(0, 10), r.randint(0, 10)
            lines.append(r.choice((f"{x} + {y} = {x + y}", f"{x + y} - {y} = {x}", f"{cap(facts.NUMBERS[x])} plus {facts.NUMBERS[y]} is {facts.NUMBERS[x + y]}.")))
        elif pick == 11:
            start = r.randint(0, 12)
            step = r.choice((1, 1, 1, 2, 5, 10))
            seq = r.choice((facts.NUMBERS[start : start + 8], facts.ALPHABET[start : start + r.randint(5, 14)], [str(start + i * step) for i in range(r.randint(5, 12))]))
            lines.append(", ".join(seq) + ".")
        else:
            lines.append(r.choice(facts.SENTENCES))
    return r.choice((" ", "\n")).join(lines)

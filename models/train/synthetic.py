"""Write the synthetic part of the training text: short documents in simple English, brackets, JSON and small functions.

Real documentation rarely says what a person would try first (a capital, a name that comes back, an open bracket), so
about a tenth of the training text is made here. Everything follows from --seed. The names in `facts.HELDOUT_NAMES`
never occur: the name-repetition test uses them.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Callable

import facts
from snippets import python_function

Rng = random.Random
OBJECTS = "book ball key letter cake map lamp cup box drink ring coat ticket flower photo pen bag apple phone card rope gift bottle hat chair watch".split()
PLACES = "store park school beach station market library kitchen garden office museum river bank restaurant hospital farm church zoo theater lake".split()
ANIMALS = [a for a, _ in facts.ANIMALS]
COLOURS = "red blue green yellow white black brown small big old new little".split()
FEELINGS = "happy sad tired hungry angry proud afraid surprised glad cold".split()
THINGS = "value name list file table item node index key token event user page request result error model layer column row field".split()
WORDS = sorted({*OBJECTS, *PLACES, *ANIMALS, *THINGS, *"stone kiwi river cloud seven alpha beta delta paper silver tiger music salt iron moon glass north sugar pilot bread winter candle forest bridge pearl violin window ladder mirror pepper island rocket basket".split()})


#: Syllables of invented names.
START = "b c d f g h j k l m n p r s t v w br ch dr gr kl sh st th tr".split()
VOWEL = "a e i o u a e i o ai ea ou".split()
END = "n r l s t na ra la lo ro ne ria lin ton mer das bel vik".split()

#: Well-known countries come three times as often.
COUNTRIES = facts.CAPITALS + 2 * [(c, k) for c, k in facts.CAPITALS if k in facts.WHOLE_WORDS]


def cap(text: str) -> str:
    return text[0].upper() + text[1:]


def an(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def people(r: Rng, count: int) -> list[str]:
    """Different names; in a third of the texts invented ones, so that a name is something to look up and not to know."""
    if r.random() < 0.67:
        return r.sample(facts.NAMES, count)
    found: list[str] = []
    while len(found) < count:
        name = cap("".join(r.choice(START) + r.choice(VOWEL) for _ in range(r.randint(1, 2))) + r.choice(END))
        if name not in found and name not in facts.HELDOUT_NAMES:
            found.append(name)
    return found


def capitals(r: Rng) -> str:
    """Country and capital in several wordings; the plain one most often."""
    forms = (
        "The capital of {c} is {k}.", "The capital of {c} is {k}.", "The capital of {c} is {k}.", "{K} is the capital of {c}.", "{K} is a city in {c}.",
        "The capital city of {c} is {k}.", "What is the capital of {c}? The capital of {c} is {k}.", "Q: What is the capital of {c}?\nA: {k}",
        "{N} lives in {k}, the capital of {c}.", "{N} went to {c} and visited {k}.", "If you go to {c}, you should see {k}, the capital.",
        "{C}'s capital is {k}.", "We flew from {k}, the capital of {c}, to {k2}, the capital of {c2}.",
    )
    lines = []
    for c, k in r.sample(COUNTRIES, r.randint(1, 6)):
        c2, k2 = r.choice(COUNTRIES)
        lines.append(r.choice(forms).format(c=c, k=k, K=cap(k), C=cap(c), c2=c2, k2=k2, N=r.choice(facts.NAMES)))
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


def gives(r: Rng) -> str:
    """Two people, then one acts and the other must be named (indirect object)."""
    a, b = people(r, 2)
    giver, taker = (a, b) if r.random() < 0.5 else (b, a)
    place, thing = r.choice(PLACES), r.choice(OBJECTS)
    first = r.choice((
        f"When {a} and {b} went to the {place},", f"{a} and {b} went to the {place}.", f"After {a} and {b} met at the {place},", f"Then, {a} and {b} had a long talk at the {place}.",
        f"While {a} and {b} were working at the {place},", f"{a} and {b} were at the {place} in the morning.", f"Yesterday {a} and {b} walked to the {place} together.",
        f"{a} met {b} at the {place}.", f"{a} and {b} are old friends.", f"{a} lives near {b}.", f"When {a} saw {b} at the {place},", f"Both {a} and {b} work at the {place}.", f"{a} sat beside {b} in the {place}.",
    ))
    verb = r.choice((
        "gave {o} to {t}.", "handed {o} to {t}.", "wanted to give {o} to {t}.", "showed {o} to {t}.", "decided to give {o} to {t}.", "sold {o} to {t}.", "said hello to {t}.",
        "gave the {n} to {t}.", "handed the {n} to {t}.", "brought {o} for {t}.", "sent {o} to {t}.", "wrote a letter to {t}.", "was waiting for {t}.", "bought {o} for {t}.", "looked at {t}.",
    ))
    middle = r.choice(("", "", " It was a warm day and the street was full of people.", " The weather was cold.", f" The {r.choice(THINGS)} was on the table.", f" It was {r.choice(facts.DAYS)}."))
    if first.endswith(","):
        middle = ""
    return f"{first}{middle} {r.choice(('', 'Then ', 'Later ')) if not first.endswith(',') else ''}{giver} {verb.format(o=an(thing), n=thing, t=taker)}"


def scene(r: Rng) -> str:
    """One or two people, sentences about other things, then one of them again: a name must be fetched from far away."""
    a, *others = people(r, r.choice((1, 1, 2)))
    o, p = r.choice(OBJECTS), r.choice(PLACES)
    lines = [r.choice((
        f"{a} closed the {r.choice(('gate', 'window', 'box'))} and walked past the {p}.", f"{a} put the {o} in the {r.choice(THINGS)} and went to the {p}.", f"{a} has lived in {cap(r.choice(facts.CAPITALS)[1])} for {r.randint(2, 40)} years.",
        f"My friend {a} bought {an(o)} last week.", f"Dear {a},\n\nI hope you are well.", f"{a} is {r.randint(4, 90)} years old.", f"The {o} on the table belongs to {a}.", f"{a} was {r.choice(FEELINGS)} all day.",
    ))]
    lines += [f"{b} came to the {p}." for b in others]
    about = ("It was {c} in the {p}.", "The street was empty.", "Nobody had seen the {o}.", "The {o} was {c}, and it was late.", "It had rained all night.", "There were {n} people at the {p}.", "The {p} was closed on {d}.", "Someone had moved the {o}.")
    for _ in range(r.randint(0, 4)):
        lines.append(r.choice(about).format(c=r.choice(COLOURS + FEELINGS), p=r.choice(PLACES), o=r.choice(OBJECTS), n=r.randint(2, 90), d=r.choice(facts.DAYS)))
    who = r.choice([a, *others])
    lines.append(r.choice((
        f"\"It is {r.choice(FEELINGS)} here,\" said {who}.", f"\"Where is the {o}?\" asked {who}.", f"So {who} went home.", f"In the end, {who} found the {o}.", f"Everybody was waiting for {who}.",
        f"The {o} was a present for {who}.", f"\"Look,\" said {who}, \"the {r.choice(OBJECTS)} is in the {p}.\"", f"It was late, so {who} took the bus.", f"I am glad that you wrote to {who}.", f"That is why {who} likes the {p}.",
    )))
    return " ".join(lines)


def story(r: Rng) -> str:
    """A small story in which the same few names, things and places keep coming back."""
    a, b, petname = people(r, 3)
    pet = r.choice(ANIMALS)
    o, p, p2, c, f = r.choice(OBJECTS), r.choice(PLACES), r.choice(PLACES), r.choice(COLOURS), r.choice(FEELINGS)
    she = r.choice(("She", "He"))
    her = "her" if she == "She" else "his"
    opening = r.choice((
        f"There was once {an(pet)} named {petname}. {petname} lived with {a} in a house near the {p}.", f"{a} was {f}. {a} had lost a {c} {o} at the {p}.",
        f"One day, {a} found a {c} {o} in the {p}. {she} wanted to show it to {b}.", f"My name is {a}. I have a friend. {her.capitalize()} name is {b}. {b} works at the {p}.",
        f"{a} lived in a small town. Every morning {she.lower()} walked to the {p} with {b}.", f"Once upon a time, there was a {c} {pet}. The {pet} was called {petname}, and {petname} was {f}.",
    ))
    lines = [opening]
    pool = [
        f"\"Where is my {o}?\" asked {a}. \"I put the {o} in the {p2},\" said {b}.", f"{b} looked at {a} and smiled.", f"{a} and {b} went to the {p2} to look for the {o}.",
        f"The {c} {o} was in the {p2}.", f"\"Thank you, {b},\" said {a}. \"You are welcome, {a},\" said {b}.", f"It was late, so {a} went home with the {c} {o}.",
        f"The {pet} ran to {a} and sat down.", f"{b} gave the {o} to {a}.", f"{a} took the {o} and gave it back to {b}.", f"They were very {f}.",
        f"\"Do you want to go to the {p}, {b}?\" asked {a}. {b} said, \"Yes, I want to go to the {p}.\"", f"In the evening, {a} told {b} about the {o}.",
    ]
    if petname in opening:
        pool += [f"{petname} liked {a} very much.", f"\"Come here, {petname}!\" called {a}, and {petname} came.", f"Everyone in the town knew {petname} the {pet}."]
    lines += r.sample(pool, r.randint(3, 8))
    if r.random() < 0.5:
        lines.append(f"From that day on, {a} and {b} were good friends.")
    return " ".join(lines)


def agreement(r: Rng) -> str:
    """The verb agrees with the far noun, not with the near one."""
    lines = []
    for _ in range(r.randint(2, 4)):
        (s1, p1), (s2, p2) = r.sample(facts.PLURALS, 2)
        link = r.choice(("near", "behind", "next to", "with", "that I saw beside", "in front of"))
        far = r.choice((f"the {s2}", f"the {p2}"))
        tail = r.choice(("{} very old.", "{} here.", "{} not mine.", "{} " + r.choice(COLOURS) + "."))
        if r.random() < 0.5:
            lines.append(f"The {s1} {link} {far} " + tail.format(r.choice(("is", "was"))))
        else:
            lines.append(f"The {p1} {link} {far} " + tail.format(r.choice(("are", "were"))))
    return " ".join(lines)


def brackets(r: Rng) -> str:
    """Nested brackets and quotes, always closed in order."""

    def expression(depth: int) -> str:
        if depth == 0 or r.random() < 0.15:
            return r.choice((r.choice(THINGS), str(r.randint(0, 99)), f'"{r.choice(WORDS)}"', f"'{r.choice(WORDS)}'"))
        inner = ", ".join(expression(depth - 1) for _ in range(r.randint(1, 3)))
        opening, closing = r.choice((("(", ")"), ("[", "]"), ("(", ")"), ("{", "}")))
        return (r.choice(("print", "len", "max", "min", "sum", "list", "get", "f", "g", "map", "sorted", "str")) if opening == "(" else "") + opening + inner + closing

    def aside() -> str:
        o, p, n = r.choice(OBJECTS), r.choice(PLACES), r.choice(facts.NAMES)
        return r.choice((f"The {o} (which was in the {p}) was {r.choice(COLOURS)}.", f"{n} (a friend of mine) said, \"I like the {p}.\"", f"See the table (on page {r.randint(2, 99)}) for the {o}.", f"\"The {o},\" said {n}, \"is in the {p}.\""))

    form = r.choice(("{};", "x = {}", "return {}", "{}", "const y = {};"))
    return "\n".join(aside() if r.random() < 0.25 else form.format(expression(r.randint(1, 4))) for _ in range(r.randint(2, 6)))


def records(r: Rng) -> str:
    """A JSON array whose objects repeat the same keys."""
    fields: dict[str, Callable[[], object]] = {
        "id": lambda: r.randint(1, 999), "name": lambda: r.choice(facts.NAMES), "age": lambda: r.randint(5, 90), "city": lambda: cap(r.choice(facts.CAPITALS)[1]),
        "email": lambda: r.choice(facts.NAMES).lower() + "@example.com", "active": lambda: r.random() < 0.5, "tags": lambda: r.sample(WORDS, r.randint(1, 3)),
        "price": lambda: round(r.random() * 100, 2), "type": lambda: r.choice(THINGS), "color": lambda: r.choice(COLOURS[:7]), "count": lambda: r.randint(0, 20),
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


FAMILIES: tuple[tuple[Callable[[Rng], str], float], ...] = (
    (capitals, 0.14), (common_facts, 0.13), (gives, 0.13), (scene, 0.10), (story, 0.20), (agreement, 0.04), (brackets, 0.06), (records, 0.06), (repetition, 0.04), (python_function, 0.10),
)


def documents(seed: int, size: int) -> list[str]:
    """About `size` bytes of documents; the shares of FAMILIES are shares of bytes, not of documents."""
    r = Rng(seed)
    out: list[str] = []
    for family, share in FAMILIES:
        written = 0
        while written < share * size:
            # Two or three small texts to a document: a name test must not be a position test.
            text = "\n\n".join(family(r) for _ in range(r.randint(1, 3)))
            out.append(text + "\n")
            written += len(text) + 1
    r.shuffle(out)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of corpus.py")
    parser.add_argument("--bytes", type=int, default=13_000_000, help="size of the training part")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    (args.work / "text").mkdir(parents=True, exist_ok=True)
    train = documents(args.seed, args.bytes)
    known = set(train)
    heldout = [d for d in documents(args.seed + 1, 300_000) if d not in known]
    for split, docs in (("train", train), ("heldout", heldout)):
        with (args.work / "text" / f"synthetic.{split}.jsonl").open("w", encoding="utf-8") as file:
            for text in docs:
                file.write(json.dumps({"id": "", "source": "synthetic", "text": text}) + "\n")
        print(split, len(docs), "documents", sum(map(len, docs)), "bytes")


if __name__ == "__main__":
    main()

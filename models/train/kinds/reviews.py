"""Sentences with a clear feeling: reviews and remarks, with their label in words, before or after, or without."""

from __future__ import annotations

from kinds.grammar import Rng, cap, expand
from kinds.words import ALL_NAMES, DISHES, OBJECTS

SUBJECTS = "film movie book song story game play concert show restaurant hotel museum service trip food room coffee teacher lesson phone camera program".split()
POSITIVE = "great wonderful excellent good beautiful amazing fantastic lovely brilliant perfect delicious friendly helpful funny clever".split()
NEGATIVE = "bad terrible awful boring poor ugly horrible disappointing weak slow rude dirty cold useless stupid".split()
POSITIVE_PEOPLE = "friendly helpful funny kind polite nice".split()
NEGATIVE_PEOPLE = "rude unfriendly loud boring angry lazy".split()
FORMS = (
    ("This is a~ {p} {s}.", "This is a~ {n} {s}."),
    ("The {s} was [really|very|so|just] {p}.", "The {s} was [really|very|so|just] {n}."),
    ("I [loved|liked|enjoyed] [this|the] {s}[ very much| a lot|]. It was {p}.", "I [hated|did not like|disliked] [this|the] {s}[ at all|]. It was {n}."),
    ("[What|Such] a~ {p} {s}! I [would go again|want to see it again|recommend it to everyone|was so happy].", "[What|Such] a~ {n} {s}! I [would not go again|want my money back|do not recommend it|was so angry]."),
    ("The {s} was {p} and [the people were|everybody was] {pp}.", "The {s} was {n} and [the people were|everybody was] {np}."),
    ("[{x} said that|We all thought that|My friends say that] the {s} is {p}[, and I agree|].", "[{x} said that|We all thought that|My friends say that] the {s} is {n}[, and I agree|]."),
    ("The {s} was not {n} at all, it was {p}.", "The {s} was not {p} at all, it was {n}."),
    ("At first I thought that the {s} was {n}, but in the end it was {p}.", "At first I thought that the {s} was {p}, but in the end it was {n}."),
    ("The [{d}|{o}] was {p}. I [smiled|laughed|was happy] all day.", "The [{d}|{o}] was {n}. I [cried|was angry|was sad] all day."),
    ("[Best|The best] {s} [I have ever seen|ever|of the year]. [{p}!|So {p}.|]", "[Worst|The worst] {s} [I have ever seen|ever|of the year]. [{n}!|So {n}.|]"),
    ("The {s} is {p}, {p2} and not {n}.", "The {s} is {n}, {n2} and not {p}."),
)
LABELS = (("positive", "negative"), ("positive", "negative"), ("good", "bad"), ("happy", "unhappy"), ("yes", "no"))


def sentence(r: Rng, positive: bool) -> str:
    p, p2 = r.sample(POSITIVE, 2)
    n, n2 = r.sample(NEGATIVE, 2)
    slots = {"p": p, "p2": p2, "n": n, "n2": n2, "s": r.choice(SUBJECTS), "pp": r.choice(POSITIVE_PEOPLE), "np": r.choice(NEGATIVE_PEOPLE), "x": r.choice(ALL_NAMES), "d": r.choice(DISHES), "o": r.choice(OBJECTS)}
    return expand(r, r.choice(FORMS)[0 if positive else 1], slots)


def review(r: Rng) -> str:
    good, bad = r.choice(LABELS)
    form = r.choice((
        "Review: {t}\nSentiment: {l}", "Review: {t} Sentiment: {l}", "{t}\nThis review is {l}.", "{t} Sentiment: {L}", "Text: {t}\nLabel: {l}", "{t}", "{t}", "Is this review positive? {t} {yn}.",
        "The mood of \"{t}\" is {l}.",
    ))
    lines = []
    for _ in range(r.randint(1, 6)):
        positive = r.random() < 0.5
        text = " ".join(sentence(r, positive) for _ in range(r.choice((1, 1, 2, 3))))
        label = good if positive else bad
        lines.append(form.format(t=text, l=label, L=cap(label), yn="Yes" if positive else "No"))
    return r.choice(("\n", "\n\n")).join(lines)

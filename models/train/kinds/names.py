"""Names that come back: of two people the one who has not acted yet, or a person named many words before."""

from __future__ import annotations

import facts
from kinds.grammar import Rng, an, cap, expand
from kinds.words import ALL_NAMES, COLOURS, FEELINGS, OBJECTS, PLACES, THINGS, cast, people


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


#: More wordings, with {b} or {a} as the last word that can be known.
FORMS = (
    "{a} and {b} [shared|had|found] a {thing}. [One day|Then|After a week] {a} [gave|left|lent] the {thing} to {b}.",
    "[The phone rang|There was a knock at the door]. It was {b}. \"[Hello|Good evening], {b},\" said {a}.",
    "{b} [was ill|was in the hospital|could not come], so {a} [visited|called|wrote to] {b}.",
    "{a} has a [brother|sister|friend], {b}. [On {day}|Every {day}|Last {month}] {a} [cooked for|went to see|helped|called] {b}.",
    "[This|The] {thing} belongs to {b}. {a} [took it|found it|saw it] and [brought it back to|gave it back to|asked] {b}.",
    "Dear {b},\n\n[Thank you for the {thing}|How are you|I am in {city} now]. [The weather is {weather}|I miss you|I will come on {day}].\n\n[Love|Yours|Best wishes],\n{a}\n\n{b} read the letter from {a}.",
    "{a} is [older|taller|faster|younger] than {b}. So {b} is not as [old|tall|fast|young] as {a}.",
    "{a} [thanked|smiled at|waited for|looked at] {b}, and {b} [thanked|smiled at|waited for|looked at] {a}.",
    "The {job} asked {a} and {b} for the {thing}. {a} did not have it, but {b} did. \"Here it is,\" said {b}.",
    "Names: {a}, {b}, {petname}. [First|The first] is {a}, [second|the second] is {b}, [third|the third] is {petname}.",
    "{a} played {game} with {b}. {a} won [the first game|twice], and then {b} won too. \"[Well done|Good game], {b},\" said {a}.",
    "{petname} is the {pet} of {a}. {b} [likes|feeds|looks for] {petname}. [In the evening|At night] {petname} [goes back to|runs home to|sleeps near] {a}.",
)


def wordings(r: Rng) -> str:
    return " ".join(expand(r, r.choice(FORMS), cast(r)) for _ in range(r.randint(1, 2)))


def name_text(r: Rng) -> str:
    return r.choices((gives, scene, wordings), (4, 3, 3))[0](r)

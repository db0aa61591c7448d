"""A short text with facts, then questions about it: the answer is a word of the text, so it has grounds that can be shown."""

from __future__ import annotations

import facts
from kinds.grammar import Rng, cap, expand
from kinds.words import ALL_NAMES, COLOURS, DISHES, INSIDE, JOBS, KIN, OBJECTS, PETS, PLACES, SPOTS, people

CITIES = [k for c, k in facts.CAPITALS if c in facts.WELL_KNOWN]

#: attribute: (values, statements, questions); {x} is the person, {v} the value.
PERSON: dict[str, tuple[list[str], str, str]] = {
    "city": (CITIES, "{x} [lives in|comes from|was born in|works in|has moved to] {v}.", "[Where does {x} live|Which city is {x} in|In which city is {x}]?"),
    "job": (JOBS, "{x} [is|works as|became] a~ {v}.", "[What is {x}'s job|What does {x} do|What is the profession of {x}]?"),
    "colour": (COLOURS, "{x} [has|wears|bought|owns] a~ {v} coat.", "[What color is {x}'s coat|What is the color of {x}'s coat]?"),
    "pet": (PETS, "{x} [has|owns|keeps|found] a~ {v}.", "[What animal does {x} have|Which animal does {x} have|What pet does {x} have]?"),
    "dish": (DISHES, "{x} [likes|loves|cooked|wants to eat] {v}.", "[What does {x} like to eat|What is {x}'s favorite food|Which food does {x} like]?"),
    "age": ([str(n) for n in range(6, 90)], "{x} is {v} years old.", "[How old is {x}|What is {x}'s age]?"),
    "day": (facts.DAYS, "{x} [will come|arrives|has a meeting|is free|comes back] on {v}.", "[When does {x} come|On which day does {x} come|What day is it for {x}]?"),
    "thing": (OBJECTS, "{x} [carries|has lost|is looking for|wants|forgot] the {v}.", "[What is it that {x} has in mind|Which thing is it for {x}|What thing does {x} think about]?"),
    "place": (PLACES, "{x} [is at|went to|waits at|is in] the {v}.", "[Where is {x}|Where can you find {x}|Where did {x} go]?"),
}
FILLERS = (
    "It was [early|late] in the [morning|evening].", "[Nobody knew why|The street was quiet|The weather was good|The bus was late|There was a lot to do].", "They have known each other for [many|two|ten|five] years.",
    "The {p} was [closed|open|full of people].", "[Some people|Their friends|The neighbors] [talked about it|were surprised|did not believe it].",
)
LEADS = ("Question: {q}\nAnswer: {a}", "Q: {q}\nA: {a}", "Q: {q}\nA: {a}", "{q} {a}.", "{q} {a}.", "Question: {q} Answer: {a}", "- {q}\n- {a}.")


def about_people(r: Rng) -> str:
    count = r.choice((1, 2, 2, 3))
    names = people(r, count, 0.85)
    known: list[tuple[str, str, str, str]] = []
    for attribute in r.sample(sorted(PERSON), r.randint(1, 3 if count > 1 else 4)):
        values, statement, question = PERSON[attribute]
        for x, v in zip(names, r.sample(values, count), strict=True):
            known.append((x, v, expand(r, statement, {"x": x, "v": v}), expand(r, question, {"x": x})))
    if r.random() < 0.5:
        r.shuffle(known)
    told = [sentence for _, _, sentence, _ in known]
    for _ in range(r.randint(0, 2)):
        told.insert(r.randint(0, len(told)), expand(r, r.choice(FILLERS), {"p": r.choice(PLACES)}))
    asked = r.sample(known, r.randint(1, min(3, len(known))))
    lead = r.choice(LEADS)
    answers = [lead.format(q=q, a=v if "{a}." not in lead else cap(v)) for _, v, _, q in asked]
    # Who has a value is the other way round: the answer is the name.
    if count > 1 and r.random() < 0.4:
        x, v, sentence, _ = r.choice(known)
        if sentence.startswith(x) and sum(k[1] == v for k in known) == 1:
            answers.append(lead.format(q="Who" + sentence[len(x) : -1] + "?", a=x))
    return " ".join(told) + r.choice(("\n", "\n\n", " ")) + "\n".join(answers)


def where_is(r: Rng) -> str:
    """Things in places, moved now and then; asked is the last place."""
    names = people(r, 2, 0.85)
    things = r.sample(OBJECTS, r.randint(2, 3))
    where: dict[str, str] = {}
    lines: list[str] = []
    for _ in range(r.randint(3, 6)):
        t, place, x = r.choice(things), r.choice(INSIDE + ["garden", "box", "basket", "drawer", "bag"]), r.choice(names)
        where[t] = place
        lines.append(expand(r, "{x} [put|left|took|carried|placed] the {t} [in|into] the {p}.".replace("left the {t} into", "left the {t} in"), {"x": x, "t": t, "p": place}))
    asked = r.sample(sorted(where), r.randint(1, len(where)))
    form = r.choice(("Where is the {t}? The {t} is in the {p}.", "Where is the {t}? In the {p}.", "Q: Where is the {t}?\nA: In the {p}.", "The {t} is now in the {p}."))
    return " ".join(lines) + r.choice((" ", "\n")) + "\n".join(form.format(t=t, p=where[t]) for t in asked)


def passwords(r: Rng) -> str:
    """An arbitrary value, other sentences, and the value again."""
    what = r.choice(("password", "code", "number of the room", "name of the ship", "secret word", "number of the bus", "name of the street", "key to the door"))
    value = r.choice((str(r.randint(100, 9999)), r.choice(OBJECTS), r.choice(COLOURS), cap(r.choice(OBJECTS)), r.choice(ALL_NAMES), r.choice(CITIES)))
    fill = [expand(r, r.choice(FILLERS), {"p": r.choice(PLACES)}) for _ in range(r.randint(0, 4))]
    x, kin, spot = r.choice(ALL_NAMES), r.choice(KIN), r.choice(SPOTS)
    end = r.choice((f"Remember, the {what} is {value}.", f"\"The {what} is {value},\" said {x}.", f"What is the {what}? The {what} is {value}.", f"Q: What is the {what}?\nA: {value}", f"I told my {kin} that the {what} is {value}."))
    return " ".join([f"The {what} is {value}.", *fill, f"The paper was {spot}." if r.random() < 0.4 else "", end]).replace("  ", " ")


def question_text(r: Rng) -> str:
    return r.choices((about_people, where_is, passwords), (5, 3, 2))[0](r)

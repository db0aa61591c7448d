"""Agreement: the verb goes with the far noun and not with the near one, the pronoun with its person."""

from __future__ import annotations

import facts
from kinds.grammar import Rng, cap, expand
from kinds.words import BOYS, COLOURS, GIRLS, JOBS, OBJECTS, PLACES

REGULAR = [(w, w + "s") for w in OBJECTS if not w.endswith(("s", "x", "y", "f", "ch", "sh")) and w != "knife"] + [(w, w + "s") for w in JOBS]
NOUNS = facts.PLURALS + REGULAR
#: (singular, plural) of verbs and what follows.
VERBS = (
    ("is", "are"), ("was", "were"), ("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"), ("seems", "seem"), ("looks", "look"), ("needs", "need"), ("comes", "come"), ("belongs", "belong"), ("makes", "make"), ("stands", "stand"),
)
TAILS = {
    "is": "very old|here|not mine|{c}|gone|broken|ready|in the {p}|too {z}|the best of all", "was": "very old|here|not mine|{c}|gone|broken|ready|in the {p}|too {z}|found at last", "has": "a {c} mark|no name|to go|been here for years|a new home",
    "does": "not help|not work|not matter|not come back|nothing", "seems": "old|new|lost|to be {c}|too {z}", "looks": "old|new|tired|{c}|good", "needs": "help|a new place|some water|more time", "comes": "from the {p}|back|too late|every day",
    "belongs": "to me|to the {p}|here", "makes": "a noise|me happy|no sense", "stands": "near the {p}|there|alone",
}


def subject_verb(r: Rng) -> str:
    (s1, p1), (s2, p2) = r.sample(NOUNS, 2)
    plural = r.random() < 0.5
    near = r.choice((s2, p2))
    link = r.choice(("near the {x}", "behind the {x}", "next to the {x}", "with the {x}", "that I saw beside the {x}", "in front of the {x}", "of the {x}", "from the {p} and the {x}", "that the {x} liked", "on the left of the {x}", "which {n} gave to the {x}", "under the {x} in the {p}"))
    singular_verb, plural_verb = r.choice(VERBS)
    slots = {"x": near, "p": r.choice(PLACES), "n": r.choice(GIRLS + BOYS), "c": r.choice(COLOURS), "z": r.choice(("big", "small", "old", "heavy"))}
    head = r.choice(("The", "The", "My", "Your", "Every" if not plural else "All the", "This" if not plural else "These", "One" if not plural else "Two", "Each" if not plural else "Many", "A~" if not plural else "Some"))
    text = f"{head} {p1 if plural else s1} {link} {plural_verb if plural else singular_verb} {r.choice(TAILS[singular_verb].split('|'))}."
    return expand(r, text, slots)


def pronoun(r: Rng) -> str:
    girl = r.random() < 0.5
    x, y = (r.choice(GIRLS), r.choice(BOYS)) if girl else (r.choice(BOYS), r.choice(GIRLS))
    she, her, self_ = ("she", "her", "herself") if girl else ("he", "his", "himself")
    slots = {"x": x, "y": y, "she": she, "her": her, "self": self_, "o": r.choice(OBJECTS), "p": r.choice(PLACES), "c": r.choice(COLOURS)}
    return expand(r, r.choice((
        "{x} lost {her} {o} [at|near] the {p}, so {she} [went back|asked {y} for help|was sad].", "{x} [looked at|saw|washed|hurt] {self} in the {p}.", "{y} called {x}, but {she} did not answer because {she} was at the {p}.",
        "When {x} came to the {p}, {she} [opened|forgot|sold] {her} {c} {o}.", "{x} made the {o} {self}.", "{x} told {y} that {she} had {her} own {o}.", "{x} loves {her} {c} {o}. {she} takes it to the {p}.",
    )), slots)


def agreement(r: Rng) -> str:
    lines = [subject_verb(r) if r.random() < 0.7 else pronoun(r) for _ in range(r.randint(2, 5))]
    return " ".join(cap(line) for line in lines)

"""Word lists by sense, and the people of the little texts."""

from __future__ import annotations

import facts
from kinds.grammar import Rng, cap

GIRLS = (
    "Mary Anna Sarah Alice Emma Lucy Jane Kate Laura Julia Helen Susan Nina Clara Rosa Maria Ella Sophie Lily Grace Ruth Amy Eva Ida Olga Nora Zoe Iris Vera Elena Molly "
    "Diana Rachel Linda Carol Nancy Karen Lisa Sandra Barbara Betty Tina Rose Holly Virginia Georgia Mia Hannah Ellen Jenny Maya Sue Ann Kim Beth Fatima Priya Mei Yuki Ingrid"
).split()
BOYS = (
    "John Peter Tom Bob James Paul David Mark Simon Daniel George Robert Frank Henry Victor Oscar Jack Ben Sam Max Leo Adam Eric Felix Hugo Martin Philip Karl Luke Andrew Chris "
    "Kevin Brian Steve Jim Bill Mike Tim Joe Dan Greg Davis Nick Ron Carl Ray Stan Fred Ken Gary Tony Ali Omar Ravi Chen Ivan Pedro Lars Noah Toby"
).split()
ALL_NAMES = GIRLS + BOYS
assert not set(ALL_NAMES) & set(facts.HELDOUT_NAMES)

OBJECTS = (
    "book ball key letter cake map lamp cup box ring coat ticket flower photo pen bag apple phone card rope gift bottle hat chair watch kite drum knife spoon plate basket blanket mirror "
    "hammer candle camera umbrella scarf puzzle toy train boat doll stone coin shell feather pencil bell broom bucket ladder wheel guitar flute pillow brush comb shoe glove jacket"
).split()
FOODS = "apple cake sandwich cookie pear banana orange pie carrot egg potato tomato cheese soup bread salad muffin pancake".split()
DISHES = "soup bread pie pancakes cookies cake salad pasta rice stew pizza jam porridge noodles dumplings".split()
PLACES = "store park school beach station market library kitchen garden office museum river bank restaurant hospital farm church zoo theater lake".split()
OUTSIDE = "park garden forest beach river field hill street yard lake farm meadow village market square harbor mountain valley".split()
INSIDE = "kitchen bedroom library school shop attic barn office museum cellar hall classroom bathroom".split()
SPOTS = "under the bed,behind the door,on the shelf,in the drawer,under the table,next to the window,behind the sofa,in the grass,near the old tree,under a leaf,on the roof,by the well,in the basket,at the bottom of the box".split(",")
PETS = "dog cat rabbit parrot kitten puppy pony hamster duck goat turtle mouse".split()
WILD = "fox bear owl deer frog squirrel hedgehog bird crow rabbit wolf mouse turtle beaver badger swan bee butterfly".split()
ANIMALS = sorted({a for a, _ in facts.ANIMALS} | set(PETS) | set(WILD))
COLOURS = "red blue green yellow white black brown orange pink purple grey golden silver".split()
SIZES = "big small little tiny large huge long short old new round heavy light broken shiny soft strange beautiful".split()
GOOD = "happy glad proud excited cheerful pleased thankful calm relieved delighted".split()
BAD = "sad tired hungry angry afraid cold lonely worried upset nervous sorry scared bored".split()
FEELINGS = GOOD + BAD
JOBS = "baker farmer teacher doctor nurse driver painter singer writer cook gardener fisherman tailor shopkeeper sailor carpenter librarian pilot engineer king queen".split()
KIN = "mother father sister brother grandmother grandfather aunt uncle cousin neighbor friend teacher".split()
WEATHER = "sunny rainy windy cold warm cloudy snowy foggy bright quiet hot stormy".split()
TIMES = "morning afternoon evening day night".split()
SKILLS = "swim,ride a bike,play the piano,draw a horse,read,bake bread,climb a tree,whistle,skate,sing,fly a kite,tie a knot,play chess,fish,dance,cook,sew,write a poem".split(",")
GAMES = "hide and seek,tag,chess,football,cards,catch,a guessing game,marbles".split(",")
THINGS = "value name list file table item node index key token event user page request result error model layer column row field".split()
MORE = "stone kiwi river cloud seven alpha beta delta paper silver tiger music salt iron moon glass north sugar pilot bread winter candle forest bridge pearl violin window ladder mirror pepper island rocket basket"
WORDS = sorted({*OBJECTS, *PLACES, *ANIMALS, *THINGS, *MORE.split()})

#: Syllables of invented names.
START = "b c d f g h j k l m n p r s t v w br ch dr gr kl sh st th tr".split()
VOWEL = "a e i o u a e i o ai ea ou".split()
AVOID = frozenset("Stalin Shit Klan Tit".split())
END = "n r l s t na ra la lo ro ne ria lin ton mer das bel vik".split()


def invented(r: Rng) -> str:
    while True:
        name = cap("".join(r.choice(START) + r.choice(VOWEL) for _ in range(r.randint(1, 2))) + r.choice(END))
        if name not in facts.HELDOUT_NAMES and name not in AVOID:
            return name


def people(r: Rng, count: int, known: float = 0.75) -> list[str]:
    """Different names; in some texts invented ones, so that a name is something to look up and not to know."""
    if r.random() < known:
        return r.sample(ALL_NAMES, count)
    found: set[str] = set()
    while len(found) < count:
        found.add(invented(r))
    return list(dict.fromkeys(sorted(found, key=lambda _: r.random())))


def pronouns(r: Rng, name: str) -> tuple[str, str, str]:
    """she, her, her or he, him, his; either for an invented name."""
    girl = name in GIRLS or (name not in BOYS and r.random() < 0.5)
    return ("she", "her", "her") if girl else ("he", "him", "his")


def cast(r: Rng) -> dict[str, str]:
    """Slots of a text with two people ({a}, {b}), their pronouns and a choice of things, places and words."""
    a, b, pet = people(r, 3, 0.85)
    she, her, hers = pronouns(r, a)
    she2, her2, hers2 = pronouns(r, b)
    thing, other = r.sample(OBJECTS, 2)
    out, out2 = r.sample(OUTSIDE, 2)
    inside, inside2 = r.sample(INSIDE, 2)
    good, good2 = r.sample(GOOD, 2)
    bad, bad2 = r.sample(BAD, 2)
    food, food2 = r.sample(FOODS, 2)
    spot, spot2 = r.sample(SPOTS, 2)
    return {
        "a": a, "b": b, "she": she, "her": her, "hers": hers, "she2": she2, "her2": her2, "hers2": hers2, "petname": pet, "thing": thing, "other": other,
        "out": out, "out2": out2, "inside": inside, "inside2": inside2, "good": good, "good2": good2, "bad": bad, "bad2": bad2, "food": food, "food2": food2,
        "spot": spot, "spot2": spot2, "pet": r.choice(PETS), "wild": r.choice(WILD), "colour": r.choice(COLOURS), "colour2": r.choice(COLOURS), "size": r.choice(SIZES),
        "job": r.choice(JOBS), "kin": r.choice(KIN), "weather": r.choice(WEATHER), "time": r.choice(TIMES), "skill": r.choice(SKILLS), "game": r.choice(GAMES),
        "dish": r.choice(DISHES), "day": r.choice(facts.DAYS), "month": r.choice(facts.MONTHS), "n": r.choice(facts.NUMBERS[2:13]), "age": str(r.randint(4, 12)),
        "place": r.choice(PLACES), "city": r.choice(("Paris", "London", "Rome", "Berlin", "Madrid", "Warsaw", "Tokyo", "Boston", "Chicago", "Cairo", "Oslo", "Lisbon", "Vienna")),
    }

"""A little story or report and one sentence that says what it was about, in the story's own words."""

from __future__ import annotations

from kinds.grammar import Rng, expand
from kinds.words import cast

#: (text, summary)
EVENTS = [tuple(block.strip().split("\n=> ")) for block in """
On {day}, {a} went to the {place} to [buy|sell|look for] a {thing}. The {place} was [closed|full of people|almost empty]. {a} met {b} there, and they talked for {n} hours. In the end {a} [came home without the {thing}|forgot the {thing}].
=> {a} went to the {place} for a {thing} and met {b}.
###
It was a {weather} {time} in {city}. {a} [lost|left] a {colour} {thing} [on the bus|at the {place}]. {b}, a {job}, found it {spot} and called {a} the same day. {a} was {good} and thanked {b}.
=> {b} found the {thing} that {a} had lost.
###
{a} wanted to learn to {skill}. {b} offered to help. They practiced every {day} for {n} weeks. At first it was hard, and {a} was {bad}. In {month}, {a} could do it at last.
=> {b} taught {a} to {skill}.
###
The old {place} in {city} will close in {month}. It was opened {age} years ago by {a}, a {job}. "I am {bad}," said {a}, "but I am too old for the work." {b} may buy the house and open a new {place}.
=> The {place} in {city} will close in {month}.
###
A {wild} [came into|was seen in] the {inside} of {a} on {day}. {a} was [afraid|surprised] and called {b}. {b} caught the {wild} with a {thing} and brought it back to the {out}. Nobody was hurt.
=> {b} caught a {wild} in the {inside} of {a}.
###
{a} and {b} [cooked|made] {dish} for {n} people. There was not enough [salt|sugar|milk], so {a} ran to the {place}. When {a} came back, the {dish} was [burned|ready|cold]. They ate it and laughed.
=> {a} and {b} made {dish} for {n} people.
###
There was a storm in {city} on {day}. The wind [broke a tree|took the roof] near the {place}. {a}, a {job}, helped {n} people to get out. {b} said, "{a} was very brave."
=> {a} helped {n} people in a storm in {city}.
###
{a} wrote a letter to {b}. {a} told {b} about the {out}, the {weather} days and the new {pet} called {petname}. {b} read the letter {n} times and put it {spot}. "I will go to {city}," said {b}.
=> {a} wrote {b} a letter about the {out} and a {pet} called {petname}.
""".split("###")]
LEADS = ("{t}\nSummary: {s}", "{t}\n\nSummary: {s}", "{t} In short: {s}", "{t}\nTL;DR: {s}", "{s}\n\n{t}", "{t}\nWhat happened? {s}", "Title: {s}\n\n{t}", "Text: {t}\nSummary: {s}")


def summary(r: Rng) -> str:
    text, short = r.choice(EVENTS)
    slots = cast(r)
    return r.choice(LEADS).format(t=expand(r, text, slots), s=expand(r, short, slots))

"""Dialogues: two people, one subject, questions that the other answers, and a name, thing or place that comes back."""

from __future__ import annotations

from kinds.grammar import Rng, expand
from kinds.words import cast

#: Exchanges of a subject: the two lines belong together, the order of exchanges is free after the first.
SUBJECTS = [[line.split(" / ") for line in block.strip().split("\n")] for block in """
[Hello|Hi|Good morning], {b}. [How are you|How are you today|How is your {kin}]? / [I am fine|I am well|Very well], thank you, {a}. [And you|How are you]?
I am [looking for|trying to find] my {colour} {thing}. Have you seen it? / [Yes, I think so.|Yes.|I saw it this morning.] The {thing} is {spot}.
[Are you sure|Did you see it yourself]? / [Yes, I am sure|I put it there myself|Well, it was there on {day}].
[Thank you|Thanks], {b}. [You are a great help|I need it today|I would be lost without you]. / [You are welcome|No problem|Any time], {a}.
###
[What are you doing|Are you busy], {b}? / I am [making {dish}|reading a book about the {out}|fixing my {thing}|writing to my {kin}].
[Can I help you|Do you need help|May I watch]? / [Yes, please|That would be nice|Of course]. [Take the {thing}|Sit down here|Give me the {colour} {thing}].
Where is the {thing}? / It is {spot}[| in the {inside}].
[Who taught you that|Where did you learn that]? / My {kin} [taught me|showed me how] when I was {age}.
###
Do you want to go to the {place} on {day}? / [Yes, I would love to|I can not on {day}|Maybe]. [When|At what time] do we meet?
[At|Let us meet at] {n} o'clock, [in front of the {place}|at the station|at my house]. / [Good|All right|Perfect]. I will be there at {n} o'clock.
Should I bring [a {thing}|some {dish}|my {kin}]? / [Yes, please do|No, that is not necessary|If you like].
[Is {petname} coming too|What about {petname}]? / {petname} [is ill|has to work|will come later|is already there].
[See you on {day}|Until {day}], {b}. / [See you|Goodbye], {a}. [Do not be late|I am looking forward to it|Say hello to your {kin}].
###
[Excuse me|Sorry], where is the {place}? / [It is|The {place} is] [next to|behind|near|across from] the [station|church|bank|big {out}].
[Is it far|How far is it]? / [No, only|It is about] {n} minutes [by bus|on foot].
[Which bus goes there|Can I take the bus]? / [Yes, take|Take] number {n}. [It stops here|It comes every {n} minutes].
Thank you. I am new in {city}. / Welcome to {city}. [I hope you like it|It is a nice town|I have lived in {city} for {n} years].
###
How much is [the|this] {colour} {thing}? / [It is|It costs] {n} dollars.
[That is expensive|That is cheap|Hm]. And the {other}? / The {other} is {age} dollars.
[I will take|Then I will take] the {thing}. / [Good choice|Very well]. That is {n} dollars, please.
Do you have it in {colour2}? / [No, only in {colour}|Yes, there is one in {colour2} {spot}|I can ask my {kin}].
###
[What is wrong|You look {bad}], {b}. / I [lost my {thing}|had a bad day|can not find my {pet}|had a fight with {petname}].
[I am sorry|Oh no|That is bad]. [When did it happen|What happened]? / [On {day}|Yesterday|This morning], [at the {place}|in the {out}].
[Can I do something|Let me help you|Shall we go there together]? / [Thank you, {a}|That is kind of you|Maybe tomorrow]. [You are a good friend|I feel better now].
[Everything will be fine|It will be better tomorrow|We will find a way]. / I hope so.
###
What is your favorite [animal|food|color|day]? / [I like {pet}s best|I like {dish}|I like {colour}|It is {day}]. [And yours|What about you]?
[I like {wild}s|I like {dish} too|Mine is {colour2}|Mine too]. / Why?
Because [it reminds me of {city}|my {kin} liked it too|it makes me {good}|it is so {size}]. / [I understand|That is a good reason|Me too].
###
Did you [hear|know] about {petname}? / No, what [happened|is it]?
{petname} [moved to {city}|got a new {pet}|found a job as a {job}|won a {thing}]. / [Really|Is that true]? [When|Since when]?
[Last {day}|In {month}|A week ago]. / [Good for {petname}|I am glad to hear that|I want to write to {petname}].
""".split("###")]


def dialogue(r: Rng) -> str:
    slots = cast(r)
    first, *rest = r.choice(SUBJECTS)
    exchanges = [first, *(e for e in rest if r.random() < 0.8)]
    style = r.choice(("script", "script", "quoted", "dash", "short"))
    lines: list[str] = []
    for question, answer in exchanges:
        q, a = expand(r, question, slots), expand(r, answer, slots)
        if style == "script":
            lines += [f"{slots['a']}: {q}", f"{slots['b']}: {a}"]
        elif style == "short":
            lines += [f"A: {q}", f"B: {a}"]
        elif style == "dash":
            lines += [f"- {q}", f"- {a}"]
        else:
            ask = "asked" if q.endswith("?") else "said"
            inner = q[:-1] + "," if q.endswith(".") else q
            answer_inner = a[:-1] + "," if a.endswith(".") else a
            lines += [f"\"{inner}\" {ask} {slots['a']}.", f"\"{answer_inner}\" {'asked' if a.endswith('?') else r.choice(('said', 'said', 'answered', 'replied'))} {slots['b']}."]
    return ("\n" if style != "quoted" else r.choice((" ", "\n"))).join(lines)

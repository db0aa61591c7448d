"""Templates: `[one|two|]` is a choice, `{slot}` a filled-in word, `a~ word` the right article; sentences begin with a capital."""

from __future__ import annotations

import random
import re
from typing import Mapping

Rng = random.Random
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def an(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def expand(r: Rng, template: str, slots: Mapping[str, object] | None = None) -> str:
    """One text of a template; choices may be nested, and are made before the slots are filled."""
    while "[" in template:
        template = _CHOICE.sub(lambda m: r.choice(m.group(1).split("|")), template)
    text = template.format_map({k: str(v) for k, v in (slots or {}).items()})
    text = re.sub(r"\b([Aa])~ (\w)", lambda m: m.group(1) + ("n " if m.group(2) in "aeiouAEIOU" else " ") + m.group(2), text)
    text = re.sub(r" +([.,!?])", r"\1", re.sub(r"  +", " ", text)).strip()
    return re.sub(r"(^|[.!?] |\n)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)

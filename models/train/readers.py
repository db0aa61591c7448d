"""Text out of the less usual file formats of the packages: compressed Bible modules, R's data files, gettext catalogues."""

from __future__ import annotations

import gettext
import html
import io
import re
import zlib
from typing import Iterator

#: A run of this many characters is a document where a text has no pages of its own.
PIECE = 12_000
_CHINESE = re.compile("[\u4e00-\u9fff]")


def pieces(text: str) -> Iterator[str]:
    """A long text cut at ends of lines or sentences into pieces of some pages."""
    start = 0
    while start < len(text):
        end = re.compile(r"\n|[.!?]\"? ").search(text, start + PIECE)
        stop = end.end() if end else len(text)
        yield text[start:stop]
        start = stop


def zlib_streams(raw: bytes) -> Iterator[bytes]:
    """Every zlib stream of a file, whatever lies between them."""
    at = raw.find(b"\x78\x9c")
    while at >= 0:
        stream = zlib.decompressobj()
        try:
            yield stream.decompress(raw[at:])
            at = len(raw) - len(stream.unused_data)
        except zlib.error:
            at += 2
        at = raw.find(b"\x78\x9c", at)


def bible_module(raw: bytes) -> str:
    """A module of the SWORD project (`.bzz`): compressed books with markup inside."""
    text = b"".join(zlib_streams(raw)).decode("utf-8", "replace")
    text = re.sub(r"<(note|title)\b.*?</\1>", "", text, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" +([,.;:?!’”])", r"\1", re.sub(r"\n\s*", "\n", text))
    text = re.sub(r'([\s,(]["“]) (?=\w)', r"\1", text)
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def r_strings(raw: bytes) -> str:
    """The text lines in R's lazy-load data (`.rdb`), where every object is a zlib stream."""
    lines: list[str] = []
    for data in zlib_streams(raw):
        # A string is the type 9 with its encoding bits, then its length, then its bytes.
        for match in re.finditer(rb"\x00[\x00\x04][\x00\x40\x80]\x09\x00\x00([\x00-\x03].)", data, re.S):
            size = int.from_bytes(match.group(1), "big")
            lines.append(data[match.end() : match.end() + size].decode("utf-8", "replace"))
    return re.sub(r"(?<!\n)\n(?!\n)", " ", "\n".join(lines))  # the lines of a paragraph are joined


def catalogue(raw: bytes) -> str:
    """The translated messages of a gettext catalogue (`.mo`), one a line, those that are a phrase or more."""
    messages = gettext.GNUTranslations(io.BytesIO(raw))._catalog.values()  # type: ignore[attr-defined]
    return "\n".join(m for m in messages if isinstance(m, str) and len(_CHINESE.findall(m)) >= 6)


def quoted_chinese(text: str) -> str:
    """The quoted strings of a JSON or JavaScript table that are Chinese phrases, one a line."""
    found = re.findall(r'"((?:[^"\\\n]|\\.)*)"', text)
    return "\n".join(re.sub(r"\\n|\\t", " ", s).replace('\\"', '"') for s in found if len(_CHINESE.findall(s)) >= 6)


def chinese_share(text: str) -> float:
    return len(_CHINESE.findall(text[:20000])) / max(1, len(text[:20000]))

"""Ids, bytes and UTF-16 ranges of a text's tokens, by Hugging Face's own tokenizers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from checkpoints import END_OF_TEXT


class Token(TypedDict):
    id: int
    # The token's bytes, and these decoded as UTF-8 with U+FFFD for parts of characters.
    hex: str
    text: str
    # UTF-16 range; a character split over tokens belongs to the token with its first byte.
    start: int
    end: int


class Tokenization(TypedDict):
    text: str
    tokens: list[Token]


# Texts on which tokenizers and token-to-text mappings go wrong.
TRICKY_TEXTS = [
    "The capital of Italy is",
    "def f(x):\r\n\treturn x  # two  spaces\r\n\r\n",
    "trailing spaces   ",
    "   ",
    "\n\n\t \n",
    "a\rb\r\nc\nd",
    "nul\0byte, bom\ufeffinside",
    "\ufeffbom first",
    "next\u0085line\u2028separator\u2029paragraph\u00a0nbsp",
    "模型为什么这样预测？",
    "👩‍👩‍👧‍👦 family, 👍🏽 skin, 🇨🇳 flag",
    "e\u0301 and é, n\u0303, \u1100\u1161\u11a8",
    "\u202bשלום עולם\u202c מרחבא",
    "naïve café – “quotes” … ½",
    "𝒳 ∈ ℝ, 𠮷野家",
    "it's we're I'D they'll can't",
    f"typed {END_OF_TEXT} is text",
    "1234567890 3.14159 0xFF",
    "<script>alert('&amp;')</script> [x](command:y)",
]


@dataclass(frozen=True)
class ReferenceTokenizer:
    """Byte-level BPE without special tokens in texts."""

    tokenizer: Tokenizer
    end_of_text: int
    _bytes: dict[str, int]

    @staticmethod
    def load(folder: Path, end_of_text: int) -> ReferenceTokenizer:
        """Reads tokenizer.json, or vocab.json with merges.txt, from a checkpoint folder."""
        file = folder / "tokenizer.json"
        if file.exists():
            tokenizer = Tokenizer.from_file(str(file))
        else:
            bpe = models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt"))
            tokenizer = Tokenizer(bpe)
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
            tokenizer.decoder = decoders.ByteLevel()
            tokenizer.add_special_tokens([END_OF_TEXT])
        if tokenizer.token_to_id(END_OF_TEXT) != end_of_text:
            raise ValueError(f"{folder.name}: {END_OF_TEXT} is not the token #{end_of_text}")
        # What a person types is text, also where it reads like the special token.
        tokenizer.encode_special_tokens = True
        return ReferenceTokenizer(tokenizer, end_of_text, _byte_alphabet())

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def bytes_of(self, id: int) -> bytes:
        """The bytes a token stands for; none for the special token."""
        if id == self.end_of_text:
            return b""
        return bytes(self._bytes[character] for character in self.tokenizer.id_to_token(id))

    def text_of(self, id: int) -> str:
        return END_OF_TEXT if id == self.end_of_text else self.bytes_of(id).decode("utf-8", "replace")

    def tokenization(self, text: str) -> Tokenization:
        """Checks that the pieces are the text's UTF-8 and lays them out on its UTF-16 code units."""
        utf8 = text.encode()
        # units[b]: UTF-16 units of the characters that begin before byte b.
        units = [0]
        for character in text:
            size = len(character.encode())
            units += [units[-1] + len(character.encode("utf-16-le")) // 2] * size
        tokens: list[Token] = []
        offset = 0
        for id in self.encode(text):
            piece = self.bytes_of(id)
            end = offset + len(piece)
            if utf8[offset:end] != piece:
                raise ValueError(f"token #{id} is not what stands at byte {offset} of {text!r}")
            tokens.append(
                Token(id=id, hex=piece.hex(), text=self.text_of(id), start=units[offset], end=units[end])
            )
            offset = end
        if offset != len(utf8):
            raise ValueError(f"tokens end at byte {offset} of {len(utf8)} in {text!r}")
        return Tokenization(text=text, tokens=tokens)

    def cut(self, text: str, tokens: int) -> str:
        """The beginning of `text` that is exactly `tokens` tokens."""
        for end in range(len(text), 0, -1):
            if len(self.encode(text[:end])) == tokens:
                return text[:end]
        raise ValueError(f"{text!r} has no beginning of {tokens} tokens")


def _byte_alphabet() -> dict[str, int]:
    """GPT-2's printable stand-in for each byte, as `bytes_to_unicode` in its encoder.py defines it."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(others)}

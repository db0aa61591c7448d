"""Which texts and questions the golden files are made of."""

from __future__ import annotations

from collections.abc import Sequence

from attribution import BASELINES, OBJECTIVES, Objective
from cases import ExplanationPlan, SequencePlan
from tokens import TRICKY_TEXTS, ReferenceTokenizer

TEXT = (
    "Why 模型? When Mary and John went to the shop, John gave the bag to Mary, and then the lazy dog "
    "jumped over the keys to the cabinet, which are not on the table in the sun."
)
SHORT_TEXT = "The keys to the cabinet are"

# Texts for the bundled model: prose, code with indents, split characters, joined emoji.
SENTENCE = "The function returns a list of all the files in the current"
SNIPPET = "def fibonacci(n):\n    if n < 2:\n        return n\n    return fibonacci("
CHINESE = "模型为什么这样预测？"
EMOJI = "A family 👩‍👩‍👧‍👦 and a flag 🇨🇳"


def random_plans(
    tokenizer: ReferenceTokenizer, positions: int, kinks: bool
) -> tuple[list[str], list[SequencePlan], list[ExplanationPlan]]:
    """`kinks`: the activation is ReLU, whose gradient jumps, so integrals are only found to about 1e-3."""

    def explain(
        sequence: str, at: int, objectives: Sequence[Objective], ranges: Sequence[tuple[int, int]]
    ) -> ExplanationPlan:
        tolerance = 1e-3 if kinks else 1e-10
        return ExplanationPlan(sequence, at, objectives, ranges, BASELINES, tolerance, kinks)

    full = positions - 1
    sequences = [
        SequencePlan("single", "T", bos=False),
        SequencePlan("seven", tokenizer.cut(SHORT_TEXT, 7), bos=False, generate=12),
        SequencePlan("bos", tokenizer.cut(SHORT_TEXT, 5), bos=True, generate=12),
        SequencePlan(
            "full",
            tokenizer.cut(TEXT, full),
            bos=True,
            whole_rows=(0, 1, 7, -2, -1),
            heads=((0, 0),),
            residuals=False,
        ),
    ]
    explanations = [
        explain("single", 1, OBJECTIVES, [(0, 1)]),
        explain("seven", 7, OBJECTIVES, [(0, 7), (4, 7)]),
        # Inside the text: what stands at the predicted position or after it cannot matter.
        explain("seven", 4, ["contrast", "log-prob"], [(0, 4), (2, 4), (1, 7)]),
        explain("bos", 5, ["contrast", "log-prob"], [(0, 5), (3, 5)]),
        explain("full", full, ["contrast", "probability"], [(0, full), (full - 8, full)]),
    ]
    return TRICKY_TEXTS, sequences, explanations


def bundled_plans(
    tokenizer: ReferenceTokenizer, layers: int, heads: int
) -> tuple[list[str], list[SequencePlan], list[ExplanationPlan]]:
    def plan(name: str, text: str, bos: bool, generate: int = 0) -> SequencePlan:
        return SequencePlan(
            name,
            text,
            bos,
            whole_rows=(-1,),
            logit_stride=101,
            heads=((0, 0), (layers - 1, heads - 1)),
            residuals=False,
            generate=generate,
        )

    sequences = [
        plan("sentence", SENTENCE, bos=False, generate=20),
        plan("snippet", SNIPPET, bos=True, generate=20),
        plan("chinese", CHINESE, bos=False),
        plan("emoji", EMOJI, bos=True),
    ]
    length = len(tokenizer.encode(SENTENCE))
    explanations = [
        ExplanationPlan("sentence", length, OBJECTIVES, [], [], 1e-8),
        ExplanationPlan(
            "sentence", length, ["contrast"], [(0, length), (length // 2, length)], ["zero"], 1e-8
        ),
    ]
    return TRICKY_TEXTS, sequences, explanations

"""Which texts and questions the golden files are made of."""

from __future__ import annotations

from collections.abc import Sequence

from attention import AttentionPlans
from attribution import BASELINES, OBJECTIVES, Objective
from cases import ExplanationPlan, SequencePlan
from parts import AblationPlan, DistributionPlan, LensPlan
from removal import RemovalPlans
from tokens import TRICKY_TEXTS, ReferenceTokenizer
from verbs import PenaltyPlan, PhrasePlan, VerbPlans, WindowPlan

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


def distribution_plans(
    middle: str, end: str, layers: int, heads: int
) -> tuple[DistributionPlan, ...]:
    """Inside of the sequence `middle` and after `end`: all, cut in every way, and without heads."""
    last = (layers - 1, heads - 1)
    return (
        DistributionPlan(middle),
        DistributionPlan(middle, at=3, temperature=0.7),
        DistributionPlan(end, temperature=0.8, top_k=5),
        DistributionPlan(end, temperature=1.5, top_p=0.6),
        DistributionPlan(middle, at=2, temperature=0.6, top_k=40, top_p=0.9),
        DistributionPlan(end, without=((0, 0),)),
        DistributionPlan(middle, temperature=0.9, top_p=0.7, without=((0, 0), last)),
        DistributionPlan(end, without=tuple((0, head) for head in range(heads))),
    )


def random_verb_plans(
    tokenizer: ReferenceTokenizer, positions: int, layers: int, heads: int
) -> VerbPlans:
    sequences = (
        SequencePlan("seven", tokenizer.cut(SHORT_TEXT, 7), bos=False),
        SequencePlan("bos", tokenizer.cut(SHORT_TEXT, 5), bos=True),
        SequencePlan("full", tokenizer.cut(TEXT, positions - 1), bos=True),
    )
    return VerbPlans(
        sequences,
        windows=(
            WindowPlan(TEXT, bos=False, stride=positions // 2),
            WindowPlan(TEXT, bos=True, stride=positions - 2),
            WindowPlan(TEXT, bos=False, stride=1),
        ),
        rollouts=(("seven", None), ("bos", None), ("full", (-1,))),
        phrases=(
            PhrasePlan("seven", tokenizer.cut(" table in the sun", 3), ((0, 7), (4, 7))),
            PhrasePlan("bos", tokenizer.cut(" lazy dogs", 2), ((0, 5),)),
        ),
        penalties=(PenaltyPlan("seven", 0.8, 12), PenaltyPlan("bos", 1.3, 12)),
        distributions=distribution_plans("seven", "bos", layers, heads),
        lenses=(LensPlan("seven"), LensPlan("bos", followed=7), LensPlan("full")),
        ablations=(AblationPlan("seven"), AblationPlan("bos", contrast=False), AblationPlan("full")),
    )


def bundled_verb_plans(tokenizer: ReferenceTokenizer, layers: int, heads: int) -> VerbPlans:
    sequences = (
        SequencePlan("sentence", SENTENCE, bos=False),
        SequencePlan("snippet", SNIPPET, bos=True),
    )
    length = len(tokenizer.encode(SENTENCE))
    return VerbPlans(
        sequences,
        windows=(WindowPlan(SNIPPET * 20, bos=False, stride=400),),
        rollouts=(("sentence", (-1,)), ("snippet", (-1,))),
        phrases=(PhrasePlan("sentence", " working set", ((0, length),), ("zero",)),),
        penalties=(PenaltyPlan("sentence", 1.2, 20), PenaltyPlan("snippet", 1.2, 20)),
        distributions=distribution_plans("sentence", "snippet", layers, heads),
        lenses=(LensPlan("sentence"), LensPlan("snippet", followed=300)),
        ablations=(AblationPlan("sentence"), AblationPlan("snippet")),
    )


def random_attention_plans(tokenizer: ReferenceTokenizer, positions: int) -> AttentionPlans:
    sequences = (
        SequencePlan("seven", tokenizer.cut(SHORT_TEXT, 7), bos=False),
        SequencePlan("bos", tokenizer.cut(SHORT_TEXT, 5), bos=True),
    )
    return AttentionPlans(sequences, copy=min(12, positions // 2), copies=3)


def bundled_attention_plans(tokenizer: ReferenceTokenizer) -> AttentionPlans:
    return AttentionPlans((SequencePlan("words", tokenizer.cut(SENTENCE, 8), bos=True),), copy=24, copies=3)


def random_removal_plans(tokenizer: ReferenceTokenizer, together: bool) -> RemovalPlans:
    """`together`: the model is small enough to go through all pairs of tokens."""
    sequences = (
        SequencePlan("seven", tokenizer.cut(SHORT_TEXT, 7), bos=False),
        SequencePlan("bos", tokenizer.cut(SHORT_TEXT, 5), bos=True),
    )
    return RemovalPlans(sequences, refilled_together=(1, 3) if together else None)


def bundled_removal_plans(tokenizer: ReferenceTokenizer) -> RemovalPlans:
    return RemovalPlans(
        (SequencePlan("words", tokenizer.cut(SENTENCE, 8), bos=True),), ("contrast",), refilled=(5,)
    )

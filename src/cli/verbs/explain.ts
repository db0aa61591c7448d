import type { Evidence, Explanation } from '../../protocol/results.ts';
import { explanationJson } from '../json.ts';
import { methodFlags } from '../options.ts';
import { evidenceParams, explainParams, methodOptionValues, tokenRange } from '../params.ts';
import { printEvidence } from '../print/evidence.ts';
import { printExplanation } from '../print/explanation.ts';
import { readSegments } from '../segments.ts';
import { selectTokens, tokenize } from '../tokens.ts';
import { type Verb, withEngine } from '../verb.ts';

interface Answer {
  explanation: Explanation;
  evidence?: Evidence;
}

export const explain: Verb = {
  summary: 'which tokens moved the prediction, which way and how much',
  argument: 'text',
  options: [
    ...(['target', 'foil', 'at', 'from', 'to', 'method', 'objective', 'baseline'] as const),
    ...methodFlags,
    ...(['evidence', 'bos', 'model', 'json'] as const),
  ],
  async run(call) {
    const { text, screen } = call;
    const { segments } = call.values;
    const values =
      segments === undefined ? call.values : { ...call.values, segments: readSegments(segments) };
    const params = explainParams(values, text);
    const part = tokenRange(values);
    const tokens = part && text !== '' ? tokenize(params.modelDir, text) : null;
    const selected = part && tokens ? selectTokens(tokens, part) : { first: 0, range: params.range };
    const asked = { ...params, range: selected.range };
    const { explanation, evidence } = await withEngine<unknown, Answer>(call, async (engine, run) => {
      const explained = await engine.explain(asked, run);
      if (values.evidence === undefined) return { explanation: explained };
      return {
        explanation: explained,
        evidence: await engine.evidence(evidenceParams(asked, explained), run),
      };
    });
    if (values.json !== undefined) {
      const all = { ...explanation, ...(evidence && { evidence }) };
      return screen.writeAll(explanationJson(all, methodOptionValues(values, params.method)));
    }

    const first = Math.max(selected.first, explanation.receipt.droppedTokens);
    const predictedAt = explanation.target.span?.start ?? text.length;
    await screen.write(printExplanation({ explanation, text, first, predictedAt }, screen));
    if (evidence) await screen.write(`\n${printEvidence(evidence, screen)}`);
  },
};

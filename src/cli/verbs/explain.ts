import type { Explanation, PartialExplanation } from '../../protocol/results.ts';
import { explanationJson } from '../json.ts';
import { methodFlags } from '../options.ts';
import { explainParams, methodOptionValues, tokenRange } from '../params.ts';
import { printExplanation } from '../print/explanation.ts';
import { selectTokens, tokenize } from '../tokens.ts';
import { type Verb, withEngine } from '../verb.ts';

export const explain: Verb = {
  summary: 'which tokens moved the prediction, which way and how much',
  readsText: true,
  options: [
    ...(['target', 'foil', 'at', 'from', 'to', 'method', 'objective', 'baseline'] as const),
    ...methodFlags,
    ...(['bos', 'model', 'json'] as const),
  ],
  async run(call) {
    const { values, text, screen } = call;
    const params = explainParams(values, text);
    const part = tokenRange(values);
    const tokens = part && text !== '' ? tokenize(params.modelDir, text) : null;
    const selected = part && tokens ? selectTokens(tokens, part) : { first: 0, range: params.range };
    const explanation = await withEngine<PartialExplanation, Explanation>(call, (engine, run) =>
      engine.explain({ ...params, range: selected.range }, run),
    );
    if (values.json !== undefined)
      return screen.writeAll(explanationJson(explanation, methodOptionValues(values, params.method)));

    const first = Math.max(selected.first, explanation.receipt.droppedTokens);
    const predictedAt = explanation.target.span?.start ?? text.length;
    await screen.write(printExplanation({ explanation, text, first, predictedAt }, screen));
  },
};

/** What becomes of a prediction without some of the tokens that were explained. */
import type { Progress, RemoveParams } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { refillSamples, removals } from '../../protocol/methods.ts';
import type { Removed } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { withQuestion } from '../question/question.ts';
import type { Run } from '../run.ts';

/** f(x), then f without the tokens: once by each operator, by `refill` once for each text that it draws. */
const evaluations = removals.length + refillSamples;

/**
 * @throws EngineError as `explain`, and `option-invalid` for a token that is not explained or that is given twice
 */
export async function remove(model: Gpt2, params: RemoveParams, run: Run<Progress>): Promise<Removed> {
  const { tokens, seed } = params;
  const report = (done: number) => run.report({ stage: 'explaining', done, total: evaluations });
  // By no method in particular: its own needs are none.
  const asked = { ...params, method: 'occlusion' as const };
  return withQuestion(
    model,
    asked,
    run,
    async ({ f, receipt }) => {
      const once = new Set(tokens);
      const unknown = tokens.find((token) => token >= f.count);
      if (unknown !== undefined || once.size < tokens.length) {
        const expected = `0 … ${f.count - 1}`;
        throw new EngineError('option-invalid', { option: 'tokens', value: tokens.join(), expected });
      }
      const without: Removed['without'] = [];
      const [whole] = await f.without([[]], { removal: 'baseline', seed });
      for (const removal of removals) {
        const [left] = await f.without([tokens], { removal, seed });
        without.push({ removal, ...left! });
      }
      return {
        receipt: { ...(await receipt.final()), tokens: [...tokens], seed },
        value: whole!.value,
        without,
      };
    },
    report,
  );
}

/** An adversarial test of a text: how many single edits of each kind change what the model says after it. */
import type { AdversarialParams, Progress } from '../../protocol/engine.ts';
import type { Adversarial, PartialAdversarial } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';
import { askedOf } from '../search/asked.ts';
import { withSearch } from '../search/search.ts';
import { testEdits } from '../search/testEdits.ts';

/** @throws EngineError as `flip` */
export async function adversarial(
  model: Gpt2,
  params: AdversarialParams,
  run: Run<Progress<PartialAdversarial>>,
): Promise<Adversarial> {
  const receipts = receiptsOf(model, run);
  const { budget } = params;
  const onEvaluated = (done: number) => run.report({ stage: 'evaluating', done, total: budget });
  const { tested, about, dropped } = await withSearch(
    model,
    params,
    run,
    async (search) => {
      const tested = await testEdits(search, params, (partial) =>
        run.report({ stage: 'evaluating', done: partial.evaluations, total: budget, partial }),
      );
      const about = askedOf(params, search, search.located);
      return { tested, about, dropped: search.located.reading.dropped };
    },
    onEvaluated,
  );
  return { receipt: { ...(await receipts.final(params, dropped)), ...about }, ...tested };
}

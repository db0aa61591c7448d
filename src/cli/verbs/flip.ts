import type { Adversarial, Flipped, PartialAdversarial, PartialFlip } from '../../protocol/results.ts';
import { adversarialPairs, asJsonLines } from '../../text/adversarialPairs.ts';
import { adversarialParams, flipParams } from '../params.ts';
import { printAdversarial } from '../print/adversarial.ts';
import { printFlip } from '../print/flip.ts';
import { UsageError } from '../usageError.ts';
import { type Call, type Verb, withEngine } from '../verb.ts';

const onlyTest = ['worst', 'pairs'] as const;
const onlySearch = ['max-edits', 'max-distance', 'max-perplexity'] as const;

export const flip: Verb = {
  summary: 'the smallest edit that changes the prediction, or a test by many edits',
  argument: 'text',
  options: [
    ...(['to', 'below-rank', 'target', 'at', 'keep', 'words-only', 'same-form', 'kinds', 'budget'] as const),
    ...onlySearch,
    ...(['seed', 'test'] as const),
    ...onlyTest,
    ...(['bos', 'model', 'json'] as const),
  ],
  async run(call) {
    const { values } = call;
    if (values.test !== undefined) {
      const foreign = onlySearch.find((name) => values[name] !== undefined);
      if (foreign) throw new UsageError(`--test tries single edits: leave --${foreign} out.`);
      return test(call);
    }
    const foreign = onlyTest.find((name) => values[name] !== undefined);
    if (foreign) throw new UsageError(`--${foreign} belongs to --test. Add that, or leave --${foreign} out.`);
    return search(call);
  },
};

async function search(call: Call): Promise<void> {
  const { values, screen, text } = call;
  const params = flipParams(values, text);
  const answer = await withEngine<PartialFlip, Flipped>(call, (engine, run) => engine.flip(params, run));
  if (values.json === undefined) return screen.write(printFlip(answer, screen));
  const { receipt, found, before, after, evaluations, perplexityRatio } = answer;
  const edits = answer.edits.map(({ start, end, old, new: put }) => ({ start, end, old, new: put }));
  const printed = { receipt, found, text: answer.text, edits, before, after, evaluations, perplexityRatio };
  return screen.write(`${JSON.stringify(printed)}\n`);
}

async function test(call: Call): Promise<void> {
  const { values, screen, text } = call;
  if (values.json !== undefined && values.pairs !== undefined)
    throw new UsageError('--json prints one object and --pairs many. Leave one of them out.');
  const params = adversarialParams(values, text);
  const answer = await withEngine<PartialAdversarial, Adversarial>(call, (engine, run) =>
    engine.adversarial(params, run),
  );
  if (values.pairs !== undefined) return screen.write(asJsonLines(adversarialPairs(text, answer)));
  if (values.json !== undefined) return screen.write(`${JSON.stringify(answer)}\n`);
  return screen.write(printAdversarial(answer, screen));
}

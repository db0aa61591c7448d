import {
  type AttributionMethodId,
  chooseMethod,
  type MethodOptionValues,
} from '../../../../src/protocol/methods.ts';
import type { Explanation } from '../../../../src/protocol/results.ts';
import { tokenName } from '../../../../src/text/pieceNames.ts';
import { inEnglish } from '../../../../src/text/telling/telling.ts';
import { quoted } from '../../../../src/text/visible.ts';

export const telling = inEnglish((token) => quoted(tokenName(token)));

type Changes = Omit<Partial<Explanation>, 'receipt'> & {
  /** The method's options too. */
  receipt?: Partial<Omit<Explanation['receipt'], 'method'>> &
    Partial<MethodOptionValues> & { method?: AttributionMethodId };
};

/** Why " Paris" and not " the" after "The capital": +1.5 for and −0.5 against, δ = 0.01 of a difference of 0.99. */
export function explanationWith({ receipt, ...changes }: Changes = {}): Explanation {
  const {
    method = 'integrated-gradients',
    steps = 'auto',
    tolerance = 0.02,
    removal,
    ...other
  } = receipt ?? {};
  return {
    receipt: {
      ...{ whytoken: '1.2.3', model: { name: 'm', sha256: 'ab' }, textSha256: 'cd', bos: false },
      ...{
        droppedTokens: 0,
        milliseconds: 1234,
        range: { start: 0, end: 11 },
        target: 7,
        foil: [8, 9],
        at: 2,
      },
      ...{ objective: 'contrast', baseline: 'mean' },
      ...other,
      ...chooseMethod(method, { steps, tolerance, ...(removal && { removal }) }),
    },
    tokens: [
      { id: 1, text: 'The', start: 0, end: 3, score: 1.5 },
      { id: 2, text: ' capital', start: 3, end: 11, score: -0.5 },
    ],
    target: { id: 7, text: ' Paris', position: 2, span: null, probability: 0.41 },
    foil: { id: 8, ids: [8], text: ' the', probability: 0.12 },
    ...{ value: 2.99, baselineValue: 2, delta: 0.01, evaluations: 1025 },
    ...{ layers: null, refining: false, next: [] },
    ...changes,
  };
}

export const notKnown = { value: null, baselineValue: null, delta: null, refining: true } as const;

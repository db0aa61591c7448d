/**
 * What the engine answers: plain data without sentences, which can be structured-cloned. These are the types; their
 * schemas are in results/.
 *
 * Units: probabilities in [0, 1]; log-probabilities, entropies and logits in nats; offsets are UTF-16 code
 * units of the text in the request; token positions are indices into the request's own tokens, without BOS.
 */
export type * from './objectives.ts';
export type * from './results/attention.ts';
export type * from './results/common.ts';
export type * from './results/contextProbe.ts';
export type * from './results/distribution.ts';
export type * from './results/evaluated.ts';
export type * from './results/evidence.ts';

export type * from './results/explanation.ts';
export type * from './results/flip.ts';
export type * from './results/generation.ts';
export type * from './results/heads.ts';
export type * from './results/importance.ts';
export type * from './results/lens.ts';
export type * from './results/receipt.ts';
export type * from './results/removed.ts';
export type * from './results/scores.ts';
export type * from './results/structure.ts';
export type * from './results/tokens.ts';

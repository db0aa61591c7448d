/** The part of the receipt that all results share. */
import type { ModelText } from '../../protocol/engine.ts';
import type { Receipt, ReceiptSoFar } from '../../protocol/results.ts';
import { sha256 } from '../../text/sha256.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Run } from '../run.ts';
import { whytokenVersion } from '../versions.ts';

export interface Receipts {
  /** The receipt of a partial result. It never waits for the hash of a checkpoint that has just been opened. */
  soFar(text: ModelText, droppedTokens: number): ReceiptSoFar;
  /** @throws EngineError `cancelled` while it waits for the hash; `file-changed`, `file-unreadable` */
  final(text: ModelText, droppedTokens: number): Promise<Receipt>;
}

/** The time on the receipts counts from this call. */
export function receiptsOf({ checkpoint: { name, fingerprint } }: Gpt2, run: Run<never>): Receipts {
  const started = performance.now();
  const stamped = ({ text, bos }: ModelText, droppedTokens: number) => ({
    whytoken: whytokenVersion,
    textSha256: sha256(text),
    bos,
    droppedTokens,
    milliseconds: performance.now() - started,
  });
  return {
    soFar: (text, dropped) => ({ ...stamped(text, dropped), model: { name, sha256: fingerprint.known } }),
    async final(text, dropped) {
      const hash = await fingerprint.of(run);
      return { ...stamped(text, dropped), model: { name, sha256: hash } };
    },
  };
}

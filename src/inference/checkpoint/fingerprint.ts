/** What identifies a checkpoint on receipts. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { OpenedFile } from './openedFile.ts';
import type { Fingerprint } from './types.ts';

const sliceBytes = 1 << 22;

/** @param config the bytes of config.json */
export function fingerprintOf(config: Uint8Array, weights: OpenedFile): Fingerprint {
  let reading: Promise<string> | undefined;
  let known: string | null = null;
  const read = async () => {
    known = await hashFiles(config, weights);
    return known;
  };
  return {
    get known() {
      return known;
    },
    async of(run) {
      run.throwIfAborted();
      reading ??= read();
      return run.unlessAborted(reading);
    },
  };
}

async function hashFiles(config: Uint8Array, weights: OpenedFile): Promise<string> {
  const hash = createHash('sha256').update(config);
  for (let position = 0; position < weights.size; position += sliceBytes) {
    hash.update(weights.read(position, Math.min(sliceBytes, weights.size - position)));
    await setImmediate();
  }
  weights.assertUnchanged();
  return hash.digest('hex');
}

/** What identifies a checkpoint on receipts. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { KnownHashes } from './knownHashes.ts';
import type { OpenedFile } from './openedFile.ts';
import type { Fingerprint } from './types.ts';

const sliceBytes = 1 << 22;

/**
 * Read once per process, in the background; not at all where an earlier process has read the same files.
 * @param config the bytes of config.json
 */
export function fingerprintOf(
  config: Uint8Array,
  weights: OpenedFile,
  hashes = KnownHashes.ofProcess(),
): Fingerprint {
  const key = `${createHash('sha256').update(config).digest('hex')} ${weights.identity}`;
  let reading: Promise<string> | undefined;
  let known = hashes.get(key);
  const read = async () => {
    if (known !== null) weights.assertUnchanged();
    else {
      known = await hashFiles(config, weights);
      hashes.add(key, known);
    }
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

/** What identifies a checkpoint on receipts. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { OpenedFile } from './openedFile.ts';

const sliceBytes = 1 << 22;

/**
 * SHA-256 of config.json's bytes followed by those of model.safetensors, hex. Other work runs between two slices.
 *
 * @throws EngineError `file-changed`, `file-unreadable`; `cancelled` when the file is closed meanwhile
 */
export async function hashCheckpoint(config: Uint8Array, weights: OpenedFile): Promise<string> {
  const hash = createHash('sha256').update(config);
  for (let position = 0; position < weights.size; position += sliceBytes) {
    hash.update(weights.read(position, Math.min(sliceBytes, weights.size - position)));
    await setImmediate();
  }
  weights.assertUnchanged();
  return hash.digest('hex');
}

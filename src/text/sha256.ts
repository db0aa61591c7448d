import { createHash } from 'node:crypto';

/** A hash by which a text is recognised without being kept. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

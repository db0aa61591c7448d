import { createHash } from 'node:crypto';

/** By which a text is known again without being kept. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

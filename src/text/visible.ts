/**
 * Texts of tokens, made safe to show. A token is a hostile text: it comes from a document or a vocabulary and may
 * hold line breaks, bidirectional controls or escape sequences.
 */
import { withSigns } from '../protocol/safeText.ts';

export { withSigns };

/** With signs, and several spaces in a row as `␣`. */
export function visible(text: string): string {
  return withSigns(text).replace(/ {2,}/g, (spaces) => '␣'.repeat(spaces.length));
}

export function quoted(text: string): string {
  return `"${visible(text)}"`;
}

/** The text on standard input, byte for byte. */
import { addAbortSignal, type Readable } from 'node:stream';
import { limits } from '../protocol/limits.ts';
import { UsageError } from './usageError.ts';

/** UTF-8 never takes more than three bytes per UTF-16 unit. */
const mostBytes = 3 * limits.textLength;

/**
 * A text that was given as an argument. Node has already decoded it, and put U+FFFD where it was not UTF-8.
 * @throws UsageError if it contains U+FFFD, because it may not be the text that was meant
 */
export function argumentText(text: string): string {
  if (!text.includes('\ufffd')) return text;
  throw new UsageError(
    'The text is not UTF-8 or contains U+FFFD; in an argument the two look the same. Give it on standard input.',
  );
}

/**
 * Reads to the end. Nothing is trimmed, not even a byte-order mark or the last line break.
 * @throws UsageError
 */
export async function readInput(input: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  addAbortSignal(signal, input);
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) {
      throw new UsageError(
        `Standard input has more than ${mostBytes} bytes, the most that can be read. Give less.`,
      );
    }
  }
  return decode(Buffer.concat(chunks));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Decoding leniently and encoding again changes the bytes first where the error is.
    const again = Buffer.from(bytes.toString('utf8'), 'utf8');
    const at = bytes.findIndex((byte, index) => byte !== again[index]);
    throw new UsageError(
      `Standard input is not UTF-8: see byte ${at} (from 0). Convert it, with iconv for example.`,
    );
  }
}

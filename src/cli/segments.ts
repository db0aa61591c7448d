/** `--segments`: a name, or a file with ranges. */
import { readFileSync } from 'node:fs';
import { rangesOf, segmentations } from '../protocol/partition.ts';
import { UsageError } from './usageError.ts';

/**
 * @returns what the engine takes: the name, or the ranges of the file
 * @throws UsageError for a file that cannot be read or is no list of ranges
 */
export function readSegments(given: string): string {
  if ((segmentations as readonly string[]).includes(given)) return given;
  const ranges = listIn(given);
  const pairs = Array.isArray(ranges)
    ? ranges.map((pair) => (Array.isArray(pair) ? pair.join('-') : ''))
    : [];
  const text = pairs.join(',');
  if (rangesOf(text)) return text;
  throw new UsageError(
    `--segments ${given} must be a JSON list of UTF-16 ranges in the order of the text, such as [[0, 12], [12, 30]].`,
  );
}

function listIn(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : String(error);
    throw new UsageError(
      `--segments ${file} is none of ${segmentations.join(', ')} and cannot be read as a file (${reason}).`,
    );
  }
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

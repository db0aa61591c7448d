import type { TextDocument } from 'vscode';
import { sha256 } from '../../text/sha256.ts';

/**
 * A lane of `asker` for each document, so that its requests about one document do not supersede those about another.
 */
export function documentLane(asker: string, { uri }: Pick<TextDocument, 'uri'>): string {
  return `${asker} ${sha256(uri.toString()).slice(0, 16)}`;
}

import { commands, env, type SelectionRange, type TextDocument } from 'vscode';
import type { DisplayToken } from '../../text/displayTokens.ts';
import {
  byLine,
  byNode,
  byToken,
  byWord,
  type Granularity,
  type TokenGroup,
} from '../../text/granularity.ts';
import { firstCharacter, type Piece } from '../../text/parts.ts';

/** How many positions a language's extension is asked about at once. */
const mostPositions = 2_000;
/** While somebody types, the syntax of each version is not asked for. */
const pauseMilliseconds = 150;

/** Tokens of a text that begins at `base` in the document; their offsets count from the beginning of `text`. */
export interface Groupable {
  document: TextDocument;
  text: string;
  base: number;
  tokens: readonly DisplayToken[];
}

interface Syntax {
  version: number;
  /** The nested nodes at an offset of the document, innermost first; empty while they are not known. */
  nodes: Map<number, readonly Piece[]>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Groups tokens by a granularity. Syntax nodes come from the document's language extension, through VS Code's selection
 * ranges. Until they have come, words are shown.
 */
export class Grouping {
  readonly #syntax = new WeakMap<TextDocument, Syntax>();

  /** @param arrived called once more of the syntax is known */
  groups(granularity: Granularity, groupable: Groupable, arrived: () => void): TokenGroup[] {
    const { text, tokens } = groupable;
    if (granularity === 'token' || tokens.length === 0) return byToken(tokens);
    if (granularity === 'line') return byLine(text, tokens);
    if (granularity === 'syntax') {
      const groups = this.#byNode(groupable, arrived);
      if (groups) return groups;
    }
    return byWord(text, tokens, env.language);
  }

  #byNode({ document, text, base, tokens }: Groupable, arrived: () => void): TokenGroup[] | null {
    let syntax = this.#syntax.get(document);
    if (syntax?.version !== document.version) {
      clearTimeout(syntax?.timer);
      syntax = { version: document.version, nodes: new Map(), timer: undefined };
      this.#syntax.set(document, syntax);
    }
    const { nodes } = syntax;
    const offsets = tokens.map((token) => firstCharacter(text, token) + base);
    const unknown = offsets.filter((offset) => !nodes.has(offset)).slice(0, mostPositions);
    if (unknown.length > 0 && nodes.size < mostPositions) {
      syntax.timer ??= setTimeout(() => void ask(document, unknown, syntax).then(arrived), pauseMilliseconds);
    }
    if (nodes.size === 0) return null;
    const shifted = (piece: Piece) => ({ start: piece.start - base, end: piece.end - base });
    return byNode(text, tokens, (offset) => (nodes.get(offset + base) ?? []).map(shifted));
  }
}

async function ask(document: TextDocument, offsets: readonly number[], syntax: Syntax): Promise<void> {
  const positions = offsets.map((offset) => document.positionAt(offset));
  const found = await commands
    .executeCommand<SelectionRange[] | undefined>(
      'vscode.executeSelectionRangeProvider',
      document.uri,
      positions,
    )
    .then(undefined, () => undefined);
  syntax.timer = undefined;
  if (document.version !== syntax.version) return;
  for (const [index, offset] of offsets.entries()) syntax.nodes.set(offset, chain(document, found?.[index]));
}

function chain(document: TextDocument, innermost: SelectionRange | undefined): Piece[] {
  const pieces: Piece[] = [];
  for (let node = innermost; node; node = node.parent) {
    pieces.push({ start: document.offsetAt(node.range.start), end: document.offsetAt(node.range.end) });
  }
  return pieces;
}

/**
 * Links in hovers and comments that run a command of ours. Whoever writes Markdown into a document could write such a
 * link too, so a command checks its argument like anything else from outside.
 */
import * as v from 'valibot';
import { type TextDocument, workspace } from 'vscode';
import { asMarkdown } from './text/escape.ts';

const offset = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A token of a document as it was when the link was made. */
const place = { uri: v.string(), version: offset, offset };

/** Another token in its place. */
const branch = v.object({
  ...place,
  end: offset,
  alternative: v.object({ id: offset, text: v.string(), name: v.exactOptional(v.string()) }),
});

/** The argument of each command that is linked to. */
export const linkSchemas = {
  'whytoken.explainToken': v.object(place),
  /** Without a foil: why at all? */
  'whytoken.whyNot': v.object({ ...place, foil: v.nullable(offset) }),
  'whytoken.removeToken': v.object(place),
  'whytoken.continueFrom': branch,
  'whytoken.replaceFrom': branch,
  /** Where the link is: the answer under a line stays as it is. */
  'whytoken.openPanel': v.literal('hover'),
  'whytoken.findEdit': v.literal('hover'),
  'whytoken.copyAsMarkdown': v.undefined(),
} as const;

export type LinkedCommand = keyof typeof linkSchemas;
export type LinkArgument<C extends LinkedCommand> = v.InferOutput<(typeof linkSchemas)[C]>;

export const linkedCommands = Object.keys(linkSchemas) as LinkedCommand[];

/** Markdown. */
export function commandLink<C extends LinkedCommand>(
  text: string,
  command: C,
  argument?: LinkArgument<C>,
): string {
  const query = argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  // Parentheses would end the link.
  const target = `${command}${query}`.replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${asMarkdown(text)}](command:${target})`;
}

/** The argument of a command that one of our links ran; null if the command was run in another way. */
export function linkArgument<C extends LinkedCommand>(command: C, argument: unknown): LinkArgument<C> | null {
  const parsed = v.safeParse(linkSchemas[command], argument);
  return parsed.success ? (parsed.output as LinkArgument<C>) : null;
}

/** The document that a link is about, if it is still open and unchanged. */
export function linkedDocument({ uri, version }: { uri: string; version: number }): TextDocument | null {
  const document = workspace.textDocuments.find((open) => open.uri.toString() === uri);
  return document?.version === version ? document : null;
}

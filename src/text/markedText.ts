import { withSigns } from '../protocol/safeText.ts';
import { largestOf, levelOf } from './level.ts';

/** From this level on, of 7, the number stands beside the token: fewer can be read in a text. */
const numbered = 3;

interface MarkedToken {
  text: string;
  score: number;
  /** As it is read. */
  amount: string;
}

/**
 * A text with its contributions for where there are no colours, as GitHub and others show it in Markdown: bold for
 * positive, italic for negative ones, those that are not small as raised numbers. One line of HTML without anything that
 * Markdown would take for its own.
 */
export function markedText(tokens: readonly MarkedToken[]): string {
  const largest = largestOf(tokens);
  const parts = tokens.map((token) => {
    const level = levelOf(token.score, largest, 1);
    return level === 0 ? lines(token.text, escaped) : marked(token, level);
  });
  return `<p>${parts.join('')}</p>`;
}

function marked({ text, amount }: MarkedToken, level: number): string {
  const tag = level > 0 ? 'b' : 'i';
  const number = Math.abs(level) >= numbered ? `<sup>${escaped(amount)}</sup>` : '';
  const blank = text.trim() === '';
  const shown = blank
    ? `${text.replaceAll(' ', '␣').replaceAll('\n', '↵')}${/\n/.exec(text)?.[0] ?? ''}`
    : text;
  const [, before, core, after] = /^(\s*)(.*?)(\s*)$/s.exec(shown)!;
  const inside = lines(core!, (line) => (line === '' ? '' : `<${tag}>${escaped(line)}</${tag}>`));
  return `${lines(before!, escaped)}${inside}${number}${lines(after!, escaped)}`;
}

const lines = (text: string, one: (line: string) => string) => text.split(/\r?\n/).map(one).join('<br>');

/** Whatever could begin something in HTML, in Markdown or in what GitHub makes of it. */
function escaped(text: string): string {
  return withSigns(text).replace(/[&<>"`*_~|\\[\]#$@:^{}]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

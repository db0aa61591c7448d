/**
 * The walkthrough's pictures, drawn from what the bundled model says of the samples, as the editor shows it. All colours
 * are the theme's; there are no words but those of the samples, so one picture serves every language.
 */
import path from 'node:path';
import { samples } from '../../src/host/samples/samples.ts';
import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import { levelOf, levels } from '../../src/text/level.ts';
import { Numbers } from '../../src/text/numbers.ts';
import { bandOf, surprisalLine } from '../../src/text/rankBand.ts';
import { root } from './project.ts';

const numbers = new Numbers('en');
const size = 15;
const column = 0.6 * size;
const row = 34;
const [left, width, columns] = [50, 600, 56];

/** A piece of a text with how it is marked. */
interface Marked {
  text: string;
  scale?: 'for' | 'against' | 'surprisal';
  level?: number;
}

const themeColour = (name: string) => `var(--vscode-${name})`;
const ours = (name: string) => themeColour(`whytoken-${name}`);
const ink = themeColour('editor-foreground');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const round = (value: number) => Math.round(value * 100) / 100;

interface Written {
  fill?: string;
  bold?: boolean;
  italic?: boolean;
}

function write(text: string, x: number, y: number, { fill = ink, bold, italic }: Written = {}): string {
  const start = text.length - text.trimStart().length;
  const shown = text.trim();
  if (shown === '') return '';
  const style = `${bold ? ' font-weight="bold"' : ''}${italic ? ' font-style="italic"' : ''}`;
  const length = `textLength="${round(shown.length * column)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${round(x + start * column)}" y="${y}" fill="${fill}" ${length}${style}>${escaped(shown)}</text>`;
}

/** Text that is wrapped between words, and where its pieces have come to stand: the last place is behind the text. */
function flow(pieces: readonly Marked[], y: number): { drawn: string[]; places: { x: number; y: number }[] } {
  const drawn: string[] = [];
  const places: { x: number; y: number }[] = [];
  let at = 0;
  let line = y;
  for (const [index, { text, scale, level = 0 }] of pieces.entries()) {
    const word = pieces.slice(index).findIndex((piece, next) => next > 0 && /^\s/.test(piece.text));
    const rest = pieces.slice(index, word < 0 ? undefined : index + word);
    const length = rest.reduce((sum, piece) => sum + piece.text.length, 0);
    const isBroken = at > 0 && /^\s/.test(text) && at + length > columns;
    if (isBroken) [at, line] = [0, line + row];
    const shown = isBroken ? text.trimStart() : text;
    const x = left + at * column;
    if (scale && level > 0) {
      const box = { x: round(x), width: round(shown.length * column) };
      drawn.push(
        `<rect x="${box.x}" y="${line - 16}" width="${box.width}" height="22" fill="${ours(`${scale}Background`)}" fill-opacity="${round(level / levels)}"/>`,
        `<path d="M${box.x} ${line + 7}h${box.width}" fill="none" stroke="${ours(`${scale}Border`)}" stroke-width="${scale === 'surprisal' ? surprisalLine(level) : Math.ceil(level / 3)}"${scale === 'against' ? ' stroke-dasharray="5 3"' : ''}/>`,
      );
    }
    drawn.push(write(shown, x, line));
    places.push({ x, y: line });
    at += shown.length;
  }
  places.push({ x: left + at * column, y: line });
  return { drawn, places };
}

function lineNumber(line: number, y: number): string {
  return `<text x="36" y="${y}" fill="${themeColour('editorLineNumber-foreground')}" text-anchor="end">${line}</text>`;
}

function picture(height: number, content: readonly string[]): string {
  const paper = `<rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="8" fill="${themeColour('editor-background')}" stroke="var(--vscode-contrastBorder, var(--vscode-editorWidget-border))" stroke-width="2"/>`;
  const attributes = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const font = `font-family="var(--vscode-editor-font-family, monospace)" font-size="${size}"`;
  const lines = [paper, ...content].filter((line) => line !== '').map((line) => `  ${line}`);
  return [`<svg aria-hidden="true" ${attributes} ${font}>`, ...lines, '</svg>', ''].join('\n');
}

/** By their names in `media/walkthrough`. */
export async function walkthroughPictures(): Promise<
  Record<'select' | 'hover' | 'generate' | 'overlays', string>
> {
  const engine = openEngine();
  try {
    const modelDir = path.join(root, 'models/tiny-gpt2');
    const read = (text: string) => ({ modelDir, text, bos: false });
    const { text } = samples.capital;
    const explanation = await engine.explain(
      {
        ...{
          ...read(text),
          range: { start: 0, end: text.length },
          at: { kind: 'end' },
          objective: 'contrast',
        },
        ...{ target: { kind: 'top' }, foil: { kind: 'top' }, baseline: 'zero' },
        ...chooseMethod('integrated-gradients', {}),
      },
      Run.detached(),
    );
    const largest = Math.max(...explanation.tokens.map(({ score }) => Math.abs(score)));
    const tokens = explanation.tokens.map((token): Marked => {
      const level = levelOf(token.score, largest, 1);
      return { text: token.text, scale: level > 0 ? 'for' : 'against', level: Math.abs(level) };
    });
    const named = (choice: { text: string; probability: number }) =>
      `"${choice.text}" (${numbers.percent(choice.probability)})`;
    const prediction = `⟶ ${named(explanation.target)}${explanation.foil ? `, not ${named(explanation.foil)}` : ''}`;
    const hovered = explanation.tokens.reduce((most, token) => (token.score > most.score ? token : most));
    const scores = await engine.score({ ...read(text), range: null, top: 5, stride: null }, Run.detached());
    const chance = scores.tokens.find(({ start }) => start === hovered.start)!;
    const { text: story } = samples.story;
    const generated = await engine.generate(
      {
        ...{ ...read(story), sequences: 1, maxTokens: 64, temperature: 0, topK: 0, topP: 1, first: null },
        ...{ repetitionPenalty: 1, stop: [], seed: 0 },
      },
      Run.detached(),
    );
    const surprise = 'If today is Monday, tomorrow is Tuesday. If today is Friday, tomorrow is Paris.';
    const surprised = await engine.score(
      { ...read(surprise), range: null, top: 1, stride: null },
      Run.detached(),
    );
    const { text: name } = samples.attention;
    const attended = await engine.attend(
      { ...read(name), offset: name.length, view: { kind: 'mean' }, withoutFirst: true, top: 1 },
      Run.detached(),
    );
    return {
      select: select(tokens, prediction),
      hover: hover(tokens, explanation.tokens.indexOf(hovered), {
        name: hovered.text,
        contribution: numbers.signed(hovered.score),
        probability: Math.exp(chance.logProb!),
        expected: chance.top.slice(0, 4),
      }),
      generate: generate(story, generated.sequences[0]!.text),
      overlays: overlays(
        surprised.tokens.map((token) => ({
          ...{ text: token.text, scale: 'surprisal', level: bandOf(token.rank ?? 1) },
        })),
        attended.tokens.map((token, key) => ({ text: token.text, weight: attended.weights[key]! })),
      ),
    };
  } finally {
    await engine.dispose();
  }
}

function select(tokens: readonly Marked[], prediction: string): string {
  const { drawn, places } = flow(tokens, 44);
  const { x, y } = places.at(-1)!;
  const legend = (scale: 'for' | 'against', sign: string, at: number) => {
    const sample = flow([{ text: '  ', scale, level: levels }], 0).drawn.join('');
    return `<g transform="translate(${at - left} ${y + 2 * row})">${sample}${write(sign, left + 3 * column, 0)}</g>`;
  };
  return picture(y + 2 * row + 24, [
    lineNumber(1, 44),
    ...drawn,
    write(` ${prediction}`, x, y, { fill: ours('predictionForeground'), italic: true }),
    legend('for', '+', left),
    legend('against', '−', left + 90),
  ]);
}

interface Hovered {
  name: string;
  contribution: string;
  probability: number;
  expected: readonly { text: string; probability: number }[];
}

function hover(
  tokens: readonly Marked[],
  index: number,
  { name, contribution, probability, expected }: Hovered,
) {
  const { drawn, places } = flow(tokens, 44);
  const { x, y } = places[index]!;
  const [from, top] = [Math.min(x, width - 420), y + 20];
  const fill = themeColour('editorHoverWidget-foreground');
  const most = expected[0]?.probability ?? 1;
  const rows = expected.flatMap((token, place) => {
    const line = top + 68 + place * 30;
    const isActual = token.text === name;
    return [
      write(`"${token.text}"`, from + 18, line, { fill, bold: isActual }),
      `<text x="${from + 230}" y="${line}" fill="${fill}" text-anchor="end">${numbers.percent(token.probability)}</text>`,
      `<rect x="${from + 246}" y="${line - 12}" width="${round((140 * token.probability) / most)}" height="12" fill="${ours('forBorder')}"/>`,
    ];
  });
  const height = 84 + expected.length * 30;
  return picture(top + height + 20, [
    lineNumber(1, 44),
    ...drawn,
    `<rect x="${from}" y="${top}" width="404" height="${height}" rx="5" fill="${themeColour('editorHoverWidget-background')}" stroke="var(--vscode-contrastBorder, var(--vscode-editorHoverWidget-border))" stroke-width="2"/>`,
    write(`"${name}"`, from + 18, top + 30, { fill, bold: true }),
    write(contribution, from + 140, top + 30, { fill }),
    `<text x="${from + 386}" y="${top + 30}" fill="${fill}" text-anchor="end">${numbers.percent(probability)}</text>`,
    ...rows,
    `<path d="M${round(x + 20)} ${y - 6}v22l6 -5 4 9 4 -2 -4 -9 8 -1z" fill="${themeColour('editor-background')}" stroke="${ink}" stroke-width="1.5"/>`,
  ]);
}

function generate(story: string, generated: string): string {
  const words = (text: string) => text.match(/\s?\S+/g) ?? [];
  const known = words(story);
  const ghost = words(generated.split('\n')[0]!);
  const { places } = flow(
    [...known, ...ghost].map((text) => ({ text })),
    44,
  );
  const drawn = [...known, ...ghost].map((text, index) => {
    const { x, y } = places[index]!;
    const isWrapped = x === left;
    const style =
      index < known.length ? {} : { fill: themeColour('editorGhostText-foreground'), italic: true };
    return write(isWrapped ? text.trimStart() : text, x, y, style);
  });
  const cursor = places[known.length]!;
  return picture(places.at(-1)!.y + 28, [
    lineNumber(1, 44),
    ...drawn,
    `<path d="M${round(cursor.x + 1)} ${cursor.y - 16}v22" fill="none" stroke="${themeColour('editorCursor-foreground')}" stroke-width="2"/>`,
  ]);
}

function overlays(
  surprised: readonly Marked[],
  attended: readonly { text: string; weight: number }[],
): string {
  const above = flow(surprised, 44);
  const line = above.places.at(-1)!.y + 3 * row;
  const below = flow(attended, line);
  const query = below.places[attended.length - 1]!;
  const middle = query.x + (attended.at(-1)!.text.length * column) / 2;
  const largest = Math.max(...attended.slice(0, -1).map(({ weight }) => weight));
  const strongest = attended
    .map(({ text, weight }, index) => ({ text, weight, index }))
    .slice(0, -1)
    .filter(({ weight }) => weight > largest / 4);
  const arcs = strongest.map(({ text, weight, index }) => {
    const { x, y } = below.places[index]!;
    const from = x + (text.length * column) / 2;
    const stroke = `stroke="${ours('attentionBorder')}" stroke-width="${round(0.5 + (3 * weight) / largest)}"`;
    const [start, rise] = y === query.y ? [y - 18, y - 32] : [y + 6, query.y - 18];
    const curve = `M${round(from)} ${start}C${round(from)} ${rise} ${round(y === query.y ? middle : from)} ${rise} ${round(middle)} ${query.y - 18}`;
    return `<path d="${curve}" fill="none" ${stroke} stroke-opacity="${round(0.4 + (0.5 * weight) / largest)}"/>`;
  });
  const ring = `<rect x="${round(query.x - 1)}" y="${query.y - 17}" width="${round(attended.at(-1)!.text.length * column + 2)}" height="24" rx="3" fill="none" stroke="${ours('attentionBorder')}" stroke-width="2"/>`;
  return picture(query.y + 30, [
    ...[lineNumber(1, 44), ...above.drawn],
    ...[lineNumber(2, line), ...arcs, ...below.drawn, ring],
  ]);
}

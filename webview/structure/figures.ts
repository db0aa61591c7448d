/** The tree and the maps, as they are exported. */

import type { PartialImportance, Structure } from '../../src/protocol/results.ts';
import type { Numbers } from '../../src/text/numbers.ts';
import { idOfPart, type Part, pathTo, type WeightNode } from '../../src/text/weightTree.ts';
import type { Colours } from '../base/colours.ts';
import type { Figure, Table } from '../base/figure.ts';
import { leastSigned } from '../base/mapDrawing.ts';
import { moved } from '../base/moved.ts';
import type { Label } from '../base/page.tsx';
import { cssColour, readableOn, type Scale } from '../base/palette.ts';
import type { Scene, Shape } from '../base/scene.ts';
import { fitted } from '../base/textWidth.ts';
import { correlations } from './correlations.tsx';
import { nameOf, pathName, shapeText } from './names.ts';
import { allParts, cellOf, largest, matrixOf, numberOf, type PartValues, rankOf } from './parts.ts';
import { importanceFacts } from './receipt.ts';
import type { TreeRow } from './treeRows.ts';

export interface Shown {
  structure: Structure;
  root: WeightNode;
  importance: PartialImportance | null;
  colours: Colours;
  label: Label;
  numbers: Numbers;
}

/** What heads and MLPs can write. */
export function writesOf({ config: { layers, heads }, ofHeads, ofMlps }: Structure): PartValues {
  return { layers, heads, ofHeads, ofMlps };
}

export function treeFigure(shown: Shown, rows: readonly TreeRow[]): Figure {
  const { structure, label } = shown;
  return {
    title: `${label('treeTitle')}: ${structure.info.name}`,
    scene: ({ colours }) => treeScene({ ...shown, colours }, rows),
    table: () => treeTable(shown),
    facts: modelFacts(structure, label),
    json: () => withoutFolder(structure),
  };
}

export function importanceFigure(shown: Shown): Figure {
  const { structure, importance, label } = shown;
  return {
    title: `${label('importance')}: ${structure.info.name}`,
    scene: ({ colours }) => mapsScene({ ...shown, colours }),
    table: () => importanceTable(shown),
    facts: [
      ...(importance ? importanceFacts(importance, shown) : modelFacts(structure, label)),
      ...(importance ? correlationFacts(shown, importance) : []),
    ],
    json: () => ({
      model: structure.info.name,
      sha256: structure.info.sha256,
      writes: writesOf(structure),
      importance,
      correlations: importance && correlations(writesOf(structure), importance),
    }),
  };
}

function modelFacts({ info }: Structure, label: Label): [string, string][] {
  return [
    [label('modelName'), info.name],
    [label('modelHash'), info.sha256],
  ];
}

function correlationFacts(
  { structure, label, numbers }: Shown,
  importance: PartialImportance,
): [string, string][] {
  return correlations(writesOf(structure), importance).flatMap(({ kind, withEffect, withSize }) =>
    [[label('withEffect'), withEffect] as const, [label('withSize'), withSize] as const].map(
      ([what, { rho, n }]): [string, string] => [
        `${label('correlation')}: ${label(kind)}, ${what}`,
        `${rho === null ? label('noCorrelation') : numbers.signed(rho)} (n = ${n})`,
      ],
    ),
  );
}

/** Where a checkpoint lies on somebody's disk is nobody else's business. */
function withoutFolder({ info: { name, sha256 }, ...rest }: Structure): unknown {
  return { info: { name, sha256 }, ...rest };
}

function effectOf(importance: PartialImportance | null, part: Part | null): number | null {
  const value = importance && part ? numberOf(importance, part) : Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** All rows, the folded ones too. */
function treeTable({ structure, root, importance, label }: Shown): Table {
  const total = root.sums?.parameters ?? 0;
  const { name: model } = structure.info;
  const columns = [
    ...[
      'name',
      'tensor',
      'shape',
      'parameters',
      'share',
      'bytes',
      'dtype',
      'norm',
      'rms',
      'most',
      'outliers',
    ],
    ...['writes', 'effect'],
  ].map((name) => label(name));
  const rows: Table['rows'][number][] = [];
  const add = (path: readonly WeightNode[]) => {
    const node = path.at(-1)!;
    const { sums, kind } = node;
    const parameters = kind === 'tied' ? 0 : (sums?.parameters ?? null);
    rows.push([
      pathName(path, model, label),
      kind === 'tied' ? label('sameAsWte') : node.tensor,
      shapeText(node.shape),
      parameters,
      parameters === null ? null : parameters / total,
      kind === 'tied' ? 0 : (sums?.bytes ?? null),
      sums?.dtypes.join(' ') ?? null,
      sums?.norm ?? null,
      sums?.rms ?? null,
      sums?.most ?? null,
      sums?.outliers ?? null,
      node.writes,
      effectOf(importance, node.part),
    ]);
    for (const child of node.children) add([...path, child]);
  };
  add([root]);
  return { columns, rows };
}

export function importanceTable({ structure, root, importance, label }: Shown): Table {
  const writes = writesOf(structure);
  const columns = ['name', 'layerOf', 'headOf', 'writes', 'writesRank', 'effect', 'effectRank'].map((name) =>
    label(name),
  );
  const rows = allParts(writes).map((part) => [
    pathName(pathTo(root, idOfPart(part)), structure.info.name, label),
    part.layer,
    part.head,
    numberOf(writes, part),
    rankOf(writes, part),
    effectOf(importance, part),
    importance && rankOf(importance, part),
  ]);
  return { columns, rows };
}

const rowHeight = 20;
const size = 12;

/** The rows that are seen: names, shapes, bars of parameters, and the numbers that say most. */
function treeScene(
  { structure, root, importance, colours, label, numbers }: Shown,
  rows: readonly TreeRow[],
): Scene {
  const at = { shape: 330, bar: 450, parameters: 660, norm: 750, writes: 850, effect: 940 };
  const width = 950;
  const total = root.sums?.parameters ?? 0;
  const shapes: Shape[] = [];
  const words = (x: number, y: number, text: string, anchor: 'start' | 'end', extra: object = {}) =>
    shapes.push({
      kind: 'words',
      x,
      y,
      text,
      anchor,
      fill: colours.foreground,
      size,
      font: colours.font,
      ...extra,
    });
  const bold = { bold: true };
  words(4, 15, label('name'), 'start', bold);
  words(at.shape, 15, label('shape'), 'start', bold);
  for (const name of ['parameters', 'norm', 'writes', 'effect'] as const)
    words(at[name], 15, label(name), 'end', bold);
  shapes.push({ kind: 'line', from: [0, 21], to: [width, 21], stroke: colours.muted, width: 1 });
  for (const [index, { node, level }] of rows.entries()) {
    const y = (index + 1) * rowHeight + 16;
    const x = 4 + (level - 1) * 14;
    const name = node.tensor
      ? `${nameOf(node, structure.info.name, label)}  ${node.tensor}`
      : nameOf(node, structure.info.name, label);
    words(x, y, fitted(name, at.shape - x - 8, size, colours.font), 'start');
    words(at.shape, y, shapeText(node.shape), 'start');
    const own = node.sums?.parameters ?? node.within ?? 0;
    const share = total > 0 ? own / total : 0;
    const fill = node.sums ? colours.attention : colours.line;
    shapes.push({ kind: 'rect', x: at.bar, y: y - 10, width: 70 * share, height: 12, fill });
    const count = `${numbers.count(own)} · ${numbers.percent(share)}`;
    if (node.kind === 'tied') words(at.bar, y, label('sameAsWte'), 'start', { fill: colours.muted });
    else words(at.parameters, y, node.sums ? count : `(${count})`, 'end');
    if (node.sums) words(at.norm, y, numbers.value(node.sums.norm), 'end');
    if (node.writes !== null) words(at.writes, y, numbers.value(node.writes), 'end');
    const effect = effectOf(importance, node.part);
    if (effect !== null) words(at.effect, y, numbers.signed(effect), 'end');
  }
  return { width, height: (rows.length + 1) * rowHeight + 8, background: colours.background, shapes };
}

/** Pixels of a map of parts: of the names beside it, and above its cells. */
const [beside, above] = [90, 44];
const sideOf = (heads: number) => Math.max(10, Math.min(24, Math.floor(360 / (heads + 1))));

/** Both maps side by side, by the same order and size, with legends. */
function mapsScene(shown: Shown): Scene {
  const { structure, importance, colours, label } = shown;
  const writes = writesOf(structure);
  const side = sideOf(writes.heads);
  const width = Math.max(beside + (writes.heads + 1) * side + 30, 350);
  const left = partShapes(shown, writes, 'sequential', label('fromWeights'));
  const right = importance ? partShapes(shown, importance, 'diverging', label('measured')) : [];
  return {
    width: importance ? 2 * width : width,
    height: above + writes.layers * side + 54,
    background: colours.background,
    shapes: [...left, ...right.map((shape) => moved(shape, width, 0))],
  };
}

/** One map: its title, names, cells and legends. */
function partShapes(
  { colours, label, numbers }: Shown,
  values: PartValues,
  kind: Scale['kind'],
  title: string,
): Shape[] {
  const matrix = matrixOf(values);
  const side = sideOf(values.heads);
  const bottom = above + values.layers * side;
  const shapes: Shape[] = [];
  const text = (x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', bold = false) =>
    shapes.push({
      ...{ kind: 'words', x, y, text: words, anchor, bold, size: 11 },
      ...{ fill: colours.foreground, font: colours.font },
    });
  text(4, 16, title, 'start', true);
  for (let head = 0; head < values.heads; head++) {
    if (side >= 14 || head % 2 === 0) text(beside + (head + 0.5) * side, 38, String(head), 'middle');
  }
  text(beside + (values.heads + 0.5) * side, 38, 'MLP', 'middle');
  for (const part of allParts(values)) {
    const { row, column } = cellOf(values, part);
    const value = matrix.values[row * matrix.columns + column]!;
    const [x, y] = [beside + column * side, above + row * side];
    const scale = { kind, most: 1 };
    shapes.push({ kind: 'rect', x, y, width: side, height: side, fill: cssColour(value, scale, colours) });
    if (kind === 'diverging' && value <= -leastSigned) {
      const [middle, height] = [x + side / 2, y + side / 2];
      const ends = { from: [middle - 3, height], to: [middle + 3, height] } as const;
      shapes.push({ kind: 'line', ...ends, stroke: readableOn(value, scale, colours), width: 2 });
    }
  }
  for (let layer = 0; layer < values.layers; layer++) {
    text(beside - 6, above + (layer + 0.5) * side + 4, label('block', layer), 'end');
  }
  const border = beside + values.heads * side;
  const ends = { from: [border, above], to: [border, bottom] } as const;
  shapes.push({ kind: 'line', ...ends, stroke: colours.foreground, width: 2 });
  const read = (value: number) => (kind === 'diverging' ? numbers.signed(value) : numbers.value(value));
  for (const [i, name] of (['heads', 'mlps'] as const).entries()) {
    const most = largest(name === 'heads' ? values.ofHeads : values.ofMlps);
    const y = bottom + 20 + i * 18;
    text(beside - 6, y, label(name), 'end');
    const least = kind === 'diverging' ? -most : 0;
    for (let step = 0; step < 32; step++) {
      const fill = cssColour(least + ((most - least) * step) / 31, { kind, most }, colours);
      shapes.push({ kind: 'rect', x: 150 + step * 4, y: y - 9, width: 4.5, height: 11, fill });
    }
    text(144, y, read(least), 'end');
    text(286, y, read(most), 'start');
  }
  return shapes;
}

/** The tree of a checkpoint's weights: nothing is lost, counted twice or in the wrong place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Structure, WeightFacts } from '../../../src/protocol/results.ts';
import { idOfPart, pathTo, type WeightNode, weightTree } from '../../../src/text/weightTree.ts';

const [layers, heads, width, inner] = [12, 2, 4, 8];

function weight(name: string, ...shape: number[]): WeightFacts {
  const parameters = shape.reduce((product, size) => product * size, 1);
  const isBias = name.endsWith('.bias');
  // All values are 0.5, so that norms are known without adding up.
  const facts = { norm: 0.5 * Math.sqrt(parameters), rms: 0.5, most: 0.5, outliers: 0 };
  return {
    name,
    shape,
    dtype: isBias ? 'F32' : 'F16',
    parameters,
    bytes: parameters * (isBias ? 4 : 2),
    ...facts,
  };
}

function structureOf(tied: boolean): Structure {
  const blocks = Array.from({ length: layers }, (_, layer) => [
    weight(`h.${layer}.ln_1.weight`, width),
    weight(`h.${layer}.ln_1.bias`, width),
    weight(`h.${layer}.attn.c_attn.weight`, width, 3 * width),
    weight(`h.${layer}.attn.c_attn.bias`, 3 * width),
    weight(`h.${layer}.attn.c_proj.weight`, width, width),
    weight(`h.${layer}.attn.c_proj.bias`, width),
    weight(`h.${layer}.ln_2.weight`, width),
    weight(`h.${layer}.ln_2.bias`, width),
    weight(`h.${layer}.mlp.c_fc.weight`, width, inner),
    weight(`h.${layer}.mlp.c_fc.bias`, inner),
    weight(`h.${layer}.mlp.c_proj.weight`, inner, width),
    weight(`h.${layer}.mlp.c_proj.bias`, width),
  ]).flat();
  return {
    info: { name: 'm', sha256: '00', folder: '/m' },
    config: {
      ...{ layers, heads, width, inner, tied },
      ...{ contextLength: 5, vocabularySize: 7, activation: 'gelu_new' },
    },
    weights: [
      weight('wte.weight', 7, width),
      weight('wpe.weight', 5, width),
      ...blocks,
      weight('ln_f.weight', width),
      weight('ln_f.bias', width),
      ...(tied ? [] : [weight('lm_head.weight', 7, width)]),
    ],
    ofHeads: Float32Array.from({ length: layers * heads }, (_, i) => i),
    ofMlps: Float32Array.from({ length: layers }, (_, i) => 100 + i),
  };
}

const all = (node: WeightNode): WeightNode[] => [node, ...node.children.flatMap(all)];

test('every tensor is in the tree once, in the order of the forward pass, under ids of their own', () => {
  for (const tied of [true, false]) {
    const structure = structureOf(tied);
    const nodes = all(weightTree(structure));
    assert.deepEqual(
      nodes.flatMap(({ tensor }) => tensor ?? []),
      structure.weights.map(({ name }) => name),
    );
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    assert.equal(nodes.filter(({ kind }) => kind === 'head').length, layers * heads);
  }
});

test('a block has only its own tensors: block 1 none of blocks 10 and 11', () => {
  const path = pathTo(weightTree(structureOf(true)), 'h.1');
  assert.deepEqual(
    path.map(({ kind }) => kind),
    ['model', 'block'],
  );
  const tensors = all(path[1]!).flatMap(({ tensor }) => tensor ?? []);
  assert.equal(tensors.length, 12);
  assert.ok(tensors.every((name) => name.startsWith('h.1.')));
});

test('sums are those of all values below, heads and a tied unembedding not counted again', () => {
  const structure = structureOf(true);
  const root = weightTree(structure);
  const parameters = structure.weights.reduce((sum, weight) => sum + weight.parameters, 0);
  assert.equal(root.sums?.parameters, parameters);
  assert.equal(
    root.sums?.bytes,
    structure.weights.reduce((sum, weight) => sum + weight.bytes, 0),
  );
  assert.deepEqual(root.sums?.dtypes, ['F16', 'F32']);
  assert.ok(Math.abs(root.sums.norm - 0.5 * Math.sqrt(parameters)) < 1e-9);
  assert.ok(Math.abs(root.sums.rms - 0.5) < 1e-12);
  assert.equal(root.children.at(-1)?.kind, 'tied');
  assert.equal(root.children.at(-1)?.sums, null);
  const attention = pathTo(root, 'h.0.attn').at(-1)!;
  const ofHeads = attention.children.reduce((sum, { within }) => sum + (within ?? 0), 0);
  // The output projection's bias belongs to no head.
  assert.equal(ofHeads, attention.sums!.parameters - width);
});

test('largest values and outliers are the worst and the sum of those below', () => {
  const structure = structureOf(false);
  Object.assign(structure.weights.find(({ name }) => name === 'h.3.mlp.c_fc.weight')!, {
    most: 9,
    outliers: 2,
  });
  Object.assign(structure.weights.find(({ name }) => name === 'h.3.ln_1.bias')!, { most: 4, outliers: 1 });
  const root = weightTree(structure);
  const sums = (id: string) => pathTo(root, id).at(-1)?.sums;
  assert.deepEqual([sums('h.3')?.most, sums('h.3')?.outliers], [9, 3]);
  assert.deepEqual([sums('h.3.attn')?.most, sums('h.3.attn')?.outliers], [0.5, 0]);
  assert.deepEqual([sums('model')?.most, sums('model')?.outliers], [9, 3]);
  assert.equal(sums('lm_head')?.parameters, 7 * width);
});

test('parts have what they can write, and are found by their ids', () => {
  const root = weightTree(structureOf(true));
  const of = (layer: number, head: number | null) => pathTo(root, idOfPart({ layer, head })).at(-1)!;
  assert.equal(of(11, 1).writes, 23);
  assert.equal(of(4, null).writes, 104);
  assert.deepEqual(of(4, 1).part, { layer: 4, head: 1 });
  assert.deepEqual(pathTo(root, 'h.12'), []);
});

/** Every graph of the model, read back by an independent decoder. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import onnxProto from 'onnx-proto';
import { openCheckpoint } from '../../../../src/inference/checkpoint/checkpoint.ts';
import type { Checkpoint } from '../../../../src/inference/checkpoint/types.ts';
import { blockGradientGraph } from '../../../../src/inference/gpt2/graphs/blockGradient.ts';
import { contrastGraph } from '../../../../src/inference/gpt2/graphs/contrast.ts';
import { decodeGraph } from '../../../../src/inference/gpt2/graphs/decode.ts';
import { forwardGraph } from '../../../../src/inference/gpt2/graphs/forward.ts';
import { gradientGraph } from '../../../../src/inference/gpt2/graphs/gradient.ts';
import { headGraph } from '../../../../src/inference/gpt2/graphs/head.ts';
import { ablationGraph, layerGraph } from '../../../../src/inference/gpt2/graphs/layer.ts';
import { patternGraph } from '../../../../src/inference/gpt2/graphs/pattern.ts';
import { stepGraph } from '../../../../src/inference/gpt2/graphs/step.ts';
import { encodeModel, opset } from '../../../../src/inference/onnx/encode.ts';
import type { Graph } from '../../../../src/inference/onnx/graph.ts';
import { cutIntoStages } from '../../../../src/inference/onnx/stages.ts';
import { goldenFolder } from '../../../reference/golden.ts';

const { onnx } = onnxProto;

describe('every GPT-2 graph', () => {
  let checkpoint: Checkpoint;
  before(async () => {
    checkpoint = await openCheckpoint(goldenFolder('tied-f32'));
  });
  after(() => checkpoint.dispose());

  const graphs = (): Record<string, Graph> => ({
    'first reading': decodeGraph(checkpoint, {
      past: false,
      patterns: 'none',
      residuals: true,
      headMask: false,
    }),
    decode: decodeGraph(checkpoint, { past: true, patterns: 'heads', residuals: false, headMask: false }),
    'mean patterns': decodeGraph(checkpoint, {
      past: true,
      patterns: 'mean',
      residuals: false,
      headMask: false,
    }),
    gradient: gradientGraph(checkpoint, {
      objective: 'linear',
      prefix: false,
      hidden: false,
      gradient: true,
    }),
    'gradient after a prefix': gradientGraph(checkpoint, {
      objective: 'probability',
      prefix: true,
      hidden: false,
      gradient: true,
    }),
    value: gradientGraph(checkpoint, { objective: 'log-prob', prefix: true, hidden: false, gradient: false }),
    'gradient with hidden tokens': gradientGraph(checkpoint, {
      objective: 'linear',
      prefix: true,
      hidden: true,
      gradient: true,
    }),
    'value with hidden tokens': gradientGraph(checkpoint, {
      objective: 'log-prob',
      prefix: false,
      hidden: true,
      gradient: false,
    }),
    head: headGraph(checkpoint, new Uint8Array(checkpoint.config.vocabularySize)),
    forward: forwardGraph(checkpoint, { prefix: true, hidden: true }),
    'forward without a prefix': forwardGraph(checkpoint, { prefix: false, hidden: false }),
    step: stepGraph(checkpoint),
    'without heads': decodeGraph(checkpoint, {
      past: true,
      patterns: 'none',
      residuals: false,
      headMask: true,
    }),
    contrast: contrastGraph(checkpoint),
    'a layer': layerGraph(checkpoint, 0),
    'the last layer': layerGraph(checkpoint, checkpoint.config.layers - 1),
    'a layer without parts': ablationGraph(checkpoint, 0),
    'the last layer without parts': ablationGraph(checkpoint, checkpoint.config.layers - 1),
    pattern: patternGraph(checkpoint, { layer: 2, of: 'each' }),
    'sum of patterns': patternGraph(checkpoint, { layer: 0, of: 'sum' }),
    'block gradient': blockGradientGraph(checkpoint, { layer: 1, of: 'max' }),
    'block gradient alone': blockGradientGraph(checkpoint, { layer: 1, of: null }),
    ...stages(4),
  });

  const whole = () =>
    gradientGraph(checkpoint, { objective: 'linear', prefix: true, hidden: false, gradient: true });
  const stages = (count: number) =>
    Object.fromEntries(
      cutIntoStages(whole(), count).map((stage, index) => [`stage ${index + 1} of ${count}`, stage]),
    );

  test('can be cut into stages that need only what came before them and share the work', () => {
    const names = (values: readonly { name: string }[]) => values.map(({ name }) => name);
    const work = ({ nodes }: Graph) => nodes.filter(({ op }) => op === 'Gemm').length;
    for (const count of [1, 2, 3, 4, 8]) {
      const graph = whole();
      const parts = cutIntoStages(graph, count);
      assert.equal(parts.length, count);
      const known = new Set(names(graph.inputs));
      for (const part of parts) {
        for (const name of names(part.inputs)) assert.ok(known.has(name), `${name} is not known yet`);
        for (const name of names(part.outputs)) {
          assert.ok(!known.has(name), `${name} is computed twice`);
          known.add(name);
        }
      }
      for (const name of names(graph.outputs)) assert.ok(known.has(name), `${name} is lost`);
      assert.equal(
        parts.reduce((sum, part) => sum + work(part), 0),
        work(graph),
      );
      const gemms = parts.map(work);
      if (count <= 4) assert.ok(Math.min(...gemms) > 0, `${gemms} products in ${count} stages`);
    }
  });

  test('is read back as it was built', () => {
    for (const [name, graph] of Object.entries(graphs())) {
      const model = onnx.ModelProto.decode(encodeModel(graph));
      assert.equal(onnx.ModelProto.verify(model), null, name);
      assert.deepEqual(
        model.opsetImport.map(({ domain, version }) => [domain, Number(version)]),
        [
          ['', opset],
          ['com.microsoft', 1],
        ],
      );
      assert.equal(model.graph?.node?.length, graph.nodes.length);
      assert.deepEqual(
        model.graph?.input?.map((input) => input.name),
        graph.inputs.map((input) => input.name),
      );
      assert.deepEqual(
        model.graph?.output?.map((output) => output.name),
        graph.outputs.map((output) => output.name),
      );
    }
  });

  test('computes every value once, before it is used, and uses every weight where it lies in the file', () => {
    for (const [name, graph] of Object.entries(graphs())) {
      const { graph: proto } = onnx.ModelProto.decode(encodeModel(graph));
      const initializers = proto?.initializer ?? [];
      const known = new Set<string>(['', ...graph.inputs.map((input) => input.name)]);
      for (const { name: initializer } of initializers) known.add(initializer ?? '');
      for (const node of proto?.node ?? []) {
        for (const input of node.input ?? [])
          assert.ok(known.has(input), `${name}: ${node.name} uses ${input}`);
        for (const output of (node.output ?? []).filter(Boolean)) {
          assert.ok(!known.has(output), `${name}: ${output} is computed twice`);
          known.add(output);
        }
      }
      for (const { name: output } of graph.outputs) assert.ok(known.has(output));

      for (const initializer of initializers) {
        // A weight may be there in a second shape, under a longer name.
        const [weight, shape] = initializer.name?.split(' as ') ?? [];
        const location = checkpoint.weights.index.get(weight ?? '');
        if (!location) continue;
        const entries = new Map(initializer.externalData?.map(({ key, value }) => [key, value]));
        assert.equal(entries.get('location'), checkpoint.weights.file);
        assert.equal(Number(entries.get('offset')), location.offset);
        assert.equal(Number(entries.get('length')), location.length);
        const dims = initializer.dims?.map(Number) ?? [];
        assert.deepEqual(dims, shape ? JSON.parse(shape) : location.shape);
        assert.equal(4 * dims.reduce((a, b) => a * b, 1), location.length);
        assert.equal(initializer.dataType, onnx.TensorProto.DataType.FLOAT);
      }
    }
  });
});

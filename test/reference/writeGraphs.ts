/**
 * Writes every variant of the engine's graphs for a checkpoint, with its weights beside them, for check_onnx.py:
 *
 *     node test/reference/writeGraphs.ts CHECKPOINT FOLDER
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '../../src/inference/checkpoint/checkpoint.ts';
import { blockGradientGraph } from '../../src/inference/gpt2/graphs/blockGradient.ts';
import { contrastGraph } from '../../src/inference/gpt2/graphs/contrast.ts';
import { decodeGraph } from '../../src/inference/gpt2/graphs/decode.ts';
import { forwardGraph } from '../../src/inference/gpt2/graphs/forward.ts';
import { gradientGraph } from '../../src/inference/gpt2/graphs/gradient.ts';
import { headGraph } from '../../src/inference/gpt2/graphs/head.ts';
import { ablationGraph, layerGraph } from '../../src/inference/gpt2/graphs/layer.ts';
import {
  distancesGraph,
  mixingGraph,
  sourcesGraph,
  zeroingGraph,
} from '../../src/inference/gpt2/graphs/mixing.ts';
import { multipliersGraph } from '../../src/inference/gpt2/graphs/multipliers.ts';
import { patternGraph } from '../../src/inference/gpt2/graphs/pattern.ts';
import { stepGraph } from '../../src/inference/gpt2/graphs/step.ts';
import { writesGraph } from '../../src/inference/gpt2/graphs/writes.ts';
import { encodeModel } from '../../src/inference/onnx/encode.ts';
import type { Graph } from '../../src/inference/onnx/graph.ts';

const [checkpointFolder, folder] = process.argv.slice(2);
if (!checkpointFolder || !folder) throw new Error('usage: writeGraphs.ts CHECKPOINT FOLDER');

mkdirSync(folder, { recursive: true });
const checkpoint = await openCheckpoint(checkpointFolder);
const { weights } = checkpoint;
// The checker refuses external data outside of the graph's own folder, links included.
copyFileSync(join(weights.folder, weights.file), join(folder, weights.file));

function write(name: string, graph: Graph): void {
  writeFileSync(join(folder as string, `${name}.onnx`), encodeModel(graph));
}

write('head', headGraph(checkpoint, new Uint8Array(checkpoint.config.vocabularySize).fill(1)));
write('step', stepGraph(checkpoint));
write('forward', forwardGraph(checkpoint, { prefix: false, hidden: false }));
write('forward-hidden', forwardGraph(checkpoint, { prefix: true, hidden: true }));
write('contrast', contrastGraph(checkpoint));
write('distances', distancesGraph(checkpoint));
for (const layer of new Set([0, checkpoint.config.layers - 1])) {
  write(`layer-${layer}`, layerGraph(checkpoint, layer));
  write(`ablation-${layer}`, ablationGraph(checkpoint, layer));
  write(`writes-${layer}`, writesGraph(checkpoint, layer));
  write(`mixing-${layer}`, mixingGraph(checkpoint, layer));
  write(`sources-${layer}`, sourcesGraph(checkpoint, layer));
  write(`zeroing-${layer}`, zeroingGraph(checkpoint, layer));
}
const withoutHeads = { past: true, patterns: 'none', residuals: false, headMask: true } as const;
write('decode-without-heads', decodeGraph(checkpoint, withoutHeads));
write('decode', decodeGraph(checkpoint, { past: true, patterns: 'none', residuals: false, headMask: false }));
write(
  'decode-all',
  decodeGraph(checkpoint, { past: false, patterns: 'heads', residuals: true, headMask: true }),
);
write(
  'decode-mean',
  decodeGraph(checkpoint, { past: true, patterns: 'mean', residuals: false, headMask: false }),
);
for (const heads of ['each', 'sum', 'max'] as const) {
  write(`pattern-${heads}`, patternGraph(checkpoint, { layer: 0, of: heads }));
}
for (const heads of ['sum', 'max', null] as const) {
  write(`block-gradient-${heads ?? 'alone'}`, blockGradientGraph(checkpoint, { layer: 0, of: heads }));
}
for (const objective of ['linear', 'log-prob', 'probability'] as const) {
  for (const prefix of [false, true]) {
    write(
      `multipliers-${objective}${prefix ? '-prefix' : ''}`,
      multipliersGraph(checkpoint, { objective, prefix }),
    );
    for (const gradient of [false, true]) {
      for (const hidden of [false, true]) {
        const name = `${gradient ? 'gradient' : 'value'}-${objective}${prefix ? '-prefix' : ''}${hidden ? '-hidden' : ''}`;
        write(name, gradientGraph(checkpoint, { objective, prefix, hidden, gradient }));
      }
    }
  }
}
checkpoint.dispose();

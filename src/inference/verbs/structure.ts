/** What a checkpoint consists of: its weights and how large they are. */
import type { Progress } from '../../protocol/engine.ts';
import type { Structure, WeightFacts } from '../../protocol/results.ts';
import { headNorms } from '../checkpoint/headNorms.ts';
import { magnitudesOf } from '../checkpoint/magnitudes.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Run } from '../run.ts';
import { all } from './indices.ts';

/** @throws EngineError `tensor-not-finite`, `file-changed`, `file-unreadable` */
export async function structure(
  model: Gpt2,
  _params: { modelDir: string },
  run: Run<Progress>,
): Promise<Structure> {
  const { checkpoint, config } = model;
  const { layers, heads, width, inner, contextLength, vocabularySize, activation, tied } = config;
  const weights = await weightFacts(model, run);
  const ofHeads = new Float32Array(layers * heads);
  for (const layer of all(layers)) {
    ofHeads.set(await headNorms(checkpoint.weights, config, layer, run), layer * heads);
  }
  const norms = new Map(weights.map(({ name, norm }) => [name, norm]));
  const normOf = (name: string) => norms.get(name) as number;
  const ofMlps = all(layers).map(
    (layer) => normOf(`h.${layer}.mlp.c_fc.weight`) * normOf(`h.${layer}.mlp.c_proj.weight`),
  );
  return {
    info: { name: checkpoint.name, sha256: await checkpoint.fingerprint.of(run), folder: checkpoint.folder },
    config: { layers, heads, width, inner, contextLength, vocabularySize, activation, tied },
    weights,
    ofHeads,
    ofMlps: Float32Array.from(ofMlps),
  };
}

/** The facts of all weights, in the order of the forward pass, with types and bytes as in the file. */
async function weightFacts(model: Gpt2, run: Run<Progress>): Promise<WeightFacts[]> {
  const { stored, weights, parameters: total } = model.checkpoint;
  const facts: WeightFacts[] = [];
  let done = 0;
  for (const [name, { shape, dtype, length: bytes }] of stored) {
    run.report({ stage: 'reading', done, total });
    const parameters = shape.reduce((product, size) => product * size, 1);
    const magnitudes = await magnitudesOf(weights, name, run);
    await model.soundness.finite(magnitudes.norm, run);
    facts.push({ name, shape: [...shape], dtype, parameters, bytes, ...magnitudes });
    done += parameters;
  }
  return facts;
}

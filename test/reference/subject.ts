/** One describe block per golden file, with its model open. */
import { after, before, describe } from 'node:test';
import type { Gpt2 } from '../../src/inference/gpt2/model.ts';
import { openModel } from '../../src/inference/gpt2/modelStore.ts';
import { type Engine, openEngine } from '../../src/inference/serve/engine.ts';
import {
  type Golden,
  type GoldenAttention,
  type GoldenRemovals,
  type GoldenVerbs,
  goldenModels,
  loadGolden,
} from './golden.ts';

export interface Subject {
  modelDir: string;
  engine: Engine;
  /** These are there once the tests run. */
  golden: Golden;
  verbs: GoldenVerbs;
  attention: GoldenAttention;
  removal: GoldenRemovals;
  model: Gpt2;
}

export function describeGolden(title: string, declareTests: (subject: Subject) => void): void {
  for (const { name, folder: modelDir } of goldenModels) {
    describe(`${title} of ${name}`, () => {
      const subject = { modelDir, engine: openEngine() } as Subject;
      before(async () => {
        Object.assign(subject, loadGolden(name, modelDir));
        subject.model = await openModel(modelDir, 'interactive');
      });
      after(async () => {
        await subject.model?.dispose();
        await subject.engine.dispose();
      });
      declareTests(subject);
    });
  }
}

/**
 * An inference process with an engine that computes in slices like the real one, but only needs a text to be told what
 * to do, misbehaviour included: `slices:100`, `block:5000`, `exit:3`, `abort`, `throw`, `garbage`, `memory`,
 * `heap`, `stubborn:20` (looks at no cancel for so many slices), `burst:1000` (progress without a pause), `shown:100`
 * (slices of which each has something to show).
 */
import { Run } from '../../../src/inference/run.ts';
import { serveParent } from '../../../src/inference/serve/child.ts';
import type { EngineApi } from '../../../src/inference/serve/server.ts';
import type { ModelText, Progress } from '../../../src/protocol/engine.ts';
import { EngineError } from '../../../src/protocol/errors.ts';
import type {
  AttentionMaps,
  AttentionRows,
  Generation,
  NextTokens,
  Receipt,
  Scores,
} from '../../../src/protocol/results.ts';

const size = 96;

/** One step of a power iteration on a fixed matrix: a slice of a few milliseconds that cannot be skipped. */
function multiply(vector: Float64Array<ArrayBuffer>) {
  const product = new Float64Array(size);
  for (let repeat = 0; repeat < 100; repeat++) {
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let column = 0; column < size; column++) sum += Math.cos(row * column) * vector[column]!;
      product[row] = sum / size;
    }
  }
  return product;
}

async function compute(slices: number, run: Run<Progress>, partial?: never): Promise<number> {
  let vector = new Float64Array(size).fill(1);
  for (let slice = 0; slice < slices; slice++) {
    const progress = { stage: 'reading', done: slice, total: slices } as const;
    run.report(partial === undefined ? progress : { ...progress, partial });
    vector = multiply(vector);
    await run.breathe();
  }
  return vector.reduce((sum, x) => sum + x, 0);
}

const misbehaviour: Record<string, (argument: number, run: Run<Progress>) => void> = {
  block: (milliseconds, run) => {
    // Whoever hears of it knows that no message is looked at from now on.
    run.report({ stage: 'reading', done: 0, total: null });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  },
  exit: (code) => process.exit(code),
  abort: () => process.abort(),
  throw: () => {
    throw new TypeError('undefined is not a checkpoint');
  },
  refuse: (id) => {
    throw new EngineError('token-unknown', { id, last: 0 });
  },
  garbage: () => {
    process.stdout.write('\u0000\u001b[31m{"jsonrpc":"2.0","id":0,"result":"stdout"}\n');
    process.stderr.write('stderr\n');
    process.send?.({ id: 'nobody', nonsense: true });
    process.send?.('{"jsonrpc":"2.0"');
    process.send?.(42);
  },
  memory: () => void new ArrayBuffer(Number.MAX_SAFE_INTEGER / 4),
  heap: () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, Math.random));
  },
};

/** Does what the text says and returns a number that is computed where the text asks for slices. */
async function obey(text: string, run: Run<Progress>): Promise<number> {
  const [verb = '', argument = '1'] = text.split(':');
  // Random tests know the names of Object.prototype.
  if (Object.hasOwn(misbehaviour, verb)) misbehaviour[verb]!(Number(argument), run);
  if (verb === 'stubborn') await compute(Number(argument), new Run(new AbortController().signal, run.report));
  if (verb === 'burst') {
    for (let done = 0; done < Number(argument); done++) run.report({ stage: 'reading', done, total: null });
  }
  if (verb === 'shown') return compute(Number(argument), run, [] as never);
  return compute(verb === 'slices' ? Number(argument) : 1, run);
}

const scored = new Set<string>();

/** @throws when it is called while an earlier call with the same folder is still at work: tests name the lane by it */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  if (scored.has(folder)) throw new Error('two at once');
  scored.add(folder);
  try {
    return await work();
  } finally {
    scored.delete(folder);
  }
}

const receipt = (params: ModelText): Receipt => ({
  whytoken: '',
  model: { name: params.modelDir, sha256: '' },
  textSha256: '',
  bos: params.bos,
  droppedTokens: 0,
  milliseconds: 0,
});

const engine: EngineApi = {
  async distribution(params, run): Promise<NextTokens> {
    const logit = await obey(params.text, run);
    const { temperature, topK, topP, without } = params;
    return {
      receipt: { ...receipt(params), at: 0, temperature, topK, topP, without },
      candidates: [{ id: 0, text: params.text, probability: 1, logit, drawn: 1 }],
      tail: { count: 0, probability: 0, drawn: 0 },
      ...{ kept: 1, entropy: 0, drawnEntropy: 0, actual: null },
    };
  },
  lens: unasked,
  attentionMap: unasked,
  thumbnails: unasked,
  headPatterns: unasked,
  importance: unasked,
  remove: unasked,
  contextProbe: unasked,
  evidence: unasked,
  evaluate: unasked,
  flip: unasked,
  adversarial: unasked,
  structure: unasked,
  async load({ modelDir }, run) {
    const parameters = await obey(modelDir, run);
    return {
      ...{ name: modelDir, sha256: '', layers: 1, heads: 1, width: 1, contextLength: 1, vocabularySize: 1 },
      ...{ parameters, dtype: 'F32' },
    };
  },
  async explain(_params, run) {
    await run.breathe();
    throw new EngineError('foil-needed');
  },
  async score(params, run): Promise<Scores> {
    const logit = await alone(params.modelDir, () => obey(params.text, run));
    const next = [{ id: 0, text: params.text, probability: 1, logit }];
    return { receipt: receipt(params), stride: null, tokens: [], next, wordEnd: null };
  },
  async generate(params, run): Promise<Generation> {
    await obey(params.text, run);
    const { seed, maxTokens, temperature, topK, topP, repetitionPenalty, stop, first } = params;
    const sampling = { temperature, topK, topP, repetitionPenalty };
    return {
      receipt: { ...receipt(params), ...sampling, seed, maxTokens, stop, first },
      sequences: [{ text: params.text, tokens: [], ended: 'length' }],
    };
  },
  async attention(params, run): Promise<AttentionMaps> {
    const first = await obey(params.text, run);
    const attention = [[Float32Array.of(first, Number.NaN, -0, 1e-45)]];
    return { receipt: receipt(params), tokens: [], layers: [0], heads: [0], attention };
  },
  async attend(params, run): Promise<AttentionRows> {
    const first = await obey(params.text, run);
    const weights = Float32Array.of(first);
    return { receipt: receipt(params), tokens: [], weights, layers: 1, heads: 1, rows: weights, next: [] };
  },
};

serveParent(async () => engine);

/** Random parameters may be valid, and have to end in a typed error then, too. */
async function unasked(): Promise<never> {
  throw new EngineError('foil-needed');
}

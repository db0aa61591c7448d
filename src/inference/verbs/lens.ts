/** What the model would predict after each layer if that were the last one. */
import type { LensParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Lens } from '../../protocol/results.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { predictions } from '../gpt2/predictions.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { namedToken } from '../question/choice.ts';
import { type Reading, readTokens, spansRead, tokensIn, tokensOf } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';
import { all } from './indices.ts';

export async function lens(model: Gpt2, params: LensParams, run: Run<Progress>): Promise<Lens> {
  const receipts = receiptsOf(model, run);
  const followed = params.follow && namedToken(model, params.follow);
  const { reading, first } = locateTokens(model, params);
  const { ids, dropped } = reading;
  const grid = await model.memory.readings.use(ids, first, async (sequence) => {
    const isTop = params.follow?.kind === 'top';
    const follow = isTop ? await favourite(model, sequence, ids, run) : followed;
    sequence.truncate(first);
    // Before the range everything is only context. What has not been read of it is read first.
    if (sequence.length < first) await sequence.read(ids.slice(sequence.length, first), run);
    return readGrid(model, sequence, ids, follow, run);
  });
  const shown = (id: number) => model.tokenizer.shown(id);
  return {
    receipt: await receipts.final(params, dropped),
    tokens: spansRead(model, reading).slice(first),
    rows: model.config.layers + 1,
    ids: grid.ids,
    probabilities: grid.probabilities,
    texts: [...new Set(grid.ids)].map(shown),
    followed: grid.followed && { ...grid.followed, ...shown(grid.followed.id) },
  };
}

/**
 * What is read, up to the range's end, and the index of the first id that the answer has. BOS is in the answer if
 * nothing comes between it and the range.
 * @throws EngineError `text-empty` when there are no tokens in the range
 */
function locateTokens(model: Gpt2, params: LensParams): { reading: Reading; first: number } {
  const tokens = tokensOf(model, params);
  const limit = model.config.contextLength;
  if (params.range === null) {
    return { reading: readTokens(model, tokens, params, { end: tokens.length, limit }), first: 0 };
  }
  const asked = tokensIn(tokens, params.range);
  if (asked.first >= asked.end) throw new EngineError('text-empty');
  const reading = readTokens(model, tokens, params, { end: asked.end, limit });
  return { reading, first: asked.first <= reading.dropped ? 0 : reading.indexOf(asked.first) };
}

/** The model's own prediction after `ids`. */
async function favourite(
  model: Gpt2,
  sequence: Sequence,
  ids: readonly number[],
  run: Run<Progress>,
): Promise<number> {
  sequence.resume(ids, ids.length - 1);
  const residual = await sequence.read(ids.slice(sequence.length), run);
  const { top } = await distributionAt(model, residual.subarray(-model.config.width), 1, run);
  return top[0]?.id as number;
}

interface Grid {
  /** `[row, token]`, as all arrays here. */
  ids: Int32Array;
  probabilities: Float32Array;
  followed: { id: number; ranks: Int32Array; probabilities: Float32Array } | null;
}

/**
 * Reads the rest of `ids` and looks at each through the lens. Takes as many at once as the model reads at once, so that
 * the streams of a long text are never all in memory.
 */
async function readGrid(
  model: Gpt2,
  sequence: Sequence,
  ids: readonly number[],
  follow: number | null,
  run: Run<Progress>,
): Promise<Grid> {
  const rows = model.config.layers + 1;
  const [first, count] = [sequence.length, ids.length - sequence.length];
  const cells = rows * count;
  const grid = { ids: new Int32Array(cells), probabilities: new Float32Array(cells) };
  const followed = { ranks: new Int32Array(cells), probabilities: new Float32Array(cells) };
  let done = 0;
  while (sequence.length < ids.length) {
    const from = sequence.length - first;
    const part = ids.slice(sequence.length, sequence.length + model.programs.pace.decode.rows);
    const streams = await readPart(model, sequence, part, run);
    const asked = new Array<number>(rows * part.length).fill(follow ?? 0);
    let place = 0;
    for await (const slice of predictions(model, streams, asked, 1, run)) {
      for (const { top, rank, logProb } of slice) {
        const [best] = top;
        const cell = Math.floor(place / part.length) * count + from + (place % part.length);
        grid.ids[cell] = best?.id as number;
        grid.probabilities[cell] = best?.probability as number;
        followed.ranks[cell] = rank;
        followed.probabilities[cell] = Math.exp(logProb);
        place++;
      }
      await model.soundness.finite(
        slice.reduce((sum, { logProb }) => sum + logProb, 0),
        run,
      );
      done += slice.length;
      run.report({ stage: 'reading', done, total: cells });
    }
  }
  return { ...grid, followed: follow === null ? null : { id: follow, ...followed } };
}

/** Reads on. @returns the stream before each layer and after the last one, `[L + 1, part.length, C]` */
async function readPart(
  { config }: Gpt2,
  sequence: Sequence,
  part: readonly number[],
  run: Run<Progress>,
): Promise<Float32Array> {
  const { layers, width } = config;
  const size = part.length * width;
  const start = sequence.length;
  const streams = new Float32Array((layers + 1) * size);
  await sequence.read(part, run, {
    residuals: {
      layers: all(layers + 1),
      take: (layer, stream, first) => streams.set(stream, layer * size + (first - start) * width),
    },
  });
  return streams;
}

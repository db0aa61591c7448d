import type { GeneratedPiece } from '../../protocol/engine.ts';
import type { Generation } from '../../protocol/results.ts';
import { resultJson } from '../json.ts';
import { generateParams } from '../params.ts';
import { GenerationStream } from '../print/generation.ts';
import { type Verb, withEngine } from '../verb.ts';

export const generate: Verb = {
  summary: 'continuations of the text, shown while they are generated',
  argument: 'text',
  options: [
    ...(['n', 'max-tokens', 'temperature', 'top-k', 'top-p', 'repetition-penalty', 'stop'] as const),
    ...(['seed', 'bos', 'model', 'json'] as const),
  ],
  async run(call) {
    const { values, text, screen } = call;
    const params = generateParams(values, text);
    const work = (onPartial?: (piece: GeneratedPiece) => void) =>
      withEngine<GeneratedPiece, Generation>(call, (engine, run) => engine.generate(params, run), onPartial);
    if (values.json !== undefined) return screen.writeAll(resultJson(await work()));

    const stream = new GenerationStream(text, params.sequences, screen);
    try {
      await work((piece) => stream.add(piece));
    } finally {
      await stream.end();
    }
  },
};

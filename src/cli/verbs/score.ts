import type { Scores, TokenScore } from '../../protocol/results.ts';
import { shownWords } from '../../text/words.ts';
import { resultJson } from '../json.ts';
import { scoreParams } from '../params.ts';
import { printScores } from '../print/scores.ts';
import { type Verb, withEngine } from '../verb.ts';

export const score: Verb = {
  summary: 'how expected each token was',
  argument: 'text',
  options: ['stride', 'words', 'bos', 'model', 'json'],
  async run(call) {
    const { values, text, screen } = call;
    const params = scoreParams(values, text);
    const scores = await withEngine<TokenScore[], Scores>(call, (engine, run) => engine.score(params, run));
    const words =
      values.words === undefined ? {} : { words: shownWords(text, scores.tokens, scores.wordEnd) };
    if (values.json !== undefined) return screen.writeAll(resultJson({ ...scores, ...words }));
    await screen.write(printScores({ ...scores, ...words }, text, screen));
  },
};

/** The attention panel's page answered by an engine in this process, as the extension host would. */
import { AttentionAnswers } from '../../src/host/panel/attention/answers.ts';
import { Run } from '../../src/inference/run.ts';
import type { Engine } from '../../src/inference/serve/engine.ts';
import type { ModelText } from '../../src/protocol/engine.ts';

/** An engine whose verbs are called as the host calls them. */
export function attentionAnswers(engine: Engine): AttentionAnswers {
  return new AttentionAnswers({
    thumbnails: (params) => engine.thumbnails(params, Run.detached()),
    attentionMap: (params) => engine.attentionMap(params, Run.detached()),
    headPatterns: (params) => engine.headPatterns(params, Run.detached()),
    distribution: (params) => engine.distribution(params, Run.detached()),
  });
}

export function answerAbout(answers: AttentionAnswers, text: ModelText) {
  return (name: string, params: never): Promise<unknown> => answers.answer(name as 'map', params, text, {});
}

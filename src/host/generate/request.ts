import type { TextDocument } from 'vscode';
import type { GenerateParams } from '../../protocol/engine.ts';
import { modelText } from '../explain/request.ts';
import type { Settings } from '../settings.ts';

/** What might have stood in a token's place. */
export interface Alternative {
  id: number;
  text: string;
}

/** What the settings say, to generate one sequence after `text`. Without a seed in them each request has its own. */
export function generateParams(text: string, document: TextDocument, settings: Settings): GenerateParams {
  const get = <K extends Parameters<Settings['get']>[0]>(name: K) => settings.get(name, document);
  return {
    ...modelText(text, document, settings),
    sequences: 1,
    maxTokens: get('generation.maxTokens'),
    temperature: get('generation.temperature'),
    topK: get('generation.topK'),
    topP: get('generation.topP'),
    repetitionPenalty: get('generation.repetitionPenalty'),
    stop: get('generation.stop'),
    first: null,
    seed: get('generation.seed') ?? Math.floor(Math.random() * 2 ** 32),
  };
}

/** The most probable token each time, so that a second sequence would be the first one again. */
export function isGreedy({ temperature, topK }: GenerateParams): boolean {
  return temperature === 0 || topK === 1;
}

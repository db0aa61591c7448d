import type { TextDocument } from 'vscode';
import type { ExplainParams, ModelText, ScoreParams } from '../../protocol/engine.ts';
import type { Settings } from '../settings.ts';
import type { Snapshot } from '../text/snapshot.ts';

/** Alternatives that a hover lists. */
const alternatives = 5;

export function modelText(text: string, document: TextDocument, settings: Settings): ModelText {
  return { modelDir: settings.modelDir(document), text, bos: settings.get('bos', document) };
}

/** Why the model's own next token, and not its strongest competitor? */
export function explainParams(snapshot: Snapshot, document: TextDocument, settings: Settings): ExplainParams {
  const objective = settings.get('objective', document);
  return {
    ...modelText(snapshot.text, document, settings),
    range: snapshot.range,
    at: null,
    target: { kind: 'top' },
    foil: { kind: objective === 'contrast' ? 'top' : 'none' },
    method: settings.get('method', document),
    objective,
    baseline: settings.get('baseline', document),
    steps: settings.get('steps', document),
    tolerance: settings.get('tolerance', document),
    seed: 0,
  };
}

/** The probabilities of the tokens that `explained` asked about, read with the same context. */
export function scoreParams({ modelDir, text, bos, range }: ExplainParams): ScoreParams {
  return { modelDir, text, bos, range, top: alternatives };
}

import type { ConfigurationScope, TextDocument } from 'vscode';
import type { ExplainParams, ModelText } from '../../protocol/engine.ts';
import {
  type AttributionMethodId,
  chooseMethod,
  type MethodChoice,
  objectiveAlone,
} from '../../protocol/methods.ts';
import type { Objective } from '../../protocol/results.ts';
import type { Settings } from '../settings.ts';
import type { Snapshot } from '../text/snapshot.ts';
import type { Question } from './question.ts';

export function modelText(
  text: string,
  scope: ConfigurationScope | undefined,
  settings: Settings,
): ModelText {
  return { modelDir: settings.modelDir(scope), text, bos: settings.get('bos', scope) };
}

export function explainParams(
  { at, target, foil }: Question,
  { base, text, range }: Snapshot,
  document: TextDocument,
  settings: Settings,
): ExplainParams {
  const method = chosenMethod(document, settings);
  const objective = objectiveFor(foil, settings.get('objective', document), method.method);
  return {
    ...modelText(text, document, settings),
    range,
    at: at === null ? { kind: 'end' } : { kind: 'offset', offset: at - base },
    target,
    foil: objective === 'contrast' ? (foil ?? { kind: 'competitor' }) : { kind: 'none' },
    objective,
    baseline: settings.get('baseline', document),
    ...method,
  };
}

/** A person who names a foil asks for a contrast, and one who wants none for no contrast, whatever the setting. */
function objectiveFor(foil: Question['foil'], set: Objective, method: AttributionMethodId): Objective {
  if (foil?.kind === 'none') return set === 'contrast' ? objectiveAlone(method) : set;
  return foil ? 'contrast' : set;
}

/** A method with its options as they are set. */
export function chosenMethod(
  scope: ConfigurationScope | undefined,
  settings: Settings,
  method = settings.get('method', scope),
): MethodChoice {
  return chooseMethod(method, settings.methodOptions(scope));
}

import type { ConfigurationScope, TextDocument } from 'vscode';
import type { ExplainParams, ModelText } from '../../protocol/engine.ts';
import { chooseMethod, type MethodChoice } from '../../protocol/methods.ts';
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
  // A person who names a foil asks for a contrast, whatever the setting.
  const objective = foil ? 'contrast' : settings.get('objective', document);
  return {
    ...modelText(text, document, settings),
    range,
    at: at === null ? { kind: 'end' } : { kind: 'offset', offset: at - base },
    target,
    foil: objective === 'contrast' ? (foil ?? { kind: 'top' }) : { kind: 'none' },
    objective,
    baseline: settings.get('baseline', document),
    ...chosenMethod(document, settings),
  };
}

/** A method with its options as they are set. */
export function chosenMethod(
  scope: ConfigurationScope | undefined,
  settings: Settings,
  method = settings.get('method', scope),
): MethodChoice {
  return chooseMethod(method, settings.methodOptions(scope));
}

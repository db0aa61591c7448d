import type { ExplainParams } from '../../../protocol/engine.ts';
import { chooseMethod, describeMethod, removals } from '../../../protocol/methods.ts';
import { baselines, objectives } from '../../../protocol/objectives.ts';
import type { ExplainedTokens } from '../../../protocol/results.ts';
import { choiceOf } from '../../../text/telling/choices.ts';
import type { Telling } from '../../../text/telling/telling.ts';
import { linearObjectives } from './content.ts';

/** The same question, with one thing chosen otherwise. */
export interface Variant {
  name: string;
  params: ExplainParams;
}

/**
 * By every baseline, by every way of removing, and of every objective that the question can have. One that is as it was
 * asked is among each, so that a person sees where it stands.
 * @param asked what the receipt says
 */
export function variantsOf({ receipt }: ExplainedTokens, asked: ExplainParams, telling: Telling): Variant[] {
  const { baseline: hasBaseline, linear, options } = describeMethod(receipt.method);
  const ofBaselines =
    hasBaseline === 'one'
      ? baselines.map((baseline) => ({
          name: choiceOf.baseline(baseline, telling),
          params: { ...asked, baseline },
        }))
      : [];
  // A method that removes nothing is held against the one that removes each token by itself.
  const remover = options.includes('removal') ? receipt.method : 'occlusion';
  const ofRemovals = removals.map((removal) => ({
    name: choiceOf.removal(removal, receipt.baseline, telling),
    params: { ...asked, ...chooseMethod(remover, { ...receipt, removal }) },
  }));
  const ofObjectives = objectives
    .filter((objective) => (objective === 'contrast' ? receipt.foil.length > 0 : true))
    .filter((objective) => !linear || linearObjectives.includes(objective))
    .map((objective) => ({
      name: choiceOf.objective(objective, telling),
      params: { ...asked, objective },
    }));
  return [...ofBaselines, ...ofRemovals, ...ofObjectives];
}

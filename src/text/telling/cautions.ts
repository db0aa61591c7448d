import type { AttributionMethodId } from '../../protocol/methods.ts';
import type { Telling } from './telling.ts';

/**
 * What is known against a method, whatever it says here; null where nothing in particular is. Input × gradient: mean
 * reciprocal rank of the known evidence on BLiMP, subject–verb agreement and indirect objects with GPT-2 small, beside
 * chance: 0.475 (0.512), 0.295 (0.283), 0.111 (0.245) (the outputs published with Ferrando et al. 2023, mt-upc/logit-explanations).
 */
export function cautionOn(method: AttributionMethodId, { say }: Pick<Telling, 'say'>): string | null {
  switch (method) {
    case 'input-x-gradient':
    case 'smoothgrad:input-x-gradient':
      return say(
        'In published tests with GPT-2, input × gradient found the known evidence no better than chance: do not rely on it alone.',
      );
    case 'attention':
    case 'rollout':
      return say(
        'Attention says where the model looked, whatever the target: it is the same for every question about this place. The first token often draws much of it.',
      );
    case 'value-zeroing':
      return say(
        'Value zeroing does not know the target: it is the same for every question about this place.',
      );
    default:
      return null;
  }
}

import type { ExplainParams } from '../../protocol/engine.ts';
import { chooseMethod } from '../../protocol/methods.ts';
import type { ExplainedTokens } from '../../protocol/results.ts';

/** What was asked, from the receipt alone. Of today's settings only the model's folder is used. */
export function paramsOfReceipt(
  { receipt, foil, target }: ExplainedTokens,
  text: string,
  modelDir: string,
): ExplainParams {
  const { bos, range, objective, baseline } = receipt;
  return {
    ...{ modelDir, text, bos, range, objective, baseline },
    ...chooseMethod(receipt.method, receipt),
    at: target.span ? { kind: 'token', index: receipt.at } : { kind: 'end' },
    target: { kind: 'id', id: receipt.target },
    foil: foilOf(receipt.foil, foil),
  };
}

function foilOf([id, ...more]: readonly number[], foil: ExplainedTokens['foil']): ExplainParams['foil'] {
  if (id === undefined || !foil) return { kind: 'none' };
  return more.length === 0 ? { kind: 'id', id } : { kind: 'text', text: foil.text };
}

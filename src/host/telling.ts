import { env, l10n } from 'vscode';
import { Numbers } from '../text/numbers.ts';
import { tokenName } from '../text/pieceNames.ts';
import type { Telling } from '../text/telling/telling.ts';
import { quoted } from '../text/visible.ts';

/** In the language of the editor. */
export const telling: Telling = {
  say: l10n.t,
  numbers: new Numbers(env.language),
  quote: (token) => quoted(tokenName(token)),
};

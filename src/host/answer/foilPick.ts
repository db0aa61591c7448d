import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { FoilChoice } from '../explain/question.ts';
import { telling } from '../telling.ts';
import { withoutIcons } from '../text/escape.ts';

interface FoilItem extends QuickPickItem {
  foil?: FoilChoice;
}

/**
 * Asks a person which token they expected: one of the model's alternatives, or any text. Undefined if they chose
 * nothing.
 */
export async function pickFoil({ explanation, snapshot }: ExplainedText): Promise<FoilChoice | undefined> {
  if (!explanation) return undefined;
  const { target, next } = explanation;
  const alternatives = next
    .filter(({ id }) => id !== target.id)
    .map(
      (token): FoilItem => ({
        label: withoutIcons(telling.quote(token)),
        description: telling.numbers.percent(token.probability),
        foil: { kind: 'id', id: token.id },
      }),
    );
  const before = snapshot.text.slice(0, target.span?.start ?? snapshot.text.length);
  const pick = window.createQuickPick<FoilItem>();
  try {
    pick.title = l10n.t('Why {0} and not …?', telling.quote(target));
    pick.placeholder = l10n.t('Pick an alternative, or type any text');
    const alone: FoilItem = {
      label: l10n.t('Nothing: why at all?'),
      description: l10n.t('the target alone is explained'),
      foil: { kind: 'none' },
    };
    pick.items = [...alternatives, alone];
    return await new Promise((resolve) => {
      pick.onDidChangeValue((value) => {
        pick.items = [...typed(value, before), ...alternatives, alone];
      });
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.foil));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/**
 * The text as it was typed. Where a new word would begin, the same text with a space in front comes first, because
 * GPT-2's words begin with one.
 */
function typed(value: string, before: string): FoilItem[] {
  if (value === '') return [];
  const spaced = /\S$/.test(before) && !/^\s/.test(value) ? [` ${value}`] : [];
  const items = [...spaced, value].map(
    (text): FoilItem => ({
      label: withoutIcons(telling.quote({ text })),
      alwaysShow: true,
      foil: { kind: 'text', text },
    }),
  );
  return [...items, { label: l10n.t('Alternatives'), kind: QuickPickItemKind.Separator }];
}

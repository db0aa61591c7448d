import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { FlipParams, Goal } from '../../protocol/engine.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import { telling } from '../telling.ts';
import { withoutIcons } from '../text/escape.ts';

/** What may not be changed. */
export interface Bounds extends Pick<FlipParams, 'wordsOnly' | 'sameForm'> {
  /** Leave the word alone that stands directly before the prediction. */
  keepLast: boolean;
}

export interface GoalChoice {
  goal: Goal;
  bounds: Bounds;
}

interface GoalItem extends QuickPickItem {
  goal?: Goal;
  bound?: keyof Bounds;
}

/** How far a token may be pushed down at a click. */
const ranks = [10, 100];

/** With these the whole list is seen at once; any other token can be typed. */
const mostAlternatives = 5;

/** As they were left the last time. */
let lastBounds: Bounds = { wordsOnly: false, sameForm: false, keepLast: false };

/** Asks what the edit is to bring about, and what it must leave alone. Undefined if nothing was chosen. */
export async function pickGoal({ explanation }: ExplainedText): Promise<GoalChoice | undefined> {
  if (!explanation) return undefined;
  const { target, next } = explanation;
  const [first] = next;
  const { numbers, quote } = telling;
  const item = (label: string, goal: Goal, description = ''): GoalItem => ({
    label: withoutIcons(label),
    description,
    goal,
  });
  const to = (text: string, goal: Goal, description = '') =>
    item(l10n.t('{0} comes first', text), goal, description);
  const goals = [
    ...(first ? [item(l10n.t('Any other token than {0}', quote(first)), { kind: 'any' })] : []),
    ...next
      .slice(1, 1 + mostAlternatives)
      .map((token) =>
        to(
          quote(token),
          { kind: 'to', token: { kind: 'id', id: token.id } },
          numbers.percent(token.probability),
        ),
      ),
    ...ranks.map((rank) =>
      item(l10n.t('{0} falls below rank {1}', quote(target), numbers.count(rank)), {
        kind: 'below',
        rank,
        target: { kind: 'id', id: target.id },
      }),
    ),
  ];
  const bounds = { ...lastBounds };
  const boundItems = (): GoalItem[] => [
    { label: l10n.t('What must stay'), kind: QuickPickItemKind.Separator },
    ...boundNames().map(([bound, label]) => ({
      label: `${bounds[bound] ? '$(check)' : '$(blank)'} ${label}`,
      alwaysShow: true,
      bound,
    })),
  ];
  const typed = (value: string): GoalItem[] => {
    if (value === '') return [];
    const texts = /^\s/.test(value) ? [value] : [` ${value}`, value];
    return texts.map((text) => ({
      ...to(quote({ text }), { kind: 'to', token: { kind: 'text', text } }),
      alwaysShow: true,
    }));
  };
  const pick = window.createQuickPick<GoalItem>();
  try {
    pick.title = l10n.t('Find the smallest edit after which …');
    pick.placeholder = l10n.t('Pick what is to happen, or type a token that is to come first');
    const show = () => {
      pick.items = [...typed(pick.value), ...goals, ...boundItems()];
    };
    show();
    return await new Promise((resolve) => {
      pick.onDidChangeValue(show);
      pick.onDidAccept(() => {
        const chosen = pick.selectedItems[0];
        if (chosen?.bound) {
          bounds[chosen.bound] = !bounds[chosen.bound];
          show();
          pick.activeItems = pick.items.filter(({ bound }) => bound === chosen.bound);
          return;
        }
        if (!chosen?.goal) return;
        lastBounds = bounds;
        resolve({ goal: chosen.goal, bounds });
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

const boundNames = (): [keyof Bounds, string][] => [
  ['wordsOnly', l10n.t('Change whole words only')],
  ['sameForm', l10n.t('Keep leading spaces and case')],
  ['keepLast', l10n.t('Keep the last word before the prediction')],
];

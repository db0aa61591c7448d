import { l10n, type QuickPickItem, QuickPickItemKind, type TextDocument, window, workspace } from 'vscode';
import type { Adversarial, Said, TriedEdit } from '../../protocol/results.ts';
import { adversarialPairs, asJsonLines } from '../../text/adversarialPairs.ts';
import { editKindName, editText, kindText } from '../../text/telling/edits.ts';
import type { EngineClient } from '../engine/client.ts';
import { documentLane } from '../engine/documentLane.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { Job, Jobs } from '../jobs.ts';
import { saveExport } from '../panel/saveExport.ts';
import type { Problems } from '../problems.ts';
import { telling } from '../telling.ts';
import { withoutIcons } from '../text/escape.ts';
import { applyQuestion, type EditFinder } from './editFinder.ts';
import { adversarialParams } from './request.ts';

interface Item extends QuickPickItem {
  choose?: () => Promise<void>;
}

/** `Whytoken: Test by Many Edits`: how many single edits change the prediction, and the worst, which open as comparisons. */
export class EditTester {
  readonly #engine: EngineClient;
  readonly #finder: EditFinder;
  readonly #jobs: Jobs;
  readonly #problems: Problems;

  constructor(engine: EngineClient, finder: EditFinder, jobs: Jobs, problems: Problems) {
    this.#engine = engine;
    this.#finder = finder;
    this.#jobs = jobs;
    this.#problems = problems;
  }

  async test(): Promise<void> {
    try {
      const explained = await this.#finder.explained();
      if (!explained) return;
      const tested = await this.#measure(explained);
      await this.#show(explained, tested);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  #measure(explained: ExplainedText): Promise<Adversarial> {
    const { document } = explained;
    const { version } = document;
    return this.#jobs.run(jobOf(document), async (source, report) => {
      const subscription = workspace.onDidChangeTextDocument(() => {
        if (document.version !== version) source.cancel();
      });
      try {
        return await this.#engine.adversarial(adversarialParams(explained), {
          lane: documentLane('adversarial', document),
          cancellation: source.token,
          onProgress: (progress) => report(progress),
        });
      } finally {
        subscription.dispose();
      }
    });
  }

  async #show(explained: ExplainedText, tested: Adversarial): Promise<void> {
    const { kinds, worst, before } = tested;
    const heading = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });
    const counts = kinds.map((one): Item => {
      const told = kindText(one, telling);
      // What is drawn and guided takes a line of its own.
      const place = one.guided.tried > 0 ? { detail: told } : { description: told };
      return { label: editKindName(one.kind, telling), ...place };
    });
    const edits = worst.map(
      (one): Item => ({
        label: withoutIcons(editText(one.edit, telling)),
        description: withoutIcons(saysText(one)),
        choose: () => this.#open(explained, before, one),
      }),
    );
    const data = asJsonLines(adversarialPairs(explained.params.text, tested));
    const save: Item = {
      label: `$(export) ${l10n.t('Export the worst as pairs, in JSON lines…')}`,
      choose: () => saveExport({ extension: 'jsonl', data, name: 'edits' }),
    };
    const [first] = before.next;
    const chosen = await window.showQuickPick<Item>(
      [
        heading(l10n.t('Single edits that change it')),
        ...counts,
        ...(edits.length > 0 ? [heading(l10n.t('The worst')), ...edits, heading(''), save] : []),
      ],
      {
        title: l10n.t(
          'How many edits make it say something else than {0}?',
          first ? telling.quote(first) : '',
        ),
        placeHolder: l10n.t('Pick one of the worst to see it'),
        matchOnDescription: true,
      },
    );
    await chosen?.choose?.();
  }

  async #open(explained: ExplainedText, before: Said, one: TriedEdit): Promise<void> {
    if (!explained.intact) {
      this.#problems.note(l10n.t('Nothing was edited, because the text was changed meanwhile.'));
      return;
    }
    const after = { next: [{ ...one.says, logit: 0 }], token: { ...before.token, ...one.token } };
    const question = applyQuestion([one.edit], `${saysText(one)}.`);
    await this.#finder.propose(explained, [one.edit], { before, after, question });
  }
}

const saysText = ({ says }: TriedEdit) =>
  l10n.t('then {0} ({1})', telling.quote(says), telling.numbers.percent(says.probability));

function jobOf(document: TextDocument): Job {
  return { name: `test ${document.uri}`, kind: 'explain', title: l10n.t('Trying edits') };
}

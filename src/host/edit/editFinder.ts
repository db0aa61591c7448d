import { l10n, type TextDocument, WorkspaceEdit, window, workspace } from 'vscode';
import { searchDefaults } from '../../protocol/edits.ts';
import type { Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Flipped, PartialFlip, Said, TextEdit } from '../../protocol/results.ts';
import { editText, flipFacts, flipText } from '../../text/telling/edits.ts';
import type { EngineClient } from '../engine/client.ts';
import { documentLane } from '../engine/documentLane.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Explainer } from '../explain/explainer.ts';
import type { Job, Jobs } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import { isProposalWanted } from '../proposal.ts';
import { telling } from '../telling.ts';
import { changedText, editsOf, shiftedQuestion } from './editedDocument.ts';
import { type GoalChoice, pickGoal } from './goalPick.ts';
import { flipParams } from './request.ts';

/** What was found, or when the search was ended early, the best until then. */
type Found = PartialFlip & Partial<Pick<Flipped, 'distance' | 'perplexityRatio' | 'unusual'>>;

/** How many times as many evaluations a search that found nothing may go on for. */
const longer = 4;

/** `Whytoken: Find the Smallest Edit…`: searched, shown as a comparison, and applied only if that is wanted. */
export class EditFinder {
  readonly #engine: EngineClient;
  readonly #texts: ExplainedTexts;
  readonly #explainer: Explainer;
  readonly #jobs: Jobs;
  readonly #problems: Problems;

  constructor(
    engine: EngineClient,
    texts: ExplainedTexts,
    explainer: Explainer,
    jobs: Jobs,
    problems: Problems,
  ) {
    this.#engine = engine;
    this.#texts = texts;
    this.#explainer = explainer;
    this.#jobs = jobs;
    this.#problems = problems;
  }

  /** For what the editor shows an explanation of; without one, what is selected is explained first. */
  async find(): Promise<void> {
    const explained = await this.explained();
    const choice = explained && (await pickGoal(explained));
    if (!choice) return;
    try {
      await this.#findFor(explained, choice, searchDefaults.budget);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  /** What is looked at, once it is explained. */
  async explained(): Promise<ExplainedText | null> {
    if (!this.#texts.lookedAt) await this.#explainer.explainSelection();
    return this.#texts.lookedAt;
  }

  /** Shows what an explained text would be with some edits, explained too, and applies them if that is wanted. */
  async propose(
    explained: ExplainedText,
    edits: readonly TextEdit[],
    { before, after, question }: { before: Said; after: Said; question: string },
  ): Promise<void> {
    const { document } = explained;
    const { version } = document;
    const placed = editsOf(explained, edits);
    const [first] = placed;
    if (!first) return;
    const isWanted = await isProposalWanted(document, {
      content: changedText(document, placed),
      place: first.range,
      question,
      accept: l10n.t('Apply the Edit'),
      onShown: (proposed) => {
        const asked = shiftedQuestion(explained, edits, before, after);
        void this.#explainer.explainQuestion(proposed, asked);
      },
    });
    if (!isWanted && document.version === version) return;
    const edit = new WorkspaceEdit();
    for (const { range, text } of placed) edit.replace(document.uri, range, text);
    const isApplied = document.version === version && (await workspace.applyEdit(edit));
    this.#problems.note(
      isApplied
        ? l10n.t('Edited: {0}. Undo brings the old text back.', listed(edits))
        : l10n.t('Nothing was edited, because the text was changed meanwhile.'),
    );
  }

  async #findFor(explained: ExplainedText, choice: GoalChoice, budget: number): Promise<void> {
    const found = await this.#search(explained, choice, budget);
    if (!found) return;
    if (!explained.intact) {
      this.#problems.note(l10n.t('Nothing was edited, because the text was changed meanwhile.'));
      return;
    }
    if (!found.found) return this.#tellNotFound(explained, choice, found, budget);
    const { before, after } = found;
    await this.propose(explained, found.edits, { before, after, question: questionOf(found) });
  }

  /** Null where nothing was known when it was cancelled, or the text was changed. */
  async #search(explained: ExplainedText, choice: GoalChoice, budget: number): Promise<Found | null> {
    const { document } = explained;
    const { version } = document;
    let best: PartialFlip | null = null;
    try {
      return await this.#jobs.run(jobOf(document), async (source, report) => {
        const subscription = workspace.onDidChangeTextDocument(() => {
          if (document.version !== version) source.cancel();
        });
        try {
          return await this.#engine.flip(flipParams(explained, choice, budget), {
            lane: documentLane('flip', document),
            cancellation: source.token,
            onProgress: (progress) => {
              best = progress.partial ?? best;
              report(progress, phaseOf(progress, best));
            },
          });
        } finally {
          subscription.dispose();
        }
      });
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'cancelled') throw error;
      // What was found until then is kept.
      return document.version === version ? best : null;
    }
  }

  async #tellNotFound(
    explained: ExplainedText,
    choice: GoalChoice,
    found: Found,
    budget: number,
  ): Promise<void> {
    const closest =
      found.edits.length > 0 ? [l10n.t('The closest that was tried: {0}.', listed(found.edits))] : [];
    const sentence = [flipText(found, telling), ...closest].join(' ');
    this.#problems.note(sentence);
    const onward = l10n.t('Search On');
    const chosen = await window.showInformationMessage(sentence, onward);
    if (chosen === onward) await this.#findFor(explained, choice, budget * longer);
  }
}

function jobOf(document: TextDocument): Job {
  return { name: `flip ${document.uri}`, kind: 'explain', title: l10n.t('Searching for the smallest edit') };
}

/** What a search has come to, for the status item. */
function phaseOf({ done, stage }: Progress<PartialFlip>, best: PartialFlip | null): string | null {
  if (stage !== 'evaluating' || !best || best.edits.length === 0) return null;
  const count = telling.numbers.count(done);
  return best.found
    ? l10n.t('Searching for a smaller edit… {0} evaluations; found: {1}', count, listed(best.edits))
    : l10n.t('Searching for an edit… {0} evaluations; closest: {1}', count, listed(best.edits));
}

const listed = (edits: readonly TextEdit[]) => edits.map((edit) => editText(edit, telling)).join(', ');

function questionOf(found: Found): string {
  const { distance, perplexityRatio = null, unusual = null } = found;
  // A search that was ended early has not measured the rest.
  const facts =
    distance === undefined
      ? []
      : [`${flipFacts({ ...found, distance, perplexityRatio, unusual }, telling).join(' · ')}.`];
  return applyQuestion(found.edits, [flipText(found, telling), ...facts].join(' '));
}

/** @param what becomes of the prediction */
export function applyQuestion(edits: readonly TextEdit[], what: string): string {
  return l10n.t('{0}: {1} Apply it? Nothing is changed before you do.', listed(edits), what);
}

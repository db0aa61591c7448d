/** What the extension is made of, put together: by the extension around its engine, by the tests around theirs. */
import type { Disposable, LogOutputChannel, Memento, StatusBarItem, Uri } from 'vscode';
import { AnswerThread } from './answer/answerThread.ts';
import { EditActions } from './edit/editActions.ts';
import { EditFinder } from './edit/editFinder.ts';
import { EditTester } from './edit/editTester.ts';
import type { EngineClient } from './engine/client.ts';
import { EvidenceFiller } from './explain/evidenceFiller.ts';
import { ExplainedTexts } from './explain/explainedTexts.ts';
import { Explainer } from './explain/explainer.ts';
import { ExplanationAsText } from './explain/explanationAsText.ts';
import { Stopwatch } from './explain/stopwatch.ts';
import { GeneratedTexts } from './generate/generatedTexts.ts';
import { Generator } from './generate/generator.ts';
import { TypingSuggestions } from './generate/typingSuggestions.ts';
import { TokenHover } from './hover/tokenHover.ts';
import { WholeExpectations } from './hover/wholeExpectations.ts';
import { Jobs } from './jobs.ts';
import { Live } from './live/live.ts';
import { ModelFolder } from './modelFolder.ts';
import { AttentionOverlay } from './overlay/attention.ts';
import { AttributionOverlay } from './overlay/attribution.ts';
import { ContextLengthOverlay } from './overlay/contextLength.ts';
import { followExplanations } from './overlay/followExplanations.ts';
import { OverlayCommands } from './overlay/overlayCommands.ts';
import { Overlays } from './overlay/overlays.ts';
import { SurprisalOverlay } from './overlay/surprisal.ts';
import { Painter } from './paint/painter.ts';
import { Panels } from './panel/panels.ts';
import { Problems } from './problems.ts';
import { ScoredDocuments } from './score/scoredDocuments.ts';
import { Seen } from './seen.ts';
import { Settings } from './settings.ts';
import { StatusItem } from './statusItem.ts';

/** What differs from place to place. The parts own the engine and the log from now on. */
export interface Surroundings<E extends EngineClient> {
  engine: E;
  log: LogOutputChannel;
  /** The extension's folder. */
  extension: Uri;
  /** The folder of the model that is used where none is set. */
  bundledModel: string;
  /** What VS Code remembers for the workspace. */
  state: Memento;
  /** A folder that may be written to. */
  storage: Uri;
  /** What says what is going on; it stays when the parts go. */
  item: StatusBarItem;
}

export type Parts<E extends EngineClient = EngineClient> = ReturnType<typeof makeParts<E>>;

/**
 * Makes every part. They listen to the editor, but nothing is registered there under a name that only one can have
 * (commands, tools, providers of panels): see `register.ts`.
 */
export function makeParts<E extends EngineClient>(surroundings: Surroundings<E>) {
  const owned: Disposable[] = [];
  const own = <T extends Disposable>(part: T): T => {
    owned.push(part);
    return part;
  };
  const { extension, state, storage, item } = surroundings;
  const log = own(surroundings.log);
  const engine = own(surroundings.engine);
  const settings = new Settings(surroundings.bundledModel, log);
  const problems = own(new Problems(log));
  const jobs = own(new Jobs());
  const stopwatch = new Stopwatch(log);
  const texts = own(new ExplainedTexts());
  const scored = own(new ScoredDocuments(engine, settings, problems));
  const attribution = new AttributionOverlay(texts, settings);
  const contextLength = new ContextLengthOverlay(engine, jobs, settings, problems);
  const overlays = own(
    new Overlays([
      attribution,
      new SurprisalOverlay(scored, settings),
      new AttentionOverlay(engine, settings, problems),
      contextLength,
    ]),
  );
  own(followExplanations(texts, overlays));
  const painter = own(new Painter(overlays, settings));
  const explainer = own(new Explainer(engine, texts, jobs, settings, problems, stopwatch, scored));
  own(new EvidenceFiller(engine, texts, jobs, settings, problems));
  const editFinder = new EditFinder(engine, texts, explainer, jobs, problems);
  const editTester = new EditTester(engine, editFinder, jobs, problems);
  const editActions = new EditActions(texts);
  const generated = own(new GeneratedTexts());
  const generator = own(new Generator(engine, generated, jobs, settings, problems));
  const suggestions = own(new TypingSuggestions(engine, generated, settings, log, () => generator.isBusy));
  const answers = own(new AnswerThread(texts, problems));
  const asText = own(new ExplanationAsText(texts, scored, problems));
  own(new Live(explainer, overlays, jobs, settings));
  const statusItem = own(new StatusItem(item, jobs, texts, overlays, problems));
  const overlayCommands = new OverlayCommands(overlays, texts, explainer, engine, settings, problems);
  const expectations = new WholeExpectations(engine, settings);
  const shown = { overlays, attribution, contextLength };
  const hover = own(new TokenHover(texts, scored, generated, shown, expectations, settings));
  const modelFolder = own(new ModelFolder(engine, settings, problems));
  const base = { log, engine, settings, problems, jobs, stopwatch, texts, scored, overlays, painter };
  const acting = {
    explainer,
    editFinder,
    editTester,
    editActions,
    generated,
    generator,
    suggestions,
    answers,
    asText,
    statusItem,
  };
  const panels = own(
    new Panels({ extension, state, engine, settings, texts, painter, explainer, generator, problems, log }),
  );
  const explanationPanel = panels.attribution;
  const seen = own(
    new Seen({ texts, overlays, generator, hover, answers, asText, explanationPanel, modelFolder, settings }),
  );
  return {
    ...base,
    ...acting,
    ...{ overlayCommands, hover, modelFolder, panels, seen, extension, storage },
    /** In the reverse order of making, so that no part is used after its end. */
    dispose: () => {
      for (const part of owned.splice(0).reverse()) part.dispose();
    },
  };
}

/** The extension: what there is, and what belongs to what. */
import { type ExtensionContext, languages, Uri, window, workspace } from 'vscode';
import { Activity } from './host/activity.ts';
import { AnswerThread } from './host/answer/answerThread.ts';
import { registerCommands } from './host/commands.ts';
import { ForkedEngine } from './host/engine/forkedEngine.ts';
import { ExplainedTexts } from './host/explain/explainedTexts.ts';
import { Explainer } from './host/explain/explainer.ts';
import { ExplanationAsText, scheme } from './host/explain/explanationAsText.ts';
import { Stopwatch, type Timings } from './host/explain/stopwatch.ts';
import { GeneratedTexts } from './host/generate/generatedTexts.ts';
import { Generator } from './host/generate/generator.ts';
import { TypingSuggestions } from './host/generate/typingSuggestions.ts';
import { TokenHover } from './host/hover/tokenHover.ts';
import { Live } from './host/live/live.ts';
import { ModelFolder } from './host/modelFolder.ts';
import { AttentionOverlay } from './host/overlay/attention.ts';
import { AttributionOverlay } from './host/overlay/attribution.ts';
import { followExplanations } from './host/overlay/followExplanations.ts';
import { OverlayCommands } from './host/overlay/overlayCommands.ts';
import { Overlays } from './host/overlay/overlays.ts';
import { SurprisalOverlay } from './host/overlay/surprisal.ts';
import { Painter } from './host/paint/painter.ts';
import { Panels } from './host/panel/panels.ts';
import { Problems } from './host/problems.ts';
import { ScoredDocuments } from './host/score/scoredDocuments.ts';
import { Settings } from './host/settings.ts';
import { StatusItem } from './host/statusItem.ts';
import { registerTools } from './host/tools/tools.ts';

/** What `activate` returns: nothing that another extension needs, only what the tests measure. */
export interface WhytokenApi {
  /** Of the last explanation. */
  readonly lastTimings: Timings | null;
}

export function activate({
  extension,
  extensionUri,
  subscriptions,
  workspaceState,
}: ExtensionContext): WhytokenApi {
  const file = (...path: string[]) => Uri.joinPath(extensionUri, ...path).fsPath;
  const log = window.createOutputChannel('Whytoken', { log: true });
  const engine = new ForkedEngine(
    { entry: file('dist', 'inference.mjs') },
    extension.packageJSON.version,
    log,
  );

  const settings = new Settings(file('models', 'tiny-gpt2'), log);
  const problems = new Problems(log);
  const activity = new Activity();
  const stopwatch = new Stopwatch(log);
  const texts = new ExplainedTexts();
  const scored = new ScoredDocuments(engine, settings, problems);
  const attribution = new AttributionOverlay(texts, settings);
  const overlays = new Overlays([
    attribution,
    new SurprisalOverlay(scored, settings),
    new AttentionOverlay(engine, settings, problems),
  ]);
  const painter = new Painter(overlays, settings);
  const explainer = new Explainer(engine, texts, activity, settings, problems, stopwatch, scored);
  const generated = new GeneratedTexts();
  const generator = new Generator(engine, generated, activity, settings, problems);
  const asText = new ExplanationAsText(texts, scored, problems);
  const answers = new AnswerThread(texts, problems);
  const overlayCommands = new OverlayCommands(overlays, texts, explainer, engine, settings, problems);
  const hover = new TokenHover(texts, scored, generated, overlays, attribution, settings);
  const modelFolder = new ModelFolder(engine, problems);
  const panels = new Panels({
    extension: extensionUri,
    state: workspaceState,
    engine,
    settings,
    texts,
    painter,
    explainer,
    generator,
    problems,
    log,
  });

  subscriptions.push(
    log,
    engine,
    problems,
    activity,
    texts,
    scored,
    overlays,
    followExplanations(texts, overlays),
    painter,
    panels,
    explainer,
    generated,
    generator,
    new TypingSuggestions(engine, generated, settings, log, () => generator.isBusy),
    answers,
    asText,
    new Live(explainer, overlays, activity, settings),
    new StatusItem(activity, texts, overlays, problems),
    registerCommands({
      activity,
      answers,
      asText,
      explainer,
      generator,
      log,
      modelFolder,
      overlayCommands,
      panels,
      problems,
      texts,
    }),
    registerTools(engine, settings, log),
    workspace.registerTextDocumentContentProvider(scheme, asText),
    languages.registerHoverProvider('*', hover),
    languages.registerHoverProvider('*', hover.later),
  );
  return {
    get lastTimings() {
      return stopwatch.last;
    },
  };
}

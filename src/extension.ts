/** The extension: what there is, and what belongs to what. */
import { commands, type ExtensionContext, languages, Uri, window } from 'vscode';
import { Activity } from './host/activity.ts';
import { ForkedEngine } from './host/engine/forkedEngine.ts';
import { ExplainedTexts } from './host/explain/explainedTexts.ts';
import { Explainer } from './host/explain/explainer.ts';
import { Stopwatch, type Timings } from './host/explain/stopwatch.ts';
import { Generator } from './host/generate/generator.ts';
import { TokenHover } from './host/hover/tokenHover.ts';
import { Painter } from './host/paint/painter.ts';
import { ExplanationPanel, viewType } from './host/panel/explanationPanel.ts';
import { Problems } from './host/problems.ts';
import { Settings } from './host/settings.ts';
import { StatusItem } from './host/statusItem.ts';

/** What `activate` returns: nothing that another extension needs, only what the tests measure. */
export interface WhytokenApi {
  /** Of the last explanation. */
  readonly lastTimings: Timings | null;
}

export function activate({ extension, extensionUri, subscriptions }: ExtensionContext): WhytokenApi {
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
  const painter = new Painter(texts, settings);
  const panel = new ExplanationPanel(extensionUri, texts, painter, log);
  const explainer = new Explainer(engine, texts, activity, settings, problems, stopwatch);
  const generator = new Generator(engine, activity, settings, problems);

  subscriptions.push(
    log,
    engine,
    problems,
    activity,
    texts,
    painter,
    panel,
    explainer,
    new StatusItem(activity, texts, problems),
    commands.registerCommand('whytoken.explainSelection', () => explainer.explainSelection()),
    commands.registerCommand('whytoken.clear', () => texts.clear()),
    commands.registerCommand('whytoken.cancel', () => activity.cancel()),
    commands.registerCommand('whytoken.generate', () => generator.generate()),
    commands.registerCommand('whytoken.openPanel', () => panel.open()),
    commands.registerCommand('whytoken.showLog', () => log.show()),
    languages.registerHoverProvider('*', new TokenHover(texts)),
    window.registerWebviewPanelSerializer(viewType, panel),
  );
  return {
    get lastTimings() {
      return stopwatch.last;
    },
  };
}

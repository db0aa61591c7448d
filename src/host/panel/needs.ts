import type { LogOutputChannel, Memento, Uri } from 'vscode';
import type { EngineClient } from '../engine/client.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Explainer } from '../explain/explainer.ts';
import type { Generator } from '../generate/generator.ts';
import type { Painter } from '../paint/painter.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';

/** What panels are made of. */
export interface PanelNeeds {
  extension: Uri;
  /** Of the workspace. */
  state: Memento;
  engine: EngineClient;
  settings: Settings;
  texts: ExplainedTexts;
  painter: Painter;
  explainer: Explainer;
  generator: Generator;
  problems: Problems;
  log: LogOutputChannel;
}

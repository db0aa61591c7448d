import { Disposable, type LogOutputChannel, lm } from 'vscode';
import type { EngineClient } from '../engine/client.ts';
import type { Settings } from '../settings.ts';
import { explainText } from './explainText.ts';
import { generateText } from './generateText.ts';
import { CallableTool } from './languageModelTool.ts';
import { tokenProbabilities } from './tokenProbabilities.ts';

/** What agents can use; each is described to them in the manifest. */
export function registerTools(engine: EngineClient, settings: Settings, log: LogOutputChannel): Disposable {
  return Disposable.from(
    lm.registerTool(explainText.name, new CallableTool(explainText, engine, settings, log)),
    lm.registerTool(tokenProbabilities.name, new CallableTool(tokenProbabilities, engine, settings, log)),
    lm.registerTool(generateText.name, new CallableTool(generateText, engine, settings, log)),
  );
}

import type { LanguageModelTool, LogOutputChannel } from 'vscode';
import type { EngineClient } from '../engine/client.ts';
import type { Settings } from '../settings.ts';
import { explainText } from './explainText.ts';
import { generateText } from './generateText.ts';
import { CallableTool } from './languageModelTool.ts';
import { tokenProbabilities } from './tokenProbabilities.ts';
import type { Tool } from './tool.ts';

/** What agents can use, by name; each is described to them in the manifest. */
export function toolsOf(
  engine: EngineClient,
  settings: Settings,
  log: LogOutputChannel,
): ReadonlyMap<string, LanguageModelTool<unknown>> {
  const callable = <Input>(tool: Tool<Input>) =>
    [tool.name, new CallableTool(tool, engine, settings, log)] as const;
  return new Map([callable(explainText), callable(tokenProbabilities), callable(generateText)]);
}

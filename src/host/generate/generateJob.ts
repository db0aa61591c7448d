import { type CancellationToken, l10n } from 'vscode';
import type { GeneratedPiece, GenerateParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { GeneratedSequence } from '../../protocol/results.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Job } from '../jobs.ts';

/** One at a time: candidates are offered at one cursor. */
export function generateJob(): Job {
  return { name: 'generate', kind: 'generate', title: l10n.t('Generating') };
}

/** @throws EngineError `cancelled` if the request was cancelled, even if the engine has answered since */
export async function generate(
  engine: EngineClient,
  params: GenerateParams,
  cancellation: CancellationToken,
  onProgress: (progress: Progress<GeneratedPiece>) => void,
): Promise<GeneratedSequence[]> {
  const { sequences } = await engine.generate(params, { lane: 'generate', cancellation, onProgress });
  if (cancellation.isCancellationRequested) throw new EngineError('cancelled');
  return sequences;
}

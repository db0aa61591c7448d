/** Opens a Hugging Face folder of a GPT-2: reads and validates it, so that its weights can be mapped. */
import type { Progress } from '../../protocol/engine.ts';
import { Run } from '../run.ts';
import { parseConfig } from './config.ts';
import { fingerprintOf } from './fingerprint.ts';
import { configFile, folderName, openFile, parseJsonObject, readSmallFile, weightsFile } from './folder.ts';
import { WeightFile } from './mapped.ts';
import type { OpenedFile } from './openedFile.ts';
import { readHeader } from './safetensors.ts';
import { sweepScratchFolders } from './scratch.ts';
import type {
  Checkpoint,
  Fingerprint,
  Gpt2Config,
  MappedWeights,
  WeightDtype,
  WeightIndex,
} from './types.ts';
import { unpackWeights } from './unpack.ts';
import { indexWeights } from './weightIndex.ts';

/**
 * Validates config.json and the header of model.safetensors. Float32 weights stay in their file; half-precision weights
 * are unpacked into a temporary file, with progress in bytes. The values themselves are not checked: see `checkFinite`.
 *
 * @throws EngineError every code under "Files of a checkpoint" except `tensor-not-finite` and the tokenizer's;
 * `cancelled`
 */
export async function openCheckpoint(
  folder: string,
  run: Run<Progress> = Run.detached(),
): Promise<Checkpoint> {
  const configBytes = readSmallFile(folder, configFile);
  const config = parseConfig(parseJsonObject(configFile, configBytes));
  const source = openFile(folder, weightsFile);
  try {
    const index = indexWeights(readHeader(source), config);
    return new OpenedCheckpoint(folder, config, configBytes, source, index, await map(source, index, run));
  } catch (error) {
    source.close();
    throw error;
  }
}

async function map(source: OpenedFile, index: WeightIndex, run: Run<Progress>): Promise<MappedWeights> {
  if ([...index.values()].every(({ dtype }) => dtype === 'F32')) return new WeightFile(source, index);
  sweepScratchFolders();
  return unpackWeights(source, index, run);
}

class OpenedCheckpoint implements Checkpoint {
  readonly folder: string;
  readonly name: string;
  readonly config: Gpt2Config;
  readonly dtype: WeightDtype;
  readonly parameters: number;
  readonly weights: MappedWeights;
  readonly stored: WeightIndex;
  readonly fingerprint: Fingerprint;
  readonly #source: OpenedFile;

  constructor(
    folder: string,
    config: Gpt2Config,
    configBytes: Uint8Array,
    source: OpenedFile,
    index: WeightIndex,
    weights: MappedWeights,
  ) {
    this.folder = folder;
    this.name = folderName(folder);
    this.config = config;
    this.fingerprint = fingerprintOf(configBytes, source);
    this.#source = source;
    this.weights = weights;
    this.stored = index;
    const elements = countElements(index);
    this.parameters = [...elements.values()].reduce((sum, count) => sum + count, 0);
    this.dtype = [...elements].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
  }

  dispose(): void {
    this.weights.dispose();
    this.#source.close();
  }
}

function countElements(index: WeightIndex): Map<WeightDtype, number> {
  const counts = new Map<WeightDtype, number>();
  for (const { dtype, shape } of index.values()) {
    const elements = shape.reduce((product, size) => product * size, 1);
    counts.set(dtype, (counts.get(dtype) ?? 0) + elements);
  }
  return counts;
}

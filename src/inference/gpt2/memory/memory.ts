/**
 * What is known of the texts that were asked about last. Two requests of one kind may run at once: each memory lends
 * what it has, and no borrower changes what another one reads.
 */
import type { Network } from '../network.ts';
import { MeanEmbedding } from './meanEmbedding.ts';
import { MeanPatterns } from './meanPatterns.ts';
import { Readings } from './readings.ts';
import { RecentDistributions } from './recentDistributions.ts';
import { StreamGradients } from './streamGradients.ts';
import { Streams } from './streams.ts';

export interface Memory {
  readonly readings: Readings;
  readonly streams: Streams;
  readonly streamGradients: StreamGradients;
  readonly recentDistributions: RecentDistributions;
  readonly meanPatterns: MeanPatterns;
  readonly meanEmbedding: MeanEmbedding;
}

/** The most bytes that each memory keeps. Each has a default. */
export type MemoryLimits = Partial<
  Record<'readings' | 'streams' | 'streamGradients' | 'meanPatterns', number>
>;

export function emptyMemory(network: Network, limits: MemoryLimits = {}): Memory {
  const readings = new Readings(network, limits.readings);
  return {
    readings,
    streams: new Streams(network, readings, limits.streams),
    streamGradients: new StreamGradients(limits.streamGradients),
    recentDistributions: new RecentDistributions(),
    meanPatterns: new MeanPatterns(network.config, limits.meanPatterns),
    meanEmbedding: new MeanEmbedding(network.checkpoint),
  };
}

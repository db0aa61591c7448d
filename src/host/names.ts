/** Names that are known before anything else is loaded. */

/** Of the settings. */
export const section = 'whytoken';

/** Of the read-only documents that are made here. */
export const scheme = 'whytoken';

/** Every command of the manifest, by its name there, and those that only keys and links run. */
export const commandNames = [
  'explainSelection',
  'explainToken',
  'whyNot',
  'showAnswer',
  'showMenu',
  'showAttribution',
  'showSurprisal',
  'showAttention',
  'probeContext',
  'chooseGranularity',
  'chooseAttention',
  'toggleLive',
  'copyAsText',
  'copyAsMarkdown',
  'showAsText',
  'clear',
  'cancel',
  'generate',
  'dismissCandidates',
  'continueFrom',
  'replaceFrom',
  'acceptReplacement',
  'discardReplacement',
  'removeToken',
  'findEdit',
  'testEdits',
  'openPanel',
  'openAttention',
  'openProbabilities',
  'openStructure',
  'chooseModelFolder',
  'useBundledModel',
  'getStarted',
  'trySample',
  'restartEngine',
  'showLog',
] as const;

/** What a step of the walkthrough is done by: that something was shown, not that a command was run. See `seen.ts`. */
export const sights = ['explanation', 'token', 'generation', 'overlay', 'model'] as const;

export type Sight = (typeof sights)[number];

export type CommandName = (typeof commandNames)[number];

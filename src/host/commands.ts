import { commands, l10n } from 'vscode';
import { pickFoil } from './answer/foilPick.ts';
import { linkArgument, linkedDocument } from './commandLinks.ts';
import { continueFromLink } from './generate/continueLink.ts';
import { closeHover } from './hover/closeHover.ts';
import type { CommandName } from './names.ts';
import type { Parts } from './parts.ts';
import { decideProposal } from './proposal.ts';
import { restartEngine } from './restartEngine.ts';
import { trySample } from './samples/trySample.ts';

const walkthrough = 'whytoken.whytoken#whytoken.start';

/** @param argument what a key or a link gives, of any shape */
export type Command = (argument?: unknown) => unknown;

export function commandsOf(parts: Parts): Record<CommandName, Command> {
  const { jobs, answers, asText, explainer, generator, log, modelFolder, overlayCommands, panels, problems } =
    parts;
  const { editFinder, editTester } = parts;
  return {
    explainSelection: () => explainer.explainSelection(),
    explainToken: (argument) => explainToken(parts, argument),
    whyNot: (argument) => whyNot(parts, argument),
    showAnswer: () => answers.toggle(),
    showMenu: () => overlayCommands.menu(),
    showAttribution: () => overlayCommands.toggle('attribution'),
    showSurprisal: () => overlayCommands.toggle('surprisal'),
    showAttention: () => overlayCommands.toggle('attention'),
    probeContext: () => overlayCommands.toggle('context'),
    chooseGranularity: () => overlayCommands.chooseGranularity(),
    chooseAttention: () => overlayCommands.chooseAttention(),
    toggleLive: () => overlayCommands.toggleLive(),
    copyAsText: () => asText.copyAsText(),
    copyAsMarkdown: () => asText.copyAsMarkdown(),
    showAsText: () => asText.show(),
    clear: () => overlayCommands.clear(),
    cancel: () => jobs.cancel(),
    generate: () => generator.generate(),
    dismissCandidates: () => generator.dismiss(),
    continueFrom: (argument) => continueFromLink('whytoken.continueFrom', argument, generator, problems),
    replaceFrom: (argument) => continueFromLink('whytoken.replaceFrom', argument, generator, problems),
    acceptReplacement: (argument) => decideProposal(true, argument),
    discardReplacement: (argument) => decideProposal(false, argument),
    openPanel: async (argument) => {
      if (linkArgument('whytoken.openPanel', argument)) await closeHover(null);
      panels.attribution.open();
    },
    removeToken: (argument) => removeToken(parts, argument),
    findEdit: async (argument) => {
      if (linkArgument('whytoken.findEdit', argument)) await closeHover(null);
      await editFinder.find();
    },
    testEdits: () => editTester.test(),
    openAttention: (argument) => panels.openAttention(argument),
    openProbabilities: () => panels.probabilities.open(),
    openStructure: () => panels.structure.open(),
    chooseModelFolder: () => modelFolder.choose(),
    useBundledModel: () => modelFolder.useBundled(),
    getStarted: (argument) => getStarted(parts, argument),
    trySample: (argument) => trySample(argument, parts),
    restartEngine: () => restartEngine(parts),
    showLog: () => log.show(),
  };
}

/** @param argument true, which `npm start` says: beside the text, which keeps the focus */
async function getStarted({ seen }: Parts, argument: unknown): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', walkthrough, argument === true);
  seen.tellAgain();
}

/** At the cursor, or where a link says. */
async function explainToken({ explainer, problems }: Parts, argument: unknown): Promise<void> {
  const link = linkArgument('whytoken.explainToken', argument);
  if (!link) return explainer.explainToken();
  const document = linkedDocument(link);
  await closeHover(document);
  if (document) await explainer.explainToken({ document, offset: link.offset });
  else problems.note(outdated());
}

/** Removes the token that a link names, in the explanation's panel. */
async function removeToken({ panels, problems }: Parts, argument: unknown): Promise<void> {
  const link = linkArgument('whytoken.removeToken', argument);
  const document = link && linkedDocument(link);
  await closeHover(document);
  if (!document || !panels.removeToken(document, link.offset)) problems.note(outdated());
}

/** Against the token that a link names; else against one that a person picks, about what the editor shows. */
async function whyNot({ explainer, problems, texts }: Parts, argument: unknown): Promise<void> {
  const link = linkArgument('whytoken.whyNot', argument);
  if (link) {
    const document = linkedDocument(link);
    await closeHover(document);
    const { foil: id } = link;
    const foil = id === null ? ({ kind: 'none' } as const) : ({ kind: 'id', id } as const);
    if (document) await explainer.explainToken({ document, offset: link.offset }, foil);
    else problems.note(outdated());
    return;
  }
  if (!texts.lookedAt) await explainer.explainSelection();
  const explained = texts.lookedAt;
  const foil = explained && (await pickFoil(explained));
  if (foil) await explainer.whyNot(explained, foil);
}

const outdated = () => l10n.t('The text has been changed since: point at the token again.');

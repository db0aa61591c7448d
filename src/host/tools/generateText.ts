import { l10n } from 'vscode';
import type { GenerateParams } from '../../protocol/engine.ts';
import type { GeneratedSequence, Generation } from '../../protocol/results.ts';
import { receiptFacts } from '../../text/telling/receipt.ts';
import { droppedText } from '../../text/telling/remarks.ts';
import { withSigns } from '../../text/visible.ts';
import { modelText as modelTextOf } from '../explain/request.ts';
import type { Settings } from '../settings.ts';
import { answerUnits, literal, numbers, receiptLine, toModel } from './answer.ts';
import { fields, type InputOf, integer, list, modelText, optional, real, string } from './input.ts';
import type { Tool } from './tool.ts';

/** The most UTF-16 units that an answer has besides the candidates' texts, and for each candidate besides its text. */
const frameUnits = 1_300;
const candidateFrameUnits = 220;

const input = fields({
  text: modelText,
  candidates: optional(integer(1, 5)),
  maxTokens: optional(integer(1, 256)),
  temperature: optional(real(0, 10)),
  seed: optional(integer(0, 2 ** 32 - 1)),
  stop: optional(list(string(100), 4)),
});
type Input = InputOf<typeof input>;

/** How does the model go on, and how sure is it? */
export const generateText: Tool<Input> = {
  name: 'whytoken_generate_text',
  input,
  doing: () => l10n.t('Letting GPT-2 continue a text'),
  run: async (asked, { engine, settings, options }) =>
    answer(await engine.generate(params(asked, settings), options)),
};

function params({ text, candidates, maxTokens, stop, ...asked }: Input, settings: Settings): GenerateParams {
  const seed = asked.seed ?? settings.get('generation.seed', undefined);
  return {
    ...modelTextOf(text, undefined, settings),
    sequences: candidates ?? 1,
    maxTokens: maxTokens ?? 40,
    temperature: asked.temperature ?? settings.get('generation.temperature', undefined),
    topK: settings.get('generation.topK', undefined),
    topP: settings.get('generation.topP', undefined),
    repetitionPenalty: 1,
    stop: stop ?? [],
    first: null,
    seed: seed ?? Math.floor(Math.random() * 2 ** 32),
  };
}

function answer({ receipt, sequences }: Generation): string {
  const room = Math.floor((answerUnits - frameUnits) / Math.max(1, sequences.length)) - candidateFrameUnits;
  const { temperature, topK, topP, repetitionPenalty, seed, maxTokens, stop } = receipt;
  const sampling = {
    Temperature: temperature,
    'Top-k': topK,
    'Top-p': topP,
    'Repetition penalty': repetitionPenalty,
    Seed: seed,
    'Tokens at most': maxTokens,
    'Stop texts': stop.map(literal).join(', ') || 'none',
  };
  const more = Object.entries(sampling).map(([name, value]) => ({ id: name, name, value: String(value) }));
  return [
    ...sequences.map((sequence, index) => candidate(sequence, index + 1, room)),
    droppedText(receipt, toModel) ?? '',
    receiptLine(receiptFacts(receipt, toModel, more)),
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

function candidate({ text, tokens, ended }: GeneratedSequence, number: number, room: number): string {
  const reason = {
    length: 'ended at maxTokens',
    stop: 'ended before a stop text',
    'end-of-text': 'the model ended the text',
    context: 'ended because the model’s context is full',
  }[ended];
  const count = numbers.count(tokens.length);
  const mean = tokens.reduce((sum, { logProb }) => sum + logProb, 0) / tokens.length;
  const sureness = tokens.length > 0 ? `; mean surprisal ${numbers.bits(-mean)} bits per token` : '';
  return `Candidate ${number}: ${count} tokens, ${reason}${sureness}.\n\n${fenced(text, room)}`;
}

/** As a block of code, so that it cannot be taken for anything else of the answer; signs for what could hide in it. */
function fenced(text: string, room: number): string {
  const shown = text.replace(/[^\n\t]+/g, withSigns);
  const cut = shown.length > room ? shown.slice(0, room).toWellFormed() : shown;
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const left = shown.length - cut.length;
  const note = left > 0 ? `\n\n(${numbers.count(left)} more characters are left out.)` : '';
  return `${fence}\n${cut}\n${fence}${note}`;
}

import type { AttentionMaps } from '../../protocol/results.ts';
import { attentionJson } from '../json.ts';
import { attentionParams } from '../params.ts';
import { printAttention } from '../print/attention.ts';
import { type Verb, withEngine } from '../verb.ts';

export const attention: Verb = {
  summary: 'where each head looks: a map for one head, a table for several',
  argument: 'text',
  options: ['layer', 'head', 'bos', 'model', 'json'],
  async run(call) {
    const { values, text, screen } = call;
    const params = attentionParams(values, text);
    const maps = await withEngine<never, AttentionMaps>(call, (engine, run) => engine.attention(params, run));
    if (values.json !== undefined) return screen.writeAll(attentionJson(maps));
    await screen.write(printAttention(maps, screen));
  },
};

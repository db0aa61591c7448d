import { bundledModel } from '../params.ts';
import { printFigure } from '../print/figure.ts';
import type { Verb } from '../verb.ts';

export const bench: Verb = {
  summary: 'how fast the engine is with a model on this machine',
  argument: null,
  options: ['model', 'json'],
  async run({ values, screen }) {
    const { measureFigures } = await import('../bench/figures.ts');
    const figures: unknown[] = [];
    await measureFigures(values.model ?? bundledModel, async (figure) => {
      figures.push(figure);
      if (values.json === undefined) await screen.write(`${printFigure(figure)}\n`);
    });
    if (values.json !== undefined) await screen.write(`${JSON.stringify({ figures })}\n`);
  },
};

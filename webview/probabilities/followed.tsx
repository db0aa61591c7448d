import { useMemo } from 'preact/hooks';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import type { ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { useColours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { Held } from '../base/held.tsx';
import type { Look } from '../base/paper.ts';
import { Picture } from '../base/picture.tsx';
import { receiptFacts } from '../base/receipt.ts';
import { useAnswer } from '../base/useAnswer.ts';
import { useWidth } from '../base/useWidth.ts';
import type { Props } from './common.ts';
import { layerName } from './lensMap.ts';
import type { Options } from './options.ts';
import { rankLine } from './rankLine.ts';
import { Tools } from './tools.tsx';

interface FollowedProps extends Props {
  at: number | null;
  context: string;
  token: NonNullable<Options['follow']>;
}

/** One token's rank at one position, from the embeddings to the output. */
export function Followed(props: FollowedProps) {
  const { content, channel, label, at, token, context } = props;
  const asked = useAnswer(channel, 'follow', { at, token }, content.reading);
  const answer = asked.isOlder ? null : asked.answer;
  const title = answer ? label('rankLine', quoted(tokenName(answer)), context) : '';
  return (
    <section>
      {asked.problem && <p class="problem">{asked.problem}</p>}
      {!asked.answer && asked.isPending && <p class="remark">{label('reading')}</p>}
      <Held key={content.reading} name={title} label={label}>
        {answer && <Drawn {...props} answer={answer} title={title} />}
      </Held>
    </section>
  );
}

type Answer = AnswerOf<ProbabilitiesPanel, 'follow'>;

function Drawn({
  answer,
  title,
  channel,
  label,
  numbers,
}: FollowedProps & { answer: Answer; title: string }) {
  const colours = useColours();
  const [box, width] = useWidth<HTMLDivElement>();
  const points = useMemo(
    () =>
      Array.from(answer.ranks, (rank, row) => ({
        rank,
        probability: answer.probabilities[row]!,
        name: layerName(row, answer.ranks.length, { label, numbers }),
        shortName: numbers.count(row),
        rankText: numbers.count(rank),
      })),
    [answer, label, numbers],
  );
  const draw = (look: Look) => rankLine(points, (rank) => numbers.count(rank), look.width, look.colours);
  const scene = useMemo(() => draw({ width: Math.max(240, width), colours }), [points, width, colours]);
  const figure: Figure = {
    title,
    scene: draw,
    table: () => ({
      columns: [label('layerColumn'), label('rank'), label('probability')],
      rows: points.map(({ name, rank, probability }) => [name, rank, probability]),
    }),
    facts: receiptFacts(answer.receipt, { label, numbers }),
    json: () => answer,
  };
  return (
    <>
      <h2>{title}</h2>
      <div ref={box} class="wide">
        <Picture
          scene={scene}
          title={title}
          items={points.map(({ name, rankText, probability }) =>
            label('rankItem', name, rankText, numbers.percent(probability)),
          )}
        />
      </div>
      <Tools figure={figure} channel={channel} {...{ label, numbers }} />
    </>
  );
}

import { useMemo } from 'preact/hooks';
import { quoted } from '../../src/text/visible.ts';
import { captioned } from '../base/captioned.ts';
import { useColours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { Picture } from '../base/picture.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { useWidth } from '../base/useWidth.ts';
import { factsOf, type Props } from './common.ts';
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
  const { content, channel, label, numbers, at, token, context } = props;
  const { answer, problem } = useAnswer(channel, 'follow', { at, token }, content.reading);
  const colours = useColours();
  const [box, width] = useWidth<HTMLDivElement>();
  const points = useMemo(
    () =>
      Array.from(answer?.ranks ?? [], (rank, row) => ({
        rank,
        probability: answer!.probabilities[row]!,
        name: layerName(row, answer!.ranks.length, { label, numbers }),
        shortName: numbers.count(row),
        rankText: numbers.count(rank),
      })),
    [answer],
  );
  const scene = useMemo(
    () => rankLine(points, (rank) => numbers.count(rank), Math.max(320, width), colours),
    [points, width, colours],
  );
  const title = answer ? label('rankLine', quoted(answer.text), context) : '';
  const figure: Figure | null = answer && {
    title,
    scene: () => captioned(scene, title, [], colours),
    table: () => ({
      columns: [label('layerColumn'), label('rank'), label('probability')],
      rows: points.map(({ name, rank, probability }) => [name, rank, probability]),
    }),
    facts: factsOf(answer.receipt, { label, numbers }),
    json: () => answer,
  };
  return (
    <section>
      {problem && <p class="problem">{problem}</p>}
      <h2>{title}</h2>
      <div ref={box}>
        {answer && (
          <Picture
            scene={scene}
            title={title}
            items={points.map(({ name, rankText, probability }) =>
              label('rankItem', name, rankText, numbers.percent(probability)),
            )}
          />
        )}
      </div>
      {figure && <Tools figure={figure} channel={channel} {...{ label, numbers }} />}
    </section>
  );
}

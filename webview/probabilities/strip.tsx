import { useMemo } from 'preact/hooks';
import type { StripAnswerToken } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { type Colours, useColours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { Picture } from '../base/picture.tsx';
import { receiptFacts } from '../base/receipt.ts';
import { tokenStrip } from '../base/tokenStrip.ts';
import { useWidth } from '../base/useWidth.ts';
import { bandCounts, bandEnds, bandName, lookOf } from './bands.ts';
import type { Props, StripAnswer, Wording } from './common.ts';
import { Histograms } from './histograms.tsx';
import { Tools } from './tools.tsx';

interface StripProps extends Pick<Props, 'label' | 'numbers' | 'channel' | 'pointed'> {
  answer: StripAnswer;
  at: number | null;
  /** Null: the end of the text. */
  onPress: (at: number | null) => void;
}

/** The text as tokens in the colours of their ranks, and its end: one of them is the position that is looked at. */
export function Strip({ answer, at, pointed, onPress, label, numbers, channel }: StripProps) {
  const colours = useColours();
  const [box, width] = useWidth<HTMLDivElement>();
  const { tokens } = answer;
  const scene = useMemo(
    () => sceneOf(tokens, at, label('end'), Math.max(120, width - 4), colours),
    [tokens, at, label('end'), width, colours],
  );
  const items = useMemo(
    () => [...tokens.map((token) => itemText(token, { label, numbers })), label('endItem')],
    [tokens, label('endItem')],
  );
  const positionOf = (item: number) => (item < tokens.length ? item : null);
  const figure: Figure = {
    title: label('strip'),
    scene: (look) => sceneOf(tokens, at, label('end'), look.width, look.colours),
    notes: [bandsText(tokens, { label, numbers })],
    table: () => ({
      columns: [
        label('position'),
        label('token'),
        label('id'),
        label('rank'),
        label('probability'),
        label('surprisal'),
        label('wordSurprisal'),
      ],
      rows: tokens.map(({ rank, logProb, wordLogProb, ...token }, place) => [
        place,
        quoted(tokenName(token)),
        token.id,
        rank,
        logProb === null ? null : Math.exp(logProb),
        logProb === null ? null : -logProb / Math.LN2,
        wordLogProb === undefined ? null : -wordLogProb / Math.LN2,
      ]),
    }),
    facts: receiptFacts(answer.receipt, { label, numbers }),
    json: () => answer,
  };
  return (
    <section aria-label={label('strip')}>
      <p class="remark">{label('stripHelp')}</p>
      <div ref={box} class="scrolled strip">
        <Picture
          scene={scene}
          title={label('strip')}
          items={items}
          {...(pointed !== null && { marked: new Set([pointed]) })}
          onPoint={(item) => channel.point(item === null ? null : positionOf(item))}
          onPress={(item) => onPress(positionOf(item))}
        />
      </div>
      <Bands tokens={tokens} colours={colours} label={label} numbers={numbers} />
      <Tools figure={figure} channel={channel} label={label} numbers={numbers} />
      <Histograms {...{ answer, colours, channel, label, numbers }} />
    </section>
  );
}

function sceneOf(
  tokens: readonly StripAnswerToken[],
  at: number | null,
  end: string,
  width: number,
  colours: Colours,
) {
  const last = {
    text: `⟨${end}⟩`,
    fill: null,
    line: { stroke: colours.muted, width: 1, dashed: true },
    framed: at === null,
  };
  const shown = tokens.map((token, place) => ({
    text: tokenName(token),
    ...lookOf(token.rank, colours),
    framed: place === at,
  }));
  return tokenStrip([...shown, last], width, colours);
}

function itemText({ rank, logProb, ...token }: StripAnswerToken, { label, numbers }: Wording): string {
  const name = quoted(tokenName(token));
  if (rank === null || logProb === null) return label('stripFirst', name);
  const chance = numbers.percent(Math.exp(logProb));
  return label('stripItem', name, numbers.count(rank), chance, numbers.bits(-logProb));
}

/** The bands for a file; its colours are explained by the lines under them. */
function bandsText(tokens: StripAnswer['tokens'], { label, numbers }: Wording): string {
  const lines = ['□', '▁', '▁', '▂', '▃'];
  const counts = bandCounts(tokens.map(({ rank }) => rank));
  const texts = bandEnds.map((end, band) => {
    const name = bandName(end, { label, numbers });
    return `${lines[band]} ${label('bandCount', name, numbers.count(counts[band]!))}`;
  });
  return texts.join('   ');
}

/** The legend, with how many tokens each band has. */
function Bands({
  tokens,
  colours,
  label,
  numbers,
}: { tokens: StripAnswer['tokens']; colours: Colours } & Wording) {
  const counts = bandCounts(tokens.map(({ rank }) => rank));
  return (
    <ul class="legend bands">
      {bandEnds.map((end, band) => {
        const { fill, line } = lookOf(end, colours);
        const name = bandName(end, { label, numbers });
        return (
          <li key={end}>
            <svg width={20} height={16} aria-hidden="true">
              <rect
                {...{ x: 0.5, y: 0.5, width: 19, height: 15 }}
                fill={fill ?? 'none'}
                stroke={fill ? 'none' : colours.muted}
              />
              <rect y={16 - line.width} width={20} height={line.width} fill={line.stroke} />
            </svg>
            {label('bandCount', name, numbers.count(counts[band]!))}
          </li>
        );
      })}
    </ul>
  );
}

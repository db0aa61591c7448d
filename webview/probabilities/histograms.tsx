import { useState } from 'preact/hooks';
import type { Colours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import type { Look } from '../base/paper.ts';
import { Picture } from '../base/picture.tsx';
import { receiptFacts } from '../base/receipt.ts';
import { useWidth } from '../base/useWidth.ts';
import { bandCounts, bandEnds, bandName, lookOf } from './bands.ts';
import type { Props, StripAnswer, Wording } from './common.ts';
import { entropyBins } from './entropyBins.ts';
import { type Column, histogram } from './histogram.ts';
import { Tools } from './tools.tsx';

interface HistogramsProps extends Wording, Pick<Props, 'channel'> {
  answer: StripAnswer;
  colours: Colours;
}

interface Histogram {
  title: string;
  /** What the first column of the table is of. */
  of: string;
  columns: (Column & { item: string })[];
}

/**
 * The whole text at a glance, as GLTR has it (Gehrmann et al. 2019): how many tokens were expected how much, and how sure
 * the model was before each. Drawn when it is opened.
 */
export function Histograms(props: HistogramsProps) {
  const { answer, label } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="whole" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{label('wholeText')}</summary>
      {isOpen && (
        <>
          <p>{meansText(answer, props)}</p>
          <HistogramView {...props} make={ranksOf} />
          <HistogramView {...props} make={entropiesOf} />
        </>
      )}
    </details>
  );
}

function HistogramView(props: HistogramsProps & { make: (props: HistogramsProps) => Histogram }) {
  const { answer, colours, channel, label, numbers, make } = props;
  const { title, of, columns } = make(props);
  const [box, width] = useWidth<HTMLDivElement>();
  const draw = (look: Look) => {
    const drawn = make({ ...props, colours: look.colours }).columns;
    return histogram(drawn, (count) => numbers.count(count), look.width, look.colours);
  };
  const scene = draw({ width: Math.max(120, width - 4), colours });
  const figure: Figure = {
    title,
    scene: draw,
    notes: [meansText(answer, { label, numbers })],
    table: () => ({
      columns: [of, label('tokens')],
      rows: columns.map(({ name, count }) => [name, count]),
    }),
    facts: receiptFacts(answer.receipt, { label, numbers }),
    json: () => ({ receipt: answer.receipt, columns: columns.map(({ name, count }) => ({ name, count })) }),
  };
  return (
    <div ref={box} class="histogram">
      <h2>{title}</h2>
      <Picture scene={scene} title={title} items={columns.map(({ item }) => item)} />
      <Tools figure={figure} channel={channel} label={label} numbers={numbers} />
    </div>
  );
}

function ranksOf({ answer, colours, label, numbers }: HistogramsProps): Histogram {
  const counts = bandCounts(answer.tokens.map(({ rank }) => rank));
  const columns = bandEnds.map((end, band) => {
    const name = bandName(end, { label, numbers });
    const count = counts[band]!;
    return {
      name,
      count,
      fill: lookOf(end, colours).fill,
      item: itemOf(name, count, answer, { label, numbers }),
    };
  });
  return { title: label('rankHistogram'), of: label('rank'), columns };
}

function entropiesOf({ answer, colours, label, numbers }: HistogramsProps): Histogram {
  const counts = entropyBins(answer.tokens.map(({ entropy }) => entropy));
  const columns = counts.map((count, bin) => {
    const name = `${numbers.count(bin)}–${numbers.count(bin + 1)}`;
    const item = itemOf(label('entropyBin', name), count, answer, { label, numbers });
    return { name, count, fill: colours.forFill, item };
  });
  return { title: label('entropyHistogram'), of: label('entropyBits'), columns };
}

function itemOf(name: string, count: number, { tokens }: StripAnswer, { label, numbers }: Wording): string {
  const known = tokens.filter(({ rank }) => rank !== null).length;
  return label('bandShare', name, numbers.count(count), numbers.percent(count / Math.max(1, known)));
}

/** Means over the tokens that were predicted; the perplexity is 2 to the mean surprisal in bits. */
function meansText({ tokens }: StripAnswer, { label, numbers }: Wording): string {
  const known = tokens.filter(({ logProb, entropy }) => logProb !== null && entropy !== null);
  if (known.length === 0) return label('nothingPredicted');
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const surprisal = mean(known.map(({ logProb }) => -logProb!));
  const entropy = mean(known.map((token) => token.entropy!));
  const perplexity = numbers.value(Math.exp(surprisal));
  return label('means', numbers.bits(surprisal), perplexity, numbers.bits(entropy));
}

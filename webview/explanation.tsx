/** The explanation panel: which tokens moved the prediction, as signed bars that add up. */
import { render } from 'preact';
import type { PanelState } from '../src/protocol/panel.ts';
import { listen, restore, save, send } from './channel.ts';
import { Contributions } from './contributions.tsx';
import './explanation.css';
import { Facts } from './facts.tsx';
import { Legend } from './legend.tsx';

interface Shown extends PanelState {
  /** False for what was restored without the host knowing it any more. */
  linked: boolean;
}

function Panel({ shown, onOrder }: { shown: Shown; onOrder: (byStrength: boolean) => void }) {
  const { explanation, texts, byStrength, linked } = shown;
  if (!explanation) return <p class="empty">{texts.empty}</p>;
  const point = (row: number | null) => {
    if (linked) send({ type: 'point', explanation: explanation.id, row });
  };
  return (
    <>
      <h1 aria-live="polite">{explanation.title}</h1>
      {[...explanation.remarks, ...(linked ? [] : [texts.detached])].map((remark) => (
        <p class="remark" key={remark}>
          {remark}
        </p>
      ))}
      <div class="bar">
        <Legend entries={explanation.legend} />
        <label>
          {texts.order}{' '}
          <select
            value={byStrength ? 'strength' : 'reading'}
            onChange={(event) => onOrder(event.currentTarget.value === 'strength')}
          >
            <option value="reading">{texts.readingOrder}</option>
            <option value="strength">{texts.byStrength}</option>
          </select>
        </label>
      </div>
      <Contributions
        rows={explanation.rows}
        totals={explanation.totals}
        texts={texts}
        byStrength={byStrength}
        onPoint={point}
      />
      <details>
        <summary>{texts.receipt}</summary>
        <Facts facts={explanation.receipt} />
      </details>
    </>
  );
}

const root = document.getElementById('root')!;
let shown: Shown | null = null;

function show(next: Shown): void {
  shown = next;
  save({ texts: next.texts, explanation: next.explanation, byStrength: next.byStrength });
  render(<Panel shown={next} onOrder={(byStrength) => show({ ...next, byStrength })} />, root);
}

const restored = restore();
if (restored) show({ ...restored, linked: false });

listen((message) => {
  const byStrength = shown?.byStrength ?? false;
  if (message.type === 'start') {
    const explanation = message.explanation ?? shown?.explanation ?? null;
    show({ texts: message.texts, explanation, byStrength, linked: message.explanation !== null });
  } else if (shown) {
    show({ texts: shown.texts, explanation: message.explanation, byStrength, linked: true });
  }
});
send({ type: 'ready' });

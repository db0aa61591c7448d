import { useState } from 'preact/hooks';
import { longestExport, type PanelProtocol } from '../../src/protocol/panels/page.ts';
import type { Channel } from './channel.ts';
import { asMarkdown, exports, type Figure } from './figure.ts';
import type { Label } from './page.tsx';
import { pixelsOf } from './scene.ts';

interface Props<P extends PanelProtocol> {
  figure: Figure;
  channel: Channel<P>;
  label: Label;
}

/** Saves a picture as SVG, PNG, HTML, CSV or JSON, or copies its table as Markdown. */
export function ExportBar<P extends PanelProtocol>({ figure, channel, label }: Props<P>) {
  /** What became of the last one, where it is not simply what was asked for. */
  const [note, setNote] = useState('');
  async function save(extension: keyof typeof exports): Promise<void> {
    const name = extension.toUpperCase();
    const scene = extension === 'png' ? figure.scene() : null;
    const data = await exports[extension](scene ? { ...figure, scene: () => scene } : figure);
    if (data === '' || data.length > longestExport) {
      setNote(label('tooLarge', name));
      return;
    }
    channel.save(extension, data);
    const { width, height, isReduced } = scene ? pixelsOf(scene) : { width: 0, height: 0, isReduced: false };
    setNote(isReduced ? label('reducedTo', name, width, height) : '');
  }
  function copy(): void {
    const text = asMarkdown(figure);
    if (text.length > longestExport) setNote(label('tooLarge', 'Markdown'));
    else channel.copy(text);
  }
  return (
    <fieldset class="exports">
      <legend>{label('export')}</legend>
      {(Object.keys(exports) as (keyof typeof exports)[]).map((extension) => (
        <button type="button" key={extension} onClick={() => void save(extension)}>
          {extension.toUpperCase()}
        </button>
      ))}
      <button type="button" onClick={copy}>
        {label('copyMarkdown')}
      </button>
      <output>{note}</output>
    </fieldset>
  );
}

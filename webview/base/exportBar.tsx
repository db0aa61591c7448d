import { useState } from 'preact/hooks';
import { longestExport, type PanelProtocol } from '../../src/protocol/panels/page.ts';
import { captioned } from './captioned.ts';
import type { Channel } from './channel.ts';
import { asMarkdown, exports, type Figure } from './figure.ts';
import { fileName } from './fileName.ts';
import type { Label } from './page.tsx';
import { paper } from './paper.ts';
import { pixelsOf } from './scene.ts';

interface Props<P extends PanelProtocol> {
  figure: Figure;
  channel: Channel<P>;
  label: Label;
}

/** Saves a picture as SVG, PNG, HTML, CSV or JSON, or copies its table as Markdown. */
export function ExportBar<P extends PanelProtocol>({ figure, channel, label }: Props<P>) {
  /** What became of the last export, if it is not exactly what was asked for. */
  const [note, setNote] = useState('');
  async function save(extension: keyof typeof exports): Promise<void> {
    const isPicture = extension === 'svg' || extension === 'png';
    const scene = isPicture ? captioned(figure, paper) : null;
    const shown = scene ? { ...figure, scene: () => scene } : figure;
    const data = await exports[extension](shown);
    const name = extension.toUpperCase();
    const isSaved = data !== '' && data.length <= longestExport;
    if (isSaved) channel.save(extension, data, fileName(figure.title));
    const pixels = extension === 'png' && scene ? pixelsOf(scene) : null;
    if (!isSaved) setNote(label('tooLarge', name));
    else setNote(pixels?.isReduced ? label('reducedTo', name, pixels.width, pixels.height) : '');
  }
  function copy(): void {
    const text = asMarkdown(figure);
    const isCopied = text.length <= longestExport;
    if (isCopied) channel.copy(text);
    setNote(isCopied ? '' : label('tooLarge', 'Markdown'));
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

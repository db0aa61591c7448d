import type { PanelProtocol } from '../../src/protocol/panels/page.ts';
import type { Channel } from './channel.ts';
import { asMarkdown, exports, type Figure } from './figure.ts';

interface Props<P extends PanelProtocol> {
  figure: Figure;
  channel: Channel<P>;
  label: (name: string) => string;
}

/** Saves a picture as SVG, PNG, HTML, CSV or JSON, or copies its table as Markdown. */
export function ExportBar<P extends PanelProtocol>({ figure, channel, label }: Props<P>) {
  const save = async (extension: keyof typeof exports) =>
    channel.save(extension, await exports[extension](figure));
  return (
    <fieldset class="exports">
      <legend>{label('export')}</legend>
      {(Object.keys(exports) as (keyof typeof exports)[]).map((extension) => (
        <button type="button" key={extension} onClick={() => void save(extension)}>
          {extension.toUpperCase()}
        </button>
      ))}
      <button type="button" onClick={() => channel.copy(asMarkdown(figure))}>
        {label('copyMarkdown')}
      </button>
    </fieldset>
  );
}

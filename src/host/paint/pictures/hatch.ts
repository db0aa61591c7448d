import type { DecorationRenderOptions } from 'vscode';
import { behindText, themeColour } from './css.ts';

/** Stripes over a token's colour and behind its text. They are of the text's own colour, so that every theme shows them. */
export function hatch(): DecorationRenderOptions {
  const ink = `color-mix(in srgb, ${themeColour('editor.foreground')} 45%, transparent)`;
  return behindText({
    background: `repeating-linear-gradient(135deg, ${ink} 0 1px, transparent 1px 6px)`,
  });
}

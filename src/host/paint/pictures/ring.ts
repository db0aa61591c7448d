import type { DecorationRenderOptions } from 'vscode';
import { behindText, type Declarations, themeColour } from './css.ts';

/** Frames around tokens: behind the text, but in front of the colours beside them. Nothing moves. */

export function ringLook(colour: string): Declarations {
  return { 'box-shadow': `0 0 0 2px ${themeColour(colour)}`, 'border-radius': '3px', 'z-index': '1' };
}

/**
 * A ring around the token that everything else is about, such as the query. @param colour the id of a contributed
 * colour
 */
export function ring(colour: string): DecorationRenderOptions {
  return behindText(ringLook(colour));
}

/** A frame around a predicted token: dashed, so that it is not taken for the ring. */
export function outline(colour: string): DecorationRenderOptions {
  return behindText({
    outline: `2px dashed ${themeColour(colour)}`,
    'outline-offset': '-1px',
    'border-radius': '3px',
    'z-index': '1',
  });
}

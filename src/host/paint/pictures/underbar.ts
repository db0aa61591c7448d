import type { DecorationRenderOptions } from 'vscode';
import { levels } from '../../../text/level.ts';
import { behindText, themeColour } from './css.ts';

/**
 * A bar under a token, from 1 to 4 pixels high by the level's size: solid for a positive level, dashed for a negative
 * one. It ends a pixel early, so that there is a gap to the next token's bar.
 * @param level from −7 to 7, see levelOf; not 0
 * @param colour the id of a contributed colour
 */
export function underbar(level: number, colour: string): DecorationRenderOptions {
  const thickness = Math.ceil((4 * Math.abs(level)) / levels);
  const ink = themeColour(colour);
  const pattern =
    level > 0
      ? `linear-gradient(${ink}, ${ink})`
      : `repeating-linear-gradient(90deg, ${ink} 0 4px, transparent 4px 7px)`;
  return behindText({
    background: `${pattern} 0 100% / calc(100% - 1px) ${thickness}px no-repeat`,
  });
}

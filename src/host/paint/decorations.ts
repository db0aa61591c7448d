import {
  DecorationRangeBehavior,
  type DecorationRenderOptions,
  type Disposable,
  OverviewRulerLane,
  type TextEditorDecorationType,
  ThemeColor,
  window,
} from 'vscode';
import { levels } from '../../text/level.ts';

/**
 * The decoration types, shared by all tokens of all editors: the time to paint depends on their number.
 *
 * Colours are opaque mixes of a contributed theme colour and the editor's own background, so they suit any theme and
 * do not mix with the selection. The sign is never told by colour alone: a solid line stands under what spoke for
 * the target, a dashed one under what spoke against it, and the line gets thicker with the strength.
 */
export class Decorations implements Disposable {
  /** By level, see levelOf. */
  readonly tokens: ReadonlyMap<number, TextEditorDecorationType>;
  /** The predicted token in words, at the end of a line, where quiet text moves nothing. */
  readonly prediction: TextEditorDecorationType;
  /** The place that is predicted: a bar in front of what stands there. */
  readonly position: TextEditorDecorationType;
  /** The token that is pointed at in a panel. */
  readonly pointed: TextEditorDecorationType;

  constructor() {
    const tokens = new Map<number, TextEditorDecorationType>();
    for (let strength = 1; strength <= levels; strength++) {
      tokens.set(strength, create(tokenStyle('for', strength)));
      tokens.set(-strength, create(tokenStyle('against', strength)));
    }
    this.tokens = tokens;
    this.prediction = create({
      after: {
        color: new ThemeColor('whytoken.predictionForeground'),
        fontStyle: 'italic',
        margin: '0 0 0 1ch',
      },
    });
    this.position = create({
      borderColor: new ThemeColor('whytoken.forBorder'),
      borderStyle: 'solid',
      borderWidth: '0 0 0 2px',
    });
    this.pointed = create({
      outline: '2px solid var(--vscode-focusBorder)',
      overviewRulerColor: new ThemeColor('focusBorder'),
      overviewRulerLane: OverviewRulerLane.Full,
    });
  }

  dispose(): void {
    for (const type of this.tokens.values()) type.dispose();
    this.prediction.dispose();
    this.position.dispose();
    this.pointed.dispose();
  }
}

function tokenStyle(side: 'for' | 'against', strength: number): DecorationRenderOptions {
  const share = Math.round((100 * strength) / levels);
  const colour = `var(--vscode-whytoken-${side}Background)`;
  const style: DecorationRenderOptions = {
    backgroundColor: `color-mix(in srgb, ${colour} ${share}%, var(--vscode-editor-background))`,
    borderColor: new ThemeColor(`whytoken.${side}Border`),
    borderStyle: side === 'for' ? 'solid' : 'dashed',
    borderWidth: `0 0 ${Math.ceil(strength / 3)}px 0`,
  };
  const isStrong = strength > levels / 2;
  return isStrong
    ? {
        ...style,
        overviewRulerColor: new ThemeColor(`whytoken.${side}Border`),
        overviewRulerLane: OverviewRulerLane.Right,
      }
    : style;
}

function create(options: DecorationRenderOptions): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    ...options,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });
}

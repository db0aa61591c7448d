import {
  DecorationRangeBehavior,
  type DecorationRenderOptions,
  type Disposable,
  OverviewRulerLane,
  type TextEditorDecorationType,
  type ThemableDecorationInstanceRenderOptions,
  ThemeColor,
  window,
} from 'vscode';
import { levels } from '../../text/level.ts';
import { surprisalLine } from '../../text/rankBand.ts';
import { type Mark, type Scale, scales } from '../overlay/overlay.ts';
import { behindText, themeColour, withMore } from './pictures/css.ts';
import { currentLineBelow } from './pictures/currentLine.ts';
import { hatch } from './pictures/hatch.ts';
import { withoutOccurrences } from './pictures/occurrences.ts';
import { outline, ring } from './pictures/ring.ts';
import { underbar } from './pictures/underbar.ts';

export type Style = 'color' | 'underline';

/**
 * The decoration types, shared by all tokens of all editors: the time to paint depends on their number.
 *
 * Colours are opaque mixes of a contributed theme colour and the editor's own background, so they suit any theme and
 * do not mix with the selection. Nothing is told by colour alone: a line stands under every token, thicker with the
 * strength, solid under what spoke for the target and dashed under what spoke against it. In the surprisal of a whole text
 * that would be too many lines: only what was hardly expected has one.
 */
export class Decorations implements Disposable {
  /** By {@link keyOf}. */
  readonly tokens: ReadonlyMap<string, TextEditorDecorationType>;
  /** Where two methods disagree on the sign: a texture over the colour, behind the text. */
  readonly hatched: TextEditorDecorationType;
  /** The prediction, quiet, behind what is explained: what stands there moves along, as with an inlay hint. */
  readonly words: TextEditorDecorationType;
  /** The place that is predicted: a bar in front of what stands there. */
  readonly place: TextEditorDecorationType;
  /** The token that is explained. */
  readonly target: TextEditorDecorationType;
  /** The token whose attention is shown: a ring, which moves nothing. */
  readonly query: TextEditorDecorationType;
  /** The token that is pointed at in a panel. */
  readonly pointed: TextEditorDecorationType;
  /** Line breaks, with the `renderOptions` of {@link breakLook}. */
  readonly breaks: TextEditorDecorationType;
  /** Over the whole text: VS Code's marks of equal words would be taken for ours, and the cursor's line cover them. */
  readonly quiet: TextEditorDecorationType;

  constructor(style: Style) {
    const tokens = new Map<string, TextEditorDecorationType>();
    for (const scale of scales) {
      for (let level = 1; level <= levels; level++) {
        tokens.set(keyOf({ scale, level }), create(tokenStyle(scale, level, style)));
      }
    }
    this.tokens = tokens;
    this.hatched = create(hatch());
    this.words = create({
      after: {
        color: new ThemeColor('whytoken.predictionForeground'),
        fontStyle: 'italic',
        margin: '0 1ch',
      },
    });
    this.place = create({
      borderColor: new ThemeColor('whytoken.forBorder'),
      borderStyle: 'solid',
      borderWidth: '0 0 0 2px',
    });
    this.target = create({
      ...outline('whytoken.forBorder'),
      overviewRulerColor: new ThemeColor('whytoken.forBorder'),
      overviewRulerLane: OverviewRulerLane.Center,
    });
    this.query = create({
      ...ring('whytoken.attentionBorder'),
      overviewRulerColor: new ThemeColor('whytoken.attentionBorder'),
      overviewRulerLane: OverviewRulerLane.Center,
    });
    this.breaks = create({});
    this.quiet = create(behindText({}, `${withoutOccurrences} ${currentLineBelow}`));
    this.pointed = create({
      outline: '2px solid var(--vscode-focusBorder)',
      overviewRulerColor: new ThemeColor('focusBorder'),
      overviewRulerLane: OverviewRulerLane.Full,
    });
  }

  all(): TextEditorDecorationType[] {
    return [
      ...[
        ...this.tokens.values(),
        this.hatched,
        this.words,
        this.place,
        this.target,
        this.query,
        this.pointed,
      ],
      ...[this.breaks, this.quiet],
    ];
  }

  dispose(): void {
    for (const type of this.all()) type.dispose();
  }
}

export const keyOf = ({ scale, level }: Pick<Mark, 'scale' | 'level'>) => `${scale} ${level}`;

function tokenStyle(scale: Scale, level: number, style: Style): DecorationRenderOptions {
  const isStrong = level > levels / 2;
  const ruler = {
    overviewRulerColor: new ThemeColor(`whytoken.${scale}Border`),
    overviewRulerLane: OverviewRulerLane.Right,
  };
  const look = style === 'color' ? coloured(scale, level) : underlined(scale, level);
  return isStrong ? { ...look, ...ruler } : look;
}

/** In pixels. */
function lineWidth(scale: Scale, level: number): number {
  return scale === 'surprisal' ? surprisalLine(level) : Math.ceil(level / 3);
}

function coloured(scale: Scale, level: number): DecorationRenderOptions {
  const share = Math.round((100 * level) / levels);
  const colour = `var(--vscode-whytoken-${scale}Background)`;
  return {
    // Below the selection: it would hide that, and in high contrast selected letters are made for its colour.
    backgroundColor: withMore(`color-mix(in srgb, ${colour} ${share}%, var(--vscode-editor-background))`, {
      'z-index': '-1',
    }),
    borderColor: new ThemeColor(`whytoken.${scale}Border`),
    borderStyle: scale === 'against' ? 'dashed' : 'solid',
    borderWidth: `0 0 ${lineWidth(scale, level)}px 0`,
  };
}

function underlined(scale: Scale, level: number): DecorationRenderOptions {
  return underbar(scale === 'against' ? -level : level, `whytoken.${scale}Border`);
}

/** A sign at the end of a line, for a line break that is marked: nothing of it can be seen itself. */
export function breakLook({ scale, level }: Mark, style: Style): ThemableDecorationInstanceRenderOptions {
  const { backgroundColor } = coloured(scale, level);
  const line = `${lineWidth(scale, level)}px ${scale === 'against' ? 'dashed' : 'solid'}`;
  return {
    after: {
      contentText: '↵',
      color: new ThemeColor('editor.foreground'),
      ...(style === 'color' ? { backgroundColor } : {}),
      textDecoration: withMore('none', {
        'border-bottom': `${line} ${themeColour(`whytoken.${scale}Border`)}`,
      }),
    },
  };
}

function create(options: DecorationRenderOptions): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    ...options,
    rangeBehavior: DecorationRangeBehavior.ClosedClosed,
  });
}

import type { Colours } from './colours.ts';

/** What a picture is drawn for. */
export interface Look {
  colours: Colours;
  /** Pixels that are to be filled, where a picture has no width of its own. */
  width: number;
}

/**
 * For files: they are looked at and printed on white, whatever the editor's theme, and two of them fit together whatever
 * the panel's width. Our colours are the manifest's light ones.
 */
export const paper: Look = {
  width: 720,
  colours: {
    foreground: '#1f1f1f',
    muted: '#595959',
    background: '#ffffff',
    line: '#c8c8c8',
    focus: '#005fb8',
    for: '#0b62b8',
    forFill: '#a3cdf9',
    against: '#b34700',
    againstFill: '#fdc692',
    attention: '#7a3ec2',
    attentionFill: '#dcc6f7',
    surprisal: '#b5165a',
    surprisalFill: '#f08cb4',
    font: 'Helvetica, Arial, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif',
    textFont: 'Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans CJK SC", "Microsoft YaHei", monospace',
  },
};

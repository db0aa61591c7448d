/** The theme's colours as values, for canvases and for exports, which no style sheet reaches. */
import { useEffect, useState } from 'preact/hooks';

const names = {
  foreground: '--vscode-foreground',
  muted: '--vscode-descriptionForeground',
  background: '--vscode-editor-background',
  line: '--vscode-editorWidget-border',
  focus: '--vscode-focusBorder',
  for: '--vscode-whytoken-forBorder',
  forFill: '--vscode-whytoken-forBackground',
  against: '--vscode-whytoken-againstBorder',
  againstFill: '--vscode-whytoken-againstBackground',
  attention: '--vscode-whytoken-attentionBorder',
  attentionFill: '--vscode-whytoken-attentionBackground',
  surprisal: '--vscode-whytoken-surprisalBorder',
  surprisalFill: '--vscode-whytoken-surprisalBackground',
} as const;

export type Colours = Readonly<Record<keyof typeof names | 'font' | 'textFont', string>>;
export type ColourName = keyof typeof names;

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const foreground = style.getPropertyValue(names.foreground).trim() || '#616161';
  const entries = Object.entries(names).map(([name, variable]) => [
    name,
    style.getPropertyValue(variable).trim() || foreground,
  ]);
  return {
    ...(Object.fromEntries(entries) as Record<ColourName, string>),
    font: style.getPropertyValue('--vscode-font-family').trim() || 'sans-serif',
    textFont: style.getPropertyValue('--vscode-editor-font-family').trim() || 'monospace',
  };
}

/** VS Code writes the theme into the attributes of the page's root and body. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const read = () =>
      setColours((now) => {
        const next = readColours();
        return JSON.stringify(next) === JSON.stringify(now) ? now : next;
      });
    // The theme may have come between the first drawing and now.
    read();
    const observer = new MutationObserver(read);
    const what = { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] };
    observer.observe(document.documentElement, what);
    observer.observe(document.body, what);
    return () => observer.disconnect();
  }, []);
  return colours;
}

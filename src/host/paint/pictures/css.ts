import type { DecorationRenderOptions, ThemableDecorationAttachmentRenderOptions } from 'vscode';

/**
 * VS Code writes a decoration's values unchanged into a style sheet, so a value may carry further declarations behind
 * it. Many extensions use that, but it is not documented: what is drawn in this way is an extra, and the setting that
 * turns it off leaves the plain colours.
 */

/** CSS properties and their values. */
export type Declarations = Readonly<Record<string, string>>;

/** A value of a decoration with further declarations behind it. */
export function withMore(value: string, declarations: Declarations): string {
  const written = Object.entries(declarations).map(([property, more]) => `; ${property}: ${more}`);
  return value + written.join('');
}

/**
 * Styles the boxes behind a range: one for each line on the screen, as high as the line. The text itself is not
 * touched, so nothing moves and no ligature breaks.
 * @param nested rules inside the box's own rule, where `&` is the box
 */
export function behindText(declarations: Declarations, nested = ''): DecorationRenderOptions {
  // Raised above the colours beside it, it would also be above the text, and the editor not know what is pointed at.
  const box = { 'pointer-events': 'none', ...declarations };
  return { backgroundColor: withMore('transparent', box) + (nested && `; ${nested}`) };
}

/** An empty element in the text, which takes no room when it is out of the flow (`position`). */
export function besideText(declarations: Declarations): ThemableDecorationAttachmentRenderOptions {
  return { contentText: '', textDecoration: withMore('none', declarations) };
}

/** A contributed or workbench colour by its id, such as `whytoken.attentionBorder`; it follows the theme. */
export function themeColour(id: string): string {
  return `var(--vscode-${id.replaceAll('.', '-')})`;
}

import { withSigns } from '../../../text/visible.ts';

/** SVG as text, put together from well-formed parts. */

export type Attributes = Readonly<Record<string, string | number>>;

/** @param content elements, or text that {@link escapeXml} has made safe */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapeXml(value)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** The whole picture. Sizes are CSS pixels. */
export function picture(width: number, height: number, content: string): string {
  const xmlns = 'http://www.w3.org/2000/svg';
  return element(
    'svg',
    { xmlns, width, height, viewBox: `0 0 ${rounded(width)} ${rounded(height)}` },
    content,
  );
}

export function moved(x: number, y: number, content: string): string {
  return element('g', { transform: `translate(${rounded(x)} ${rounded(y)})` }, content);
}

/** Rounds to two decimals: pictures stay small and are equal on every machine. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * Makes any text, even a hostile one, safe as the content of an element or attribute: it is on one line, invisible
 * characters become signs, and no character is left that XML 1.0 (2.2) does not allow.
 */
export function escapeXml(text: string): string {
  return withSigns(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** For `background` and `mask`. Short, because characters that CSS and URLs allow are not encoded. */
export function cssUrl(svg: string): string {
  return `url("data:image/svg+xml,${svg.replace(/[%#<>"\\]|[^ -~]+/g, encodeURIComponent)}")`;
}

/**
 * For Markdown.
 * @param alternative what the picture says, in words that are safe in Markdown
 */
export function markdownImage(svg: string, alternative: string): string {
  return `![${alternative}](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}

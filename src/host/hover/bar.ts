const width = 80;
const height = 10;

/** A bar as a Markdown image; its colour keeps a contrast of 3:1 on light and dark hovers. `fraction` in [0, 1]. */
export function barImage(fraction: number): string {
  const length = Math.max(1, Math.round(width * Math.min(1, Math.max(0, fraction))));
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${length}" height="${height}" fill="#3b82c4"/></svg>`;
  return `![](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}

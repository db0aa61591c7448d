/** Characters of a name at most, so that the end of a path is still seen. */
const most = 80;

/** Of a file, from what is in it: `why-paris-41-and-not-the-12-waterfall`. Letters of all scripts are kept. */
export function fileName(title: string): string {
  const words = title.toLocaleLowerCase('en').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  let name = '';
  for (const word of words) {
    if ([...name, ...word].length >= most) break;
    name += `${name === '' ? '' : '-'}${word}`;
  }
  return name === '' ? [...(words[0] ?? '')].slice(0, most).join('') : name;
}

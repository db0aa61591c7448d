/** Which keys lie beside each other on a QWERTY keyboard. */
const rows = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

const neighbours = new Map<string, string[]>();
for (const [y, row] of rows.entries()) {
  for (const [x, key] of [...row].entries()) {
    // Each row is shifted to the right by about half a key.
    const near = [
      row[x - 1],
      row[x + 1],
      rows[y - 1]?.[x],
      rows[y - 1]?.[x + 1],
      rows[y + 1]?.[x - 1],
      rows[y + 1]?.[x],
    ];
    const isLetter = /[a-z]/.test(key);
    neighbours.set(
      key,
      near.filter((other): other is string => other !== undefined && /[a-z]/.test(other) === isLetter),
    );
  }
}

/** The letters, or digits, that lie beside a character's own, in its case. */
export function keysBeside(character: string): readonly string[] {
  const lower = character.toLowerCase();
  const near = neighbours.get(lower) ?? [];
  return lower === character ? near : near.map((key) => key.toUpperCase());
}

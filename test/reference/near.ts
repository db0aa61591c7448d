import assert from 'node:assert/strict';

/** Every |actual − expected| is at most `relative` times the largest |expected|, or `floor` if that is more. */
export function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, floor = 1e-9 }: { relative: number; floor?: number },
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  const reference = Array.from(expected);
  const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const allowed = Math.max(relative * largest, floor);
  for (const [index, value] of reference.entries()) {
    const error = Math.abs((actual[index] as number) - value);
    // Written so that NaN fails.
    assert.ok(
      error <= allowed,
      `${what}[${index}]: ${actual[index]} is ${error} from ${value}; ${allowed} allowed`,
    );
  }
}

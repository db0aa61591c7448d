/** The 95 % interval of a share, of which `reached` of `tried` draws are an estimate (Wilson 1927). */
export function wilson(reached: number, tried: number): { low: number; high: number } {
  if (tried === 0) return { low: 0, high: 1 };
  const z = 1.959963984540054;
  const share = reached / tried;
  const middle = share + z ** 2 / (2 * tried);
  const half = z * Math.sqrt((share * (1 - share)) / tried + z ** 2 / (4 * tried ** 2));
  const whole = 1 + z ** 2 / tried;
  return { low: Math.max(0, (middle - half) / whole), high: Math.min(1, (middle + half) / whole) };
}

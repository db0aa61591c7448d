/** A bar from the middle: to the right for, to the left against. The number beside it says the same as text. */
export function SignedBar({ fraction }: { fraction: number }) {
  const width = 50 * Math.min(1, Math.abs(fraction));
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect
        class={fraction < 0 ? 'against' : 'for'}
        x={fraction < 0 ? 50 - width : 50}
        y={1}
        width={width}
        height={8}
      />
      <line class="axis" x1={50} x2={50} y1={0} y2={10} />
    </svg>
  );
}

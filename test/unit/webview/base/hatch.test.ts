import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hatch } from '../../../../webview/base/hatch.ts';

const side = fc.double({ min: 1, max: 300, noNaN: true });

test('all stripes lie within the box, at 45°, and a box that is large enough has some', () => {
  fc.assert(
    fc.property(side, side, side, side, (x, y, width, height) => {
      const stripes = hatch({ x, y, width, height }, '#000');
      for (const stripe of stripes) {
        assert.equal(stripe.kind, 'line');
        if (stripe.kind !== 'line') continue;
        for (const [px, py] of [stripe.from, stripe.to]) {
          assert.ok(px >= x - 1e-6 && px <= x + width + 1e-6, `${px}`);
          assert.ok(py >= y - 1e-6 && py <= y + height + 1e-6, `${py}`);
        }
        const [dx, dy] = [stripe.to[0] - stripe.from[0], stripe.to[1] - stripe.from[1]];
        assert.ok(dx > 0 && Math.abs(dx + dy) < 1e-6);
      }
      if (width >= 12 && height >= 12) assert.ok(stripes.length >= 3);
    }),
  );
});

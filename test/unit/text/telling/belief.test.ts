/** What is said of how far an explanation can be believed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { beliefInShort, beliefOf, beliefText } from '../../../../src/text/telling/belief.ts';
import { evidenceOf, removalEvidence } from '../../../fixtures/evidence.ts';
import { explanationWith, telling } from './explained.ts';

const converged = explanationWith();
const notConverged = explanationWith({ delta: 0.5 });

describe('belief', () => {
  test('needs both ways of removing tokens to be above chance to be whole', () => {
    assert.equal(beliefOf(converged, evidenceOf(0.6, 0.5)), 'borne-out');
    assert.equal(beliefOf(converged, evidenceOf(0.6, 0.4)), 'in-part');
    assert.equal(beliefOf(converged, evidenceOf(-0.6, 0.5)), 'in-part');
    assert.equal(beliefOf(converged, evidenceOf(0.1, -0.9)), 'not-borne-out');
  });

  test('is never good for an explanation that did not converge, whatever its scores do', () => {
    assert.equal(beliefOf(notConverged, evidenceOf(1, 1)), 'not-converged');
    assert.equal(
      beliefText(notConverged, evidenceOf(1, 1), telling),
      'Do not believe this one: it did not converge.',
    );
  });

  test('is not known before the correlations are, and not borne out where nothing changes', () => {
    assert.equal(beliefOf(converged, { removals: [] }), null);
    assert.equal(beliefText(converged, { removals: [removalEvidence('mask', null)] }, telling), null);
    assert.equal(beliefOf(converged, { removals: [removalEvidence('mask', {})] }), 'not-borne-out');
  });

  test('in short says the same', () => {
    const short = (...lds: [number, number]) => beliefInShort(converged, evidenceOf(...lds), telling);
    assert.equal(short(0.6, 0.5), 'Removing tokens bears this explanation out.');
    assert.equal(short(0.6, 0.1), 'Removing tokens bears this explanation out only in part.');
    assert.match(short(0, 0)!, /^Do not believe this explanation/);
    assert.match(beliefInShort(notConverged, evidenceOf(1, 1), telling)!, /^Do not believe this one/);
  });

  test('is told with its numbers', () => {
    assert.equal(
      beliefText(converged, evidenceOf(0.62, 0.1), telling),
      'Borne out only in part: it depends on how tokens are removed (replaced by the baseline: LDS 0.62, by chance below 0.4; hidden from the others: LDS 0.1, by chance below 0.4).',
    );
    assert.match(beliefText(converged, evidenceOf(0.6, 0.5), telling)!, /^Borne out on this text: /);
    assert.match(beliefText(converged, evidenceOf(0, -0.5), telling)!, /^Do not believe this one: removing/);
  });
});

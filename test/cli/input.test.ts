import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { argumentText, readInput } from '../../src/cli/input.ts';
import { UsageError } from '../../src/cli/usageError.ts';
import { limits } from '../../src/protocol/limits.ts';

const never = new AbortController().signal;
const read = (...chunks: Uint8Array[]) => readInput(Readable.from(chunks), never);

function usage(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UsageError && message.test(error.message);
}

describe('readInput', () => {
  test('gives back any text exactly, however its bytes are cut', async () => {
    const anyText = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
    await fc.assert(
      fc.asyncProperty(anyText, fc.nat(), async (text, place) => {
        const bytes = Buffer.from(text);
        const cut = place % (bytes.length + 1);
        assert.equal(await read(bytes.subarray(0, cut), bytes.subarray(cut)), text);
      }),
    );
  });

  test('trims nothing', async () => {
    for (const text of ['\ufeffa\r\n\n', '\n', '', '\0', '\ufffd'])
      assert.equal(await read(Buffer.from(text)), text);
  });

  test('refuses what is not UTF-8, and says where', async () => {
    await assert.rejects(read(Buffer.from([0x61, 0xff])), usage(/not UTF-8: see byte 1 /));
    await assert.rejects(read(Buffer.from('aé').subarray(0, 2)), usage(/not UTF-8: see byte 1 /));
    // A surrogate in UTF-8.
    await assert.rejects(read(Buffer.from([0xed, 0xa0, 0x80])), usage(/not UTF-8: see byte 0 /));
  });

  test('stops reading where there is more than a text can have', async () => {
    const chunk = new Uint8Array(1 << 20).fill(0x61);
    let chunks = 0;
    function* endless() {
      for (;;) {
        chunks++;
        yield chunk;
      }
    }
    await assert.rejects(readInput(Readable.from(endless()), never), usage(/more than 12582912 bytes/));
    assert.ok(
      chunks * chunk.length < 3 * limits.textLength + 40 * chunk.length,
      `${chunks} chunks were read`,
    );
  });

  test('can be aborted while it waits', async () => {
    const controller = new AbortController();
    const waiting = readInput(new PassThrough(), controller.signal);
    controller.abort();
    await assert.rejects(waiting);
  });
});

describe('argumentText', () => {
  test('refuses what the system may have changed', () => {
    assert.equal(argumentText('x\n'), 'x\n');
    assert.throws(() => argumentText('a\ufffd'), usage(/Give it on standard input/));
  });
});

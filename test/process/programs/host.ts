/**
 * A stand-in for the extension host, to be killed or stopped from outside: starts the test engine with the timing in
 * its first argument, prints the engine's process id, and works on the text in its second, if any.
 */
import type { EngineError } from '../../../src/protocol/errors.ts';
import { scoreParams, testEngine, testedEngine, timingWith, version } from '../support.ts';

const [timing = '{}', text = ''] = process.argv.slice(2);
const print = (line: string) => process.stdout.write(`${line}\n`);
const quiet = () => {};
const log = { trace: quiet, debug: quiet, info: print, warn: print, error: print };
const engine = testedEngine({ program: testEngine, version, log, timing: timingWith(JSON.parse(timing)) });
await engine.start();
if (text !== '') {
  let started = false;
  const onProgress = () => {
    if (!started) print('started');
    started = true;
  };
  const end = await engine.score(scoreParams(text), { onProgress }).then(
    () => 'done',
    (error: EngineError) => error.code,
  );
  print(end);
}

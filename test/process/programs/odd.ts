/** Processes that are no inference process, named by the variable WHYTOKEN_TEST. */
import fs from 'node:fs';

const [mode, argument = ''] = (process.env.WHYTOKEN_TEST ?? '').split('=');
if (mode === 'exit') process.exit(7);
if (mode === 'silent') setInterval(() => {}, 60_000);
if (mode === 'hang-up') {
  process.disconnect();
  setInterval(() => {}, 60_000);
}
if (mode === 'exit-once') {
  if (!fs.existsSync(argument)) {
    fs.writeFileSync(argument, '');
    process.exit(7);
  }
  await import('./testEngine.ts');
}

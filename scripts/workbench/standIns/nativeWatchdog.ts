/** Stands in for @vscode/native-watchdog, which ends the extension host when the server that started it has died. */

const checkEveryMs = 1000;

export function start(parent: number): void {
  const timer = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      process.exit(87);
    }
  }, checkEveryMs);
  timer.unref();
}

export function exit(code = 0): void {
  process.exit(code);
}

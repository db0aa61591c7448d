/**
 * Stands in for @vscode/spdlog, a native module through which VS Code writes its log files. Without it the log channels
 * of extensions stay empty and do not show up. It has the part of the interface that VS Code calls.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

export const version = 0;
export function setLevel(): void {}
export function setFlushOn(): void {}

export class Logger {
  private readonly file: string;
  private formats = true;
  private level = 0;

  constructor(_type: string, _name: string, file: string) {
    this.file = file;
  }

  private write(level: number, name: string, message: string): void {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.file, this.formats ? `${time} [${name}] ${message}\n` : message);
  }

  trace(message: string): void {
    this.write(0, 'trace', message);
  }
  debug(message: string): void {
    this.write(1, 'debug', message);
  }
  info(message: string): void {
    this.write(2, 'info', message);
  }
  warn(message: string): void {
    this.write(3, 'warning', message);
  }
  error(message: string): void {
    this.write(4, 'error', message);
  }
  critical(message: string): void {
    this.write(5, 'critical', message);
  }

  getLevel(): number {
    return this.level;
  }
  setLevel(level: number): void {
    this.level = level;
  }
  clearFormatters(): void {
    this.formats = false;
  }
  setPattern(): void {}
  flush(): void {}
  drop(): void {}
}

async function create(name: string, file: string): Promise<Logger> {
  mkdirSync(path.dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}

export { create as createAsyncRotatingLogger, create as createRotatingLogger };

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

// VS Code's loader finds the exports of a CommonJS file by reading it: one plain `exports.x =` a line.
const watchdog = `'use strict';
exports.start = function (parent) {
  const look = () => { try { process.kill(parent, 0); } catch { process.exit(87); } };
  setInterval(look, 1000).unref();
};
exports.exit = function (code) { process.exit(code); };
`;

const standIns = {
  // Where 1.100 has it, and where 1.139 has it.
  'native-watchdog/build/Release/watchdog.js': watchdog,
  '@vscode/native-watchdog/build/Release/watchdog.js': watchdog,
  '@vscode/spdlog/index.js': `'use strict';
const fs = require('fs');
class Logger {
  constructor(name, file) { this.file = file; this.level = 2; this.lines = []; }
  write(level, label, message) {
    if (level < this.level) return;
    this.lines.push(new Date().toISOString() + ' [' + label + '] ' + message + '\\n');
    if (this.lines.length === 1) setImmediate(() => this.flush());
  }
  trace(message) { this.write(0, 'trace', message); }
  debug(message) { this.write(1, 'debug', message); }
  info(message) { this.write(2, 'info', message); }
  warn(message) { this.write(3, 'warning', message); }
  error(message) { this.write(4, 'error', message); }
  critical(message) { this.write(5, 'critical', message); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() {}
  flush() {
    const text = this.lines.join('');
    this.lines = [];
    try { if (text) fs.appendFileSync(this.file, text); } catch { /* the log folder is gone: the server is ending */ }
  }
  drop() { this.flush(); }
}
const create = async (name, file) => new Logger(name, file);
exports.version = 0;
exports.setLevel = function () {};
exports.setFlushOn = function () {};
exports.shutdown = function () {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`,
};

/** Writes plain JavaScript in place of the native modules that only a compiler could build; `modules` is a node_modules. */
export function writeNativeStandIns(modules: string): void {
  for (const [name, text] of Object.entries(standIns)) {
    const file = path.join(modules, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { countTests, print } from './countTests';

/** Runs every `*.test` file beside this one in an extension host in Node. */
export function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = print;
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 180_000, forbidOnly: Boolean(process.env.CI) });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  return countTests((done) => mocha.run(() => done()));
}

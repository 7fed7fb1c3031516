import 'mocha/mocha';
import { countTests, print } from '../countTests';

// The build for browsers gives its names to the global object; tests that are imported after this file find them there.
mocha.setup({ ui: 'bdd', reporter: 'spec', color: false, timeout: 180_000 });
Mocha.reporters.Base.consoleLog = print;

/** Runs the tests that were imported in an extension host in a browser. */
export function run(): Promise<void> {
  return countTests((done) => mocha.run(() => done()));
}

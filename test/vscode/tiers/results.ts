/** Starts each line of the suite's reporter: it tells them from what VS Code itself logs. */
export const suiteMark = '[suite] ';

/** A test that failed and why. */
export interface Failure {
  name: string;
  message: string;
}

/** What a runner counted. */
export interface TestCounts {
  passed: number;
  failures: Failure[];
}

/** Where the suite writes its counts, in the workspace that it runs on. */
export const resultsFile = 'suite-results.json';

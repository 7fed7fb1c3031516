#!/usr/bin/env node
// Stands in for desktop VS Code: takes its flags, runs the tests of an extension and exits with their status.
import { format } from 'node:util';
import { launchChromium } from '../helpers/chromium';
import { parseLaunchArguments } from './editor/launchArguments';
import { startServer } from './editor/server';
import { openWorkbench, type Workbench } from './editor/workbench';
import { runInBrowser } from './editor/quietSettings';
import { suiteMark } from './tiers/results';

const timeLimit = Number(process.env.GD_SUITE_TIMEOUT ?? 300) * 1000;

async function launch(args: string[]): Promise<number> {
  const { extensionDevelopmentPath, extensionTestsPath, folder, inBrowser, ...folders } = parseLaunchArguments(args);
  const settings = inBrowser ? runInBrowser : {};
  const server = await startServer({ ...folders, settings, environment: environmentForTests() });
  const browser = await launchChromium();
  const log = collectLog();
  let workbench: Workbench | undefined;
  try {
    let finish: (code: number) => void;
    const finished = new Promise<number>((resolve) => (finish = resolve));
    workbench = await openWorkbench(browser, server, {
      folder,
      extensionFolder: extensionDevelopmentPath,
      testsPath: extensionTestsPath,
      // What is drawn is looked at elsewhere.
      size: { width: 800, height: 600 },
      prepare: async (page) => {
        await page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
        await page.exposeFunction('codeAutomationLog', log.add);
      },
    });
    const code = await Promise.race([finished, failure(workbench)]);
    if (code !== 0) console.error(log.rest());
    return code;
  } catch (error) {
    console.error(log.rest());
    console.error(error instanceof Error ? error.message : error);
    const picture = await workbench?.screenshot('suite-failed').catch(() => undefined);
    if (picture) console.error(`Screenshot: ${picture}`);
    console.error(server.output().split('\n').slice(-40).join('\n'));
    return 1;
  } finally {
    await browser.close();
    await server.dispose();
  }
}

/** Settles, with an error, when the suite can no longer end by itself. */
function failure(workbench: Workbench): Promise<never> {
  return new Promise((_resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(`The suite did not end within ${timeLimit / 1000} s; GD_SUITE_TIMEOUT sets another limit.`));
    }, timeLimit);
    limit.unref();
    workbench.page.once('crash', () => reject(new Error('The page of the workbench crashed.')));
    void workbench.server.untilCrash().then(reject);
  });
}

/** Prints what the suite's reporter writes; everything else that is logged is kept for a failure. */
function collectLog() {
  const lines = new Set<string>();
  const add = (type: string, args: unknown[]) => {
    const text = format(...args);
    if (text.startsWith(suiteMark)) console.log(text.slice(suiteMark.length));
    else lines.add(`[${type}] ${text}`);
  };
  return { add, rest: () => ['What VS Code logged:', ...[...lines].slice(-40)].join('\n') };
}

function environmentForTests(): Record<string, string> {
  const { NODE_V8_COVERAGE } = process.env;
  return NODE_V8_COVERAGE ? { NODE_V8_COVERAGE } : {};
}

launch(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type * as VsCode from 'vscode';
import { projectRoot } from './paths';
import type { Server } from './server';

/** Where the door into an extension host is written, in the folder of user data. */
export const doorFile = 'extension-host-door.json';

/** Name of the variable that tells the extension host which file to write. */
export const doorVariable = 'GD_EXTENSION_HOST_DOOR';

/** How to reach the code that waits in the extension host. */
export interface Door {
  port: number;
  token: string;
}

/** Runs functions of a test inside the extension host. */
export interface ExtensionHost {
  readonly testsPath: string;
  /** Forgets the extension host that runs now; call it before the window reloads. */
  forget(): void;
  /**
   * Calls `task` in the extension host with the `vscode` API and `argument`, and returns what it returns. The function is
   * sent as text: it must not use anything from around it, and both values must survive JSON.
   */
  evaluate<Result, Argument>(
    task: (vscode: typeof VsCode, argument: Argument) => Result | PromiseLike<Result>,
    argument?: Argument,
  ): Promise<Result>;
}

const reachTimeout = 60_000;
const retryInterval = 50;

/** The extension host of a workbench that is about to be opened on `server`. */
export function prepareExtensionHost(server: Server): ExtensionHost {
  const file = path.join(server.userDataFolder, doorFile);
  return {
    testsPath: path.join(projectRoot, 'out/test/vscode/extensionHostDoor.js'),
    forget: () => rmSync(file, { force: true }),
    evaluate: async (task, argument) => {
      const body = JSON.stringify({ task: task.toString(), argument });
      const response = await reach(file, body, Date.now() + reachTimeout);
      const answer = (await response.json()) as { result?: unknown; error?: string };
      if (answer.error !== undefined) throw new Error(`In the extension host: ${answer.error}`);
      return answer.result as never;
    },
  };
}

/** A host that starts or restarts answers only after a while, and then by another door. */
async function reach(file: string, body: string, deadline: number): Promise<Response> {
  for (;;) {
    if (existsSync(file)) {
      const { port, token } = JSON.parse(readFileSync(file, 'utf8')) as Door;
      const options = { method: 'POST', headers: { authorization: token }, body };
      try {
        return await fetch(`http://127.0.0.1:${port}`, options);
      } catch (error) {
        const { cause } = error as { cause?: NodeJS.ErrnoException };
        if (cause?.code !== 'ECONNREFUSED') throw new Error('The extension host ended in mid-call.', { cause: error });
      }
    }
    if (Date.now() > deadline) throw new Error(`The extension host did not answer within ${reachTimeout / 1000} s.`);
    await pause(retryInterval);
  }
}

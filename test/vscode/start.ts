import { existsSync } from 'node:fs';
import { findOnPath, hasDisplay, openDesktop, openInBrowser } from './editor/desktop';
import { projectRoot, samplesFolder } from './editor/paths';
import { startServer } from './editor/server';
import { runTutorial } from './editor/runTutorial';

/**
 * Opens the sample workspace in a real VS Code with the extension loaded: desktop VS Code where it is installed and can be
 * shown, else a VS Code server for the browser. With `--headless` it trains the tutorial there with nobody watching.
 */
export async function main(args: string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--headless');
  if (unknown.length > 0) {
    console.error(`npm start: ${unknown.join(' ')} is not an option; there is only --headless.`);
    return 2;
  }
  if (!existsSync(samplesFolder)) throw new Error(`${samplesFolder} is missing: it is the workspace to open.`);
  if (args.includes('--headless')) return runTutorial();
  const code = findOnPath('code');
  if (code && hasDisplay()) {
    console.log(`Opening ${samplesFolder} in desktop VS Code (${code}).`);
    return openDesktop(code, projectRoot, samplesFolder);
  }
  return serve();
}

async function serve(): Promise<number> {
  const server = await startServer();
  try {
    const extension = `vscode-remote://${server.authority}${projectRoot}`;
    const address = server.url(samplesFolder, [['extensionDevelopmentPath', extension]]);
    console.log(`\nVS Code with Gradient Descent is at\n\n  ${address}\n\nPress Ctrl+C to stop it.`);
    openInBrowser(address);
    throw await server.untilCrash();
  } finally {
    await server.dispose();
  }
}

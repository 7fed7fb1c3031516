import type { ExtensionContext } from 'vscode';
import { startOnDemand } from './host/startOnDemand';

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code in a browser when the extension is first needed. It has to be one file there; the rest runs on demand. */
export function activate(context: ExtensionContext) {
  const started = startOnDemand(context, async (surface) =>
    (await import('./extensionParts.web')).startParts(context, surface),
  );
  stop = started.stop;
  return started.api;
}

/** Called by VS Code when the window closes or reloads; a browser may not wait for what it stores. */
export async function deactivate(): Promise<void> {
  await stop?.();
}

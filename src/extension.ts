import type { ExtensionContext } from 'vscode';
import { startOnDemand } from './host/startOnDemand';

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code when the extension is first needed. The rest of it is a file of its own, which is loaded on demand. */
export function activate(context: ExtensionContext) {
  const started = startOnDemand(context, async (surface) =>
    (await import('./extensionParts')).startParts(context, surface),
  );
  stop = started.stop;
  return started.api;
}

/** Called by VS Code when the window closes or reloads; runs are stored before it returns. */
export async function deactivate(): Promise<void> {
  await stop?.();
}

import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { findChromium } from '../vscode/install/findChromium';

const flags = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  // Nothing that a page asks for leaves the machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Starts a headless Chromium, putting one into `.vscode-test/` first where none is installed. Close it when done. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const { program, environment } = await findChromium();
  return chromium.launch({
    ...options,
    executablePath: program,
    // Chromium does not run as root with its sandbox, nor on a kernel without user namespaces.
    chromiumSandbox: false,
    args: [...flags, ...(options.args ?? [])],
    env: { ...(process.env as Record<string, string>), ...environment, ...options.env },
  });
}

let shared: Promise<Browser> | undefined;

/** The one Chromium of this process, started by the first call and again where it has crashed; it ends with the process. */
export async function sharedChromium(): Promise<Browser> {
  const browser = await (shared ??= launchChromium());
  return browser.isConnected() ? browser : (shared = launchChromium());
}

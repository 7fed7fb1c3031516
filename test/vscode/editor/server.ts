import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installServer, type InstalledServer } from '../install/installServer';
import { npmEnvironment } from '../install/npm.mjs';
import { doorFile, doorVariable } from './extensionHost';
import { onExit } from './onExit';
import { projectRoot } from './paths';
import { quietSettings } from './quietSettings';
import { temporaryFolder } from './temporaryFolder';

/** How a server is started; everything has a default. */
export interface ServerOptions {
  /** User settings on top of the quiet ones. */
  settings?: Record<string, unknown>;
  /** Variables for the server and the extension host beside the caller's own. */
  environment?: Record<string, string>;
  /** Folder of user data; a temporary one unless given. */
  userDataFolder?: string;
  /** Folder of installed extensions; an empty one unless given. */
  extensionsFolder?: string;
  /** A packed extension to install before the start. */
  vsix?: string;
}

/** A running VS Code server on 127.0.0.1. */
export interface Server {
  /** `127.0.0.1:PORT`, which is also the authority of its `vscode-remote:` URIs. */
  readonly authority: string;
  readonly userDataFolder: string;
  /** All that the server and its extension hosts have printed, without its token. */
  output(): string;
  /** Settles with an error when the server has died, or an extension host dies from now on before `dispose`; else it stays pending. */
  untilCrash(): Promise<Error>;
  /** Address of a workbench with `folder` open. The server answers nobody without the token in it. */
  url(folder: string, payload?: [string, string][]): string;
  dispose(): Promise<void>;
}

/** Starts a VS Code server, installing it first where it is missing, and resolves once it listens. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const installed = await installServer();
  const scratch = temporaryFolder();
  const userDataFolder = options.userDataFolder ?? path.join(scratch.path, 'user');
  const extensionsFolder = options.extensionsFolder ?? path.join(scratch.path, 'extensions');
  const door = { [doorVariable]: path.join(userDataFolder, doorFile) };
  const environment = serverEnvironment(scratch.path, { ...door, ...options.environment });
  const token = randomUUID();
  const tokenFile = path.join(scratch.path, 'token');
  // Everybody on this machine can read the command line, so the token is not on it.
  writeFileSync(tokenFile, token, { mode: 0o600 });
  writeSettings(userDataFolder, options.settings);
  mkdirSync(extensionsFolder, { recursive: true });
  const folders = ['--user-data-dir', userDataFolder, '--extensions-dir', extensionsFolder];
  folders.push('--server-data-dir', path.join(scratch.path, 'server'), '--accept-server-license-terms');
  folders.push('--builtin-extensions-dir', builtinExtensions(installed.script, scratch.path));
  if (options.vsix) installExtension(installed, options.vsix, folders, environment);

  const listen = ['--host', '127.0.0.1', '--port', '0', '--telemetry-level', 'off', '--disable-workspace-trust'];
  const access = ['--connection-token-file', tokenFile];
  const guard = path.join(projectRoot, 'test/vscode/editor/exitWithParent.cjs');
  const child = spawn(installed.node, ['--require', guard, installed.script, ...listen, ...access, ...folders], {
    detached: true,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const watch = watchOutput(child, token);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const cancel = onExit(() => killGroup(child));
  const dispose = async () => {
    watch.stop();
    killGroup(child);
    await closed;
    cancel();
    scratch.dispose();
  };
  try {
    const port = await watch.port;
    const authority = `127.0.0.1:${port}`;
    const url = (folder: string, payload: [string, string][] = []) => {
      const query = new URLSearchParams({ tkn: token, folder });
      query.set('payload', JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]));
      return `http://${authority}/?${query}`;
    };
    return { authority, userDataFolder, output: watch.output, untilCrash: watch.untilCrash, url, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function serverEnvironment(runtimeFolder: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(npmEnvironment()).filter(
    ([name]) => !/^(NODE_OPTIONS|NODE_V8_COVERAGE|VSCODE_.*|ELECTRON_.*|VITEST.*)$/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_RUNTIME_DIR: runtimeFolder,
    ...extra,
  };
}

/**
 * VS Code takes every theme that lies below the extension under development for that extension's own, and switches to it. The
 * server lies there, in `.vscode-test/`, so its themes are reached by a link from elsewhere.
 */
function builtinExtensions(script: string, folder: string): string {
  const link = path.join(folder, 'builtin');
  symlinkSync(path.resolve(script, '../../extensions'), link);
  return link;
}

function writeSettings(userDataFolder: string, settings: Record<string, unknown> = {}) {
  mkdirSync(path.join(userDataFolder, 'User'), { recursive: true });
  const all = { ...quietSettings, ...settings };
  writeFileSync(path.join(userDataFolder, 'User', 'settings.json'), JSON.stringify(all, null, 2));
}

function installExtension(
  { node, script }: InstalledServer,
  vsix: string,
  folders: string[],
  environment: NodeJS.ProcessEnv,
) {
  const args = [script, '--install-extension', vsix, ...folders];
  const result = spawnSync(node, args, { env: environment, encoding: 'utf8' });
  if (result.status === 0 && /successfully installed/.test(result.stdout)) return;
  throw new Error(`The server could not install ${vsix}:\n${result.stdout}${result.stderr}`);
}

function watchOutput(child: ChildProcess, token: string) {
  let text = '';
  /** How much of it had come when an extension host was last said to have died. */
  let told = 0;
  const output = () => text.replaceAll(token, 'TOKEN');
  let stopped = false;
  let ended: Error | undefined;
  let waiting: ((error: Error) => void)[] = [];
  const crash = (error: Error) => {
    for (const hear of waiting) hear(error);
    waiting = [];
  };
  const untilCrash = () => (ended ? Promise.resolve(ended) : new Promise<Error>((resolve) => waiting.push(resolve)));
  const port = new Promise<number>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const listening = /agent listening on (\d+)/.exec(text);
      if (listening) resolve(Number(listening[1]));
      const exit = /Extension Host Process exited with code: (?!0, signal: null)[^\n]*/.exec(text.slice(told));
      if (!exit) return;
      told = text.length;
      if (!stopped) crash(new Error(`The extension host died: ${exit[0]}`));
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const error = new Error(`The VS Code server ended by itself (${signal ?? `code ${code}`}):\n${output()}`);
      reject(error);
      if (stopped) return;
      ended = error;
      crash(error);
    });
  });
  return { port, untilCrash, output, stop: () => (stopped = true) };
}

function killGroup(child: ChildProcess) {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

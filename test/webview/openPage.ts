import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { esbuildKernels } from '../../src/engine/kernels/assembly/compile.js';
import { pageHtml, scriptPage } from '../../src/host/views/pageHtml';
import type { RunState } from '../../src/protocol/state';
import { sharedChromium } from '../helpers/chromium';
import { themes, type ThemeName } from './themes';

const root = path.resolve(import.meta.dirname, '../..');

/** The built page behind a local server, and a browser to look at it with. */
export interface Studio {
  open(options?: OpenOptions): Promise<OpenedPage>;
  /** Closes the pages that are still open. */
  close(): Promise<void>;
}

/** How the page is built. */
export interface StudioOptions {
  /** A file that the page loads before its own. */
  first?: string;
  /** The page of a comparison instead of the training view. */
  compare?: boolean;
}

/** How the page is to be seen. */
export interface OpenOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  place?: 'sidePanel' | 'editor';
  /** What the page kept the last time it was open. */
  state?: unknown;
  /** The run that the host has written into the page; not known yet unless given. */
  written?: RunState | null;
  /** Holds back the page's script, as it is while it loads. */
  withoutScript?: boolean;
  /** How many times the page's script is not found before it is there. */
  scriptMissing?: number;
  /** In a browser context of its own, because what the test changes in it would reach other pages: its clock, its permissions. */
  alone?: boolean;
}

/** A page, and what its console said. */
export interface OpenedPage {
  page: Page;
  /** Console errors, uncaught errors and violations of the content security policy; empty when all is well. */
  complaints(): Promise<string[]>;
}

interface Served {
  origin: string;
  /** The runs that the host has written into pages, by the number in their address. */
  written: Map<string, RunState | null>;
}

/** The page as it was built, by what runs before it. */
const served = new Map<string | undefined, Promise<Served>>();
/** The context that the pages of one browser share, so that they run in one process and its scripts are compiled once. */
const shared = new WeakMap<Browser, Promise<BrowserContext>>();

/**
 * Serves the page under its own content security policy, with a browser to look at it. The page is built once and the browser
 * started once for all files of this process.
 */
export async function openStudio(studio: StudioOptions = {}): Promise<Studio> {
  const name = studio.compare ? 'compare' : studio.first;
  if (!served.has(name)) served.set(name, servePage(studio));
  const [{ origin, written }, browser] = await Promise.all([served.get(name)!, sharedChromium()]);
  const opened: Page[] = [];
  return {
    open: async (options = {}) => {
      const key = String(written.size);
      if (options.written !== undefined) written.set(key, options.written);
      const page = await newPage(browser, origin, options.alone === true);
      opened.push(page);
      return openPage(page, `${origin}/?run=${key}`, options);
    },
    close: async () => {
      await Promise.all(opened.map((page) => page.close()));
    },
  };
}

async function servePage(studio: StudioOptions): Promise<Served> {
  const [files, fakeHost] = await Promise.all([buildPage(studio), bundle('test/webview/fakeHost.ts')]);
  const written = new Map<string, RunState | null>();
  files.set('/fakeHost.js', fakeHost);
  const server = await serve(files, written, studio.compare === true);
  // It must not keep the process alive.
  server.unref();
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, written };
}

async function newPage(browser: Browser, origin: string, alone: boolean): Promise<Page> {
  if (alone) return browser.newPage();
  if (!shared.has(browser)) shared.set(browser, openContext(browser, origin));
  return (await shared.get(browser)!).newPage();
}

/** A context whose process lives on between two tests, because it has a page that stays open. */
async function openContext(browser: Browser, origin: string): Promise<BrowserContext> {
  const context = await browser.newContext();
  await (await context.newPage()).goto(`${origin}/idle`);
  return context;
}

async function openPage(page: Page, address: string, options: OpenOptions): Promise<OpenedPage> {
  const { theme = 'dark', width = 700, height = 900, place = 'sidePanel', state } = options;
  await page.setViewportSize({ width, height });
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript({
    content: `window.fakeTheme = ${JSON.stringify(themes[theme])}; window.fakeState = ${JSON.stringify(state)};`,
  });
  if (options.withoutScript) await page.route('**/webview.js', () => {});
  if (options.scriptMissing)
    await page.route('**/webview.js', (route) => route.fulfill({ status: 404 }), { times: options.scriptMissing });
  await page.goto(`${address}&place=${place}`);
  if (!options.withoutScript) await page.waitForFunction(() => window.fake.posted.length > 0);
  return {
    page,
    complaints: async () => [...complaints, ...(await page.evaluate(() => window.fake.violations))],
  };
}

async function buildPage({ first, compare }: StudioOptions): Promise<Map<string, string>> {
  const [script, style, html] = await Promise.all([
    bundle(compare ? 'webview/compare.ts' : 'webview/main.ts', first),
    bundle('webview/styles.css'),
    readFile(path.join(root, 'webview/index.html'), 'utf8'),
  ]);
  return new Map([
    ['/', html],
    ['/idle', '<!doctype html>'],
    ['/webview.js', script],
    ['styles', style],
  ]);
}

async function bundle(entry: string, first?: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...(first
      ? { stdin: { contents: `import './${first}';\nimport './${entry}';`, resolveDir: root } }
      : { entryPoints: [entry] }),
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    minify: true,
    write: false,
    plugins: [esbuildKernels],
    loader: { '.svg': 'dataurl' },
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

/** The page with the other side of its messages in front of all that it loads itself. */
function withFakeHost(html: string): string {
  const nonce = /'nonce-([^']+)'/.exec(html)![1];
  return html.replace('</title>', `$&<script nonce="${nonce}" src="/fakeHost.js"></script>`);
}

const types: Record<string, string> = { js: 'text/javascript' };

async function serve(
  files: Map<string, string>,
  written: Map<string, RunState | null>,
  isCompare: boolean,
): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const content = files.get(url.pathname);
    response.statusCode = content === undefined ? 404 : 200;
    if (url.pathname === '/favicon.ico') response.statusCode = 204;
    response.setHeader('content-type', types[url.pathname.split('.').pop()!] ?? 'text/html; charset=utf-8');
    // Built once, so what was compiled of it is good for all pages.
    if (url.pathname !== '/') return response.setHeader('cache-control', 'max-age=86400').end(content);
    const parts = { template: content!, styles: files.get('styles')!, scriptUri: '/webview.js' };
    const place = url.searchParams.get('place') as 'sidePanel' | 'editor';
    const run = written.get(url.searchParams.get('run')!);
    const all = { ...parts, place, cspSource: `http://${request.headers.host}` };
    return response.end(withFakeHost(isCompare ? scriptPage(all) : pageHtml(run, all)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

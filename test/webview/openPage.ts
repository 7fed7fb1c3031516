import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core';
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
  /** Holds back the page's script, as it is while it loads, until `runScript`. */
  withoutScript?: boolean;
  /** How many times the page's script is not found before it is there. */
  scriptMissing?: number;
  /** In a browser context of its own, because what the test changes in it would reach other tests: its clock, its permissions, its zoom. */
  alone?: boolean;
}

/** A page, and what its console said. */
export interface OpenedPage {
  page: Page;
  /** Console errors, uncaught errors and violations of the content security policy; empty when all is well. */
  complaints(): Promise<string[]>;
  /** Lets the page have its script, where it was held back. */
  runScript(): Promise<void>;
  /** What takes away again that which a test has put into the page and which would outlive its document. */
  endings: (() => Promise<unknown>)[];
  /** Closes the page, or has it ready for the next test. */
  close(): Promise<void>;
}

interface Asked extends OpenOptions {
  /** Resolves once the page may have the script that was held back. */
  script: Promise<void>;
}

interface Served {
  origin: string;
  /** How pages are to be seen, by the number in their address. */
  asked: Asked[];
  context?: BrowserContext;
  /** A page that a test has given back, empty. */
  resting?: Lent | undefined;
}

interface Lent {
  page: Page;
  tests: number;
}

const alone = new WeakSet<Page>();

/** Throws unless the page was opened alone, because what is to be done to it would reach other tests. */
export function mustBeAlone(page: Page): void {
  if (!alone.has(page)) throw new Error('What this changes would reach other tests: open the page alone.');
}

/** A renderer keeps some of each document it had, which slows it down. */
const mostTests = 12;

/** The page as it was built, by what runs before it. */
const served = new Map<string | undefined, Promise<Served>>();

/**
 * Serves the page under its own content security policy, with a browser to look at it. The page is built once and the browser
 * started once for all files of this process, and a page that is closed is loaded anew for the next test: a page of its own has
 * a process of its own, which costs more than what most tests do.
 */
export async function openStudio(studio: StudioOptions = {}): Promise<Studio> {
  const name = studio.compare ? 'compare' : studio.first;
  if (!served.has(name)) served.set(name, servePage(studio));
  const [from, browser] = await Promise.all([served.get(name)!, sharedChromium()]);
  const inUse = new Set<Page>();
  return {
    open: async (options = {}) => {
      const lent = await (options.alone ? openAlone(browser) : takePage(browser, from));
      inUse.add(lent.page);
      let release = () => {};
      const script = new Promise<void>((resolve) => (release = resolve));
      const asked = from.asked.push({ ...options, script }) - 1;
      const opened = await openPage(lent.page, `${from.origin}/?asked=${asked}`, options);
      const runScript = () => {
        release();
        return comesUp(lent.page);
      };
      const close = async () => {
        await opened.close();
        inUse.delete(lent.page);
        await giveBack(lent, from);
      };
      return { ...opened, runScript, close };
    },
    close: async () => {
      await Promise.all([...inUse].map((page) => page.close()));
    },
  };
}

async function servePage(studio: StudioOptions): Promise<Served> {
  const [files, fakeHost] = await Promise.all([buildPage(studio), bundle('test/webview/fakeHost.ts')]);
  const asked: Asked[] = [];
  files.set('/fakeHost.js', fakeHost);
  const server = await serve(files, asked, studio.compare === true);
  // It must not keep the process alive.
  server.unref();
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function openAlone(browser: Browser): Promise<Lent> {
  const page = await browser.newPage();
  alone.add(page);
  return { page, tests: mostTests };
}

async function takePage(browser: Browser, from: Served): Promise<Lent> {
  const { resting } = from;
  from.resting = undefined;
  if (resting && !resting.page.isClosed()) return resting;
  if (from.context?.browser() !== browser) from.context = await browser.newContext();
  return { page: await from.context.newPage(), tests: 0 };
}

async function giveBack({ page, tests }: Lent, to: Served): Promise<void> {
  if (to.resting || tests + 1 >= mostTests) return page.close();
  to.resting = { page, tests: tests + 1 };
  await page.goto(`${to.origin}/idle`);
}

async function comesUp(page: Page): Promise<void> {
  await page.waitForFunction(() => window.fake.posted.length > 0);
}

async function openPage(page: Page, address: string, options: OpenOptions): Promise<Omit<OpenedPage, 'runScript'>> {
  const { width = 700, height = 900 } = options;
  const size = page.viewportSize();
  if (size?.width !== width || size.height !== height) {
    await page.setViewportSize({ width, height });
    // A document that is loaded before that has come about begins with the size of the one before it.
    await page.waitForFunction((all) => innerWidth === all.width && innerHeight === all.height, { width, height });
  }
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  const hear = (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  };
  const fail = (error: Error) => void complaints.push(String(error));
  page.on('console', hear);
  page.on('pageerror', fail);
  if (options.scriptMissing)
    await page.route('**/webview.js', (route) => route.fulfill({ status: 404 }), { times: options.scriptMissing });
  await page.goto(address);
  if (!options.withoutScript) await comesUp(page);
  const endings: OpenedPage['endings'] = [];
  return {
    page,
    endings,
    complaints: async () => [...complaints, ...(await page.evaluate(() => window.fake.violations))],
    close: async () => {
      for (const end of endings) await end();
      page.off('console', hear);
      page.off('pageerror', fail);
    },
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
function withFakeHost(html: string, { theme = 'dark', state }: OpenOptions): string {
  const nonce = /'nonce-([^']+)'/.exec(html)![1];
  const given = `window.fakeTheme = ${JSON.stringify(themes[theme])}; window.fakeState = ${JSON.stringify(state)};`;
  const scripts = `<script nonce="${nonce}">${given.replaceAll('<', '\\u003c')}</script><script nonce="${nonce}" src="/fakeHost.js"></script>`;
  return html.replace('</title>', (title) => title + scripts);
}

const types: Record<string, string> = { js: 'text/javascript' };

async function serve(files: Map<string, string>, asked: Asked[], isCompare: boolean): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const number = Number(url.searchParams.get('asked'));
    const isHeld = url.pathname === '/held.js';
    const content = files.get(isHeld ? '/webview.js' : url.pathname);
    response.statusCode = content === undefined ? 404 : 200;
    if (url.pathname === '/favicon.ico') response.statusCode = 204;
    response.setHeader('content-type', types[url.pathname.split('.').pop()!] ?? 'text/html; charset=utf-8');
    if (isHeld) return void asked[number].script.then(() => response.end(content));
    // Built once, so what was compiled of it is good for all pages.
    if (url.pathname !== '/') return void response.setHeader('cache-control', 'max-age=86400').end(content);
    const options = asked[number];
    const { place = 'sidePanel', written, withoutScript } = options;
    const parts = {
      template: content!,
      styles: files.get('styles')!,
      place,
      cspSource: `http://${request.headers.host}`,
    };
    const all = { ...parts, scriptUri: withoutScript ? `/held.js?asked=${number}` : '/webview.js' };
    response.end(withFakeHost(isCompare ? scriptPage(all) : pageHtml(written, all), options));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

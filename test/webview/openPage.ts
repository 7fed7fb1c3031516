import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../helpers/chromium';
import { themes, type ThemeName } from './themes';

const root = path.resolve(import.meta.dirname, '../..');
const nonce = 'nonce0123456789';

/** The built page behind a local server, and a browser to look at it with. */
export interface Studio {
  open(options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

/** How the page is built. */
export interface StudioOptions {
  /** A file that the page loads before its own. */
  first?: string;
}

/** How the page is to be seen. */
export interface OpenOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  place?: 'sidePanel' | 'editor';
  /** What the page kept the last time it was open. */
  state?: unknown;
}

/** A page, and what its console said. */
export interface OpenedPage {
  page: Page;
  /** Console errors, uncaught errors and violations of the content security policy; empty when all is well. */
  complaints(): Promise<string[]>;
}

/** Builds the page, serves it under its own content security policy and starts a browser. */
export async function openStudio({ first }: StudioOptions = {}): Promise<Studio> {
  const [files, fakeHost, browser] = await Promise.all([
    buildPage(first),
    bundle('test/webview/fakeHost.ts'),
    launchChromium(),
  ]);
  const server = await serve(files);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    open: (options = {}) => openPage(browser, origin, fakeHost, options),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function openPage(browser: Browser, origin: string, fakeHost: string, options: OpenOptions): Promise<OpenedPage> {
  const { theme = 'dark', width = 700, height = 900, place = 'sidePanel', state } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript({
    content: `window.fakeTheme = ${JSON.stringify(themes[theme])}; window.fakeState = ${JSON.stringify(state)};\n${fakeHost}`,
  });
  await page.goto(`${origin}/?place=${place}`);
  return {
    page,
    complaints: async () => [...complaints, ...(await page.evaluate(() => window.fake.violations))],
  };
}

async function buildPage(first: string | undefined): Promise<Map<string, string | Buffer>> {
  const icons = path.join(root, 'node_modules/@vscode/codicons/dist');
  const [script, style, html, iconStyle, iconFont] = await Promise.all([
    bundle('webview/main.ts', first),
    bundle('webview/styles.css'),
    readFile(path.join(root, 'webview/index.html'), 'utf8'),
    readFile(path.join(icons, 'codicon.css')),
    readFile(path.join(icons, 'codicon.ttf')),
  ]);
  return new Map<string, string | Buffer>([
    ['/', html],
    ['/webview.js', script],
    ['/webview.css', style],
    ['/codicon.css', iconStyle],
    ['/codicon.ttf', iconFont],
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
    minify: entry.startsWith('webview/'),
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

async function serve(files: Map<string, string | Buffer>): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const content = files.get(url.pathname);
    response.statusCode = content === undefined ? 404 : 200;
    if (url.pathname === '/favicon.ico') response.statusCode = 204;
    response.setHeader('content-type', types[url.pathname.split('.').pop()!] ?? 'text/html; charset=utf-8');
    response.end(
      url.pathname === '/' ? fill(String(content), request.headers.host!, url.searchParams.get('place')!) : content,
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

/** Fills in the page's placeholders, as the extension does. */
function fill(html: string, hostName: string, place: string): string {
  const values: Record<string, string> = {
    cspSource: `http://${hostName}`,
    nonce,
    place,
    scriptUri: '/webview.js',
    styleUri: '/webview.css',
    codiconUri: '/codicon.css',
  };
  return html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name]);
}

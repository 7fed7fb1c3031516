import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { sharedChromium } from '../helpers/chromium';
import { themes, type ThemeName } from './themes';

const root = path.resolve(import.meta.dirname, '../..');
const nonce = 'nonce0123456789';

/** The built page behind a local server, and a browser to look at it with. */
export interface Studio {
  open(options?: OpenOptions): Promise<OpenedPage>;
  /** Closes the pages that are still open. */
  close(): Promise<void>;
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

let served: Promise<{ origin: string; fakeHost: string }> | undefined;

/**
 * Serves the page under its own content security policy, with a browser to look at it. The page is built once and the browser
 * started once for all files of this process; each page is opened in a browser context of its own.
 */
export async function openStudio(): Promise<Studio> {
  const [{ origin, fakeHost }, browser] = await Promise.all([(served ??= servePage()), sharedChromium()]);
  return {
    open: (options = {}) => openPage(browser, origin, fakeHost, options),
    close: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}

async function servePage(): Promise<{ origin: string; fakeHost: string }> {
  const [files, fakeHost] = await Promise.all([buildPage(), bundle('test/webview/fakeHost.ts')]);
  const server = await serve(files);
  // It must not keep the process alive.
  server.unref();
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fakeHost };
}

async function openPage(browser: Browser, origin: string, fakeHost: string, options: OpenOptions): Promise<OpenedPage> {
  const { theme = 'dark', width = 700, height = 900, place = 'sidePanel', state } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(60_000);
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

async function buildPage(): Promise<Map<string, string | Buffer>> {
  const icons = path.join(root, 'node_modules/@vscode/codicons/dist');
  const [script, style, html, iconStyle, iconFont] = await Promise.all([
    bundle('webview/main.ts'),
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

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
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

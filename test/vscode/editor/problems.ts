import { existsSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { extensionId } from './paths';

/** What went wrong in a workbench, as far as the extension under test is concerned. */
export interface Problems {
  /**
   * Each with its kind: violations of a content security policy in any frame, console errors of the extension's webviews and of
   * its code in the extension host, uncaught errors and unhandled rejections. Compare with `[]`.
   */
  all(): string[];
}

/** Starts collecting problems in every page of `context`; call it before the first page opens. */
export async function collectProblems(context: BrowserContext, extensionFolder: string): Promise<Problems> {
  const found: string[] = [];
  const report = (kind: string, line: string) => found.push(`${kind}: ${line}`);
  await context.exposeBinding('reportPolicyViolation', (_source, text: string) =>
    report('content security policy', text),
  );
  await context.addInitScript(watchPolicy);
  context.on('page', (page: Page) => {
    page.on('pageerror', (error) => {
      const stack = error.stack ?? String(error);
      if (!isOfVsCode(stack)) report('uncaught', stack);
    });
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const where = message.location().url;
      if (isGivenUp(message.text(), where)) return;
      const line = where ? `${message.text()} (${where})` : message.text();
      if (isOwn(line, extensionFolder)) report('console', line);
    });
  });
  return { all: () => [...found] };
}

/** The address of a webview's document names the extension's id; the extension's files lie in its folder. */
function isOwn(line: string, extensionFolder: string): boolean {
  return line.includes(extensionId) || line.includes(extensionFolder);
}

/** VS Code answers a page that was closed while its files were on the way with 404, and one that waited for long with 408. */
function isGivenUp(text: string, where: string): boolean {
  const isUnanswered = /^Failed to load resource: .* status of (404|408)/.test(text) && URL.canParse(where);
  return isUnanswered && existsSync(decodeURIComponent(new URL(where).pathname));
}

/** VS Code's own page around a webview has timers that run on after the webview was closed, and find it gone. */
function isOfVsCode(stack: string): boolean {
  const places = stack.split('\n').filter((line) => /^\s*at /.test(line));
  return places.length > 0 && places.every((line) => line.includes('/contrib/webview/browser/pre/'));
}

/** Runs in every frame. VS Code writes a webview with `document.open`, which drops all listeners, so they are put back. */
function watchPolicy() {
  const report = (window as unknown as { reportPolicyViolation(text: string): void }).reportPolicyViolation;
  const listen = () =>
    window.addEventListener('securitypolicyviolation', (event) => {
      const source = event.sourceFile ? ` at ${event.sourceFile}:${event.lineNumber}` : '';
      const sample = event.sample ? ` "${event.sample}"` : '';
      report(`${event.effectiveDirective} blocked ${event.blockedURI}${sample}${source} in ${location.href}`);
    });
  const prototype = Document.prototype as { open(...args: unknown[]): unknown };
  const { open } = prototype;
  prototype.open = function (...args) {
    const result = open.apply(this, args);
    listen();
    return result;
  };
  listen();
}

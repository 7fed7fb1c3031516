import type { Browser, BrowserContext, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareExtensionHost, type ExtensionHost } from './extensionHost';
import { pictureFile } from '../../helpers/pictureFile';
import { activityBarTitle, extensionId, outFile, projectRoot } from './paths';
import { collectProblems, type Problems } from './problems';
import type { Server } from './server';

/** What a workbench shows and loads. */
export interface WorkbenchOptions {
  /** The workspace folder; never the extension's own. */
  folder: string;
  /** The extension under development: this project unless given; `null` where the server has it installed. */
  extensionFolder?: string | null;
  /** Module that VS Code runs in the extension host as the test suite. */
  testsPath?: string;
  /** Makes `workbench.host` usable: code of a test run with the `vscode` API in the extension host. */
  withHost?: boolean;
  /** Called before the page opens, for bindings and listeners. */
  prepare?(page: Page): Promise<void>;
  size?: { width: number; height: number };
  /** Accessible name of the activity bar item that says the extension is loaded. */
  activityBarTitle?: string;
}

/** Where a webview is shown. */
export type WebviewPlace = 'side' | 'editor';

const startTimeout = 90_000;
/** VS Code's own themes, by the class that the workbench has with each. */
const themes = {
  'vs-dark': 'Default Dark Modern',
  vs: 'Default Light Modern',
  'hc-black': 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};
const quickInput = '.quick-input-widget input.input:visible';

/** Opens a workbench in a fresh browser context and waits until the extension under test is loaded. */
export async function openWorkbench(browser: Browser, server: Server, options: WorkbenchOptions): Promise<Workbench> {
  const context = await browser.newContext({ viewport: options.size ?? { width: 1440, height: 900 } });
  try {
    const extensionFolder = options.extensionFolder === undefined ? projectRoot : options.extensionFolder;
    const problems = await collectProblems(context, extensionFolder ?? server.userDataFolder);
    const host = options.withHost ? prepareExtensionHost(server) : undefined;
    host?.forget();
    const testsPath = options.testsPath ?? host?.testsPath;
    await context.addInitScript(developInPage, {
      extensions: extensionFolder ? [remoteUri(server, extensionFolder)] : [],
      ...(testsPath ? { extensionTestsPath: remoteUri(server, testsPath) } : {}),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await options.prepare?.(page);
    await page.goto(server.url(options.folder));
    const workbench = new Workbench(page, context, problems, server, options.folder, host);
    await workbench.waitUntilReady(options.activityBarTitle ?? activityBarTitle);
    return workbench;
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** One workbench in one browser context, driven as a person would. */
export class Workbench {
  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly problems: Problems,
    readonly server: Server,
    readonly folder: string,
    private readonly extensionHost: ExtensionHost | undefined,
  ) {}

  /** The extension host, when the workbench was opened `withHost`. */
  get host(): ExtensionHost {
    if (!this.extensionHost) throw new Error('openWorkbench was called without `withHost: true`.');
    return this.extensionHost;
  }

  /** Waits for the extension's item in the activity bar and for the colour theme. */
  async waitUntilReady(title = activityBarTitle): Promise<void> {
    const item = this.activityBarItem(title);
    const crashed = this.server.untilCrash().then((error) => Promise.reject(error));
    const theme = this.page.locator('.monaco-workbench[class*="vscode-theme-"]');
    const ready = item.waitFor({ timeout: startTimeout }).then(() => theme.waitFor());
    await Promise.race([ready, crashed]).catch(async (error: Error) => {
      const picture = await this.screenshot('workbench-not-ready').catch(() => 'none');
      throw new Error(`The activity bar did not show "${title}" (screenshot: ${picture}): ${error.message}`);
    });
  }

  /** An item of the activity bar by the start of its accessible name. */
  activityBarItem(title: string): Locator {
    return this.page.locator(`.activitybar .action-item a[aria-label^="${title}"]`);
  }

  /**
   * Opens the extension's side panel by its activity bar item, unless it is open. A click while VS Code itself is about to
   * open it would close it again, so the panel is looked for after each click.
   */
  async showSidePanel(title = activityBarTitle): Promise<void> {
    const panel = this.page.locator('.sidebar .composite.title h2').filter({ hasText: new RegExp(`^${title}$`, 'i') });
    const appears = () =>
      panel.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    for (let clicks = 0; clicks < 5; clicks++) {
      if (await appears()) return;
      await this.activityBarItem(title).click();
    }
    await panel.waitFor();
  }

  /** Opens the palette, types `title` and chooses the row that says exactly that. */
  async runCommand(title: string): Promise<void> {
    await this.choose('F1', `>${title}`, this.quickPickRow(title, true));
  }

  /**
   * Opens a quick pick by a key, types into it and chooses a row. Where a window that still comes up takes the focus, the quick pick
   * closes without a choice; and what it has looked for once, it does not look for again. It is opened anew then.
   */
  private async choose(key: string, typed: string, row: Locator): Promise<void> {
    const input = this.page.locator(quickInput);
    const timeout = 10_000;
    await this.page.keyboard.press(key);
    for (let tries = 0; tries < 10; tries++) {
      const isChosen = await input
        .fill(typed, { timeout })
        .then(() => row.click({ timeout }))
        .then(
          () => true,
          () => false,
        );
      if (isChosen) return;
      if (await input.isVisible()) await this.page.keyboard.press('Escape');
      await this.page.keyboard.press(key);
    }
    await row.click();
  }

  /** A row of the open quick pick that contains `text`, or is exactly `text`. */
  quickPickRow(text: string, exactly = false): Locator {
    const rows = this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
    const label = this.page.locator('.label-name').getByText(text, { exact: exactly });
    return rows.filter({ has: label }).first();
  }

  /** Chooses the row of the open quick pick that contains `text`. */
  async pick(text: string): Promise<void> {
    await this.quickPickRow(text).click();
  }

  /** Fills the open input box and accepts it. */
  async answer(text: string): Promise<void> {
    await this.page.locator(quickInput).fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file of the workspace by name through quick open, and waits for its text to be shown. */
  async openFile(name: string): Promise<void> {
    await this.choose('ControlOrMeta+P', name, this.quickPickRow(name));
    await this.page
      .locator(`.editor-instance[aria-label*="${name}"], .editor-instance .monaco-editor`)
      .first()
      .waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /**
   * Replaces the text of the active editor by pasting, so that VS Code adds no brackets or indents of its own, and shows
   * its beginning: only lines in sight are in the page. What is selected is waited for, because a paste that still waits for
   * the extension host is given up when the cursor moves, and the end of the old text may look like that of the new one.
   */
  async replaceEditorText(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('ControlOrMeta+A');
    const isEmpty = (await this.editorLines.innerText()).trim() === '';
    if (!isEmpty) await this.page.locator('.statusbar-item', { hasText: /\(\d+ selected\)$/ }).waitFor();
    await this.page.evaluate(paste, text);
    const lines = text.split('\n');
    await this.cursorAt(lines.length, lines.at(-1)!.length + 1);
    await this.page.keyboard.press('ControlOrMeta+Home');
    await this.cursorAt(1, 1);
  }

  /** Puts the cursor of the active editor at a line and column, which start at 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('Control+G');
    await this.answer(`:${line}:${column}`);
    await this.cursorAt(line, column);
  }

  private async cursorAt(line: number, column: number) {
    const place = new RegExp(`Ln ${line}, Col ${column}$`);
    await this.page.locator('.statusbar-item').filter({ hasText: place }).waitFor();
  }

  /** Saves the focused editor and waits until its tab is no longer marked as changed. */
  async saveEditor(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.page.locator('.tab.active:not(.dirty)').first().waitFor();
  }

  private get editorLines(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor .view-lines').first();
  }

  private async focusEditor() {
    await this.editorLines.click();
  }

  /** The document of one of the extension's webviews, for locators; the first one unless a place is given. */
  webview(place?: WebviewPlace): FrameLocator {
    const inSidePanel = '[src*="purpose=webviewView"]';
    const where = place === undefined ? '' : place === 'side' ? inSidePanel : `:not(${inSidePanel})`;
    const outer = `iframe.webview[src*="extensionId=${extensionId}"]${where}`;
    return this.page.frameLocator(outer).first().frameLocator('#active-frame');
  }

  /** The document of one of the extension's webviews as a frame, to evaluate code in it. */
  async webviewFrame(place: WebviewPlace): Promise<Frame> {
    const body = await this.webview(place).locator('body').elementHandle();
    const frame = await body?.ownerFrame();
    if (!frame) throw new Error(`The ${place} webview closed while it was looked for.`);
    return frame;
  }

  /** Replaces the settings of the workspace, which VS Code takes over at once; user settings it reads only at its start. */
  setSettings(settings: Record<string, unknown>): void {
    mkdirSync(path.join(this.folder, '.vscode'), { recursive: true });
    writeFileSync(path.join(this.folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  }

  /** Changes the colour theme and waits for `bodyClass` on the workbench (`vs-dark`, `vs`, `hc-black`, `hc-light`). */
  async setTheme(theme: string, bodyClass: string, settings: Record<string, unknown> = {}): Promise<void> {
    this.setSettings({ ...settings, 'workbench.colorTheme': theme });
    await this.page.locator(`.monaco-workbench.${bodyClass}`).waitFor();
  }

  /**
   * Waits until VS Code has stored a webview's tab, which it has by its title, and lets it store nothing more before the
   * window is reloaded. It stores its tabs when its window loses the focus, which it is told here, and again as the window
   * is left, when the extension host may already have ended and taken its tabs along.
   */
  async keepTab(title: string): Promise<void> {
    await this.page.evaluate(loseFocus);
    await this.page.evaluate(untilTabIsStored, title);
    await this.page.evaluate(storeNothing);
  }

  /** Reloads the window and waits until the extension is loaded again. */
  async reload(): Promise<void> {
    this.extensionHost?.forget();
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** Keeps a picture of the window for people to look at, where they are wanted; see `pictureFile`. */
  async keepPicture(name: string): Promise<void> {
    const file = pictureFile(`${name}.png`);
    if (file) await this.page.screenshot({ path: file });
  }

  /** Keeps a picture in each of the four themes; changing them takes seconds, so only where pictures are wanted. */
  async keepPictures(name: string): Promise<void> {
    if (!pictureFile(name)) return;
    for (const [bodyClass, theme] of Object.entries(themes)) {
      await this.setTheme(theme, bodyClass);
      await this.keepPicture(`${name}-${bodyClass}`);
    }
  }

  /** Writes a picture of the window to `out/screenshots/<name>.png` and returns its path. */
  async screenshot(name: string): Promise<string> {
    const file = outFile('screenshots', `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Leaves the page first, as a person would: only then does the server end its extension host and what that trains. */
  async close(): Promise<void> {
    await this.page.goto('about:blank').catch(() => undefined);
    await this.context.close();
  }
}

/** Runs in the page: gives the focused element the event of a paste. */
function paste(text: string) {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
}

/** Runs in the page: tells it that its window has lost the focus. */
function loseFocus() {
  document.hasFocus = () => false;
  // Where a webview has the focus, VS Code has seen its window's own blur before.
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Runs in the page: nothing more is stored, and nothing that is stored is removed, as tabs are of a window that has none left. */
function storeNothing() {
  const count = function (this: IDBObjectStore) {
    return this.count() as IDBRequest;
  };
  Object.assign(IDBObjectStore.prototype, { put: count, delete: count });
}

/** Runs in the page: waits until the tabs that VS Code has stored have a word in them. */
async function untilTabIsStored(word: string) {
  const resultOf = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const isStored = async (name: string) => {
    const database = await resultOf(indexedDB.open(name));
    const stores = Array.from(database.objectStoreNames, (store) => database.transaction(store).objectStore(store));
    const values = await Promise.all(stores.map((store) => resultOf<unknown[]>(store.getAll())));
    database.close();
    const isOfTabs = (value: unknown) => typeof value === 'string' && value.startsWith('{"editorpart.state"');
    return values.flat().some((value) => isOfTabs(value) && String(value).includes(word));
  };
  for (;;) {
    for (const { name } of await indexedDB.databases()) if (await isStored(name!)) return;
    await new Promise(requestAnimationFrame);
  }
}

function remoteUri(server: Server, folder: string) {
  return { $mid: 1, scheme: 'vscode-remote', authority: server.authority, path: folder };
}

/** Runs in every frame: adds the embedder's `developmentOptions` to the workbench's configuration before it is read. */
function developInPage(developmentOptions: object) {
  document.addEventListener('readystatechange', () => {
    const element = document.getElementById('vscode-workbench-web-configuration');
    if (document.readyState !== 'interactive' || !element) return;
    const settings = JSON.parse(element.getAttribute('data-settings') ?? '{}') as object;
    element.setAttribute('data-settings', JSON.stringify({ ...settings, developmentOptions }));
  });
}

import { expect, it } from 'vitest';
import { inView, runCommandTitle, uiTests, untilState } from './uiTest';

declare global {
  interface Window {
    /** The text of the page before its script had run. */
    seenBeforeScript?: string;
  }
}

const ui = uiTests();

it('is the same page after another side bar was shown, and shows how the run stands after a reload', async () => {
  const workbench = await ui.open();
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  const frame = await workbench.webviewFrame('side');
  await frame.evaluate(() => (document.body.dataset['mark'] = 'kept'));
  await workbench.activityBarItem('Search').click();
  await workbench.page.locator('iframe.webview').waitFor({ state: 'hidden' });
  await workbench.showSidePanel();
  await untilState(workbench, 'finished');
  expect(await workbench.webview('side').locator('body').getAttribute('data-mark')).toBe('kept');
  const loss = await inView(workbench, 'loss').innerText();

  await workbench.context.addInitScript(noteStaticPage);
  await workbench.reload();
  await workbench.showSidePanel();
  await untilState(workbench, 'finished');
  const seen = await (await workbench.webviewFrame('side')).parentFrame()!.evaluate(() => window.seenBeforeScript);
  expect(seen).toContain('finished');
  expect(seen).toContain(loss);
  expect(await inView(workbench, 'loss').innerText()).toBe(loss);
  await inView(workbench, 'predictions-table')
    .getByText(/^8,94(7\.\d+|[78])$/)
    .waitFor();
});

/** Runs in the frame that VS Code makes for a page: notes what the page shows before its script has run. */
function noteStaticPage(): void {
  if (window === top) return;
  const look = () => {
    const frame = document.querySelector<HTMLIFrameElement>('#pending-frame, #active-frame');
    const page = frame?.contentDocument?.getElementById('static-page');
    if (page?.textContent) window.seenBeforeScript = page.textContent;
    requestAnimationFrame(look);
  };
  look();
}

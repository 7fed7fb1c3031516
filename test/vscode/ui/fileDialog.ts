import { expect } from 'vitest';
import type { Workbench } from '../editor/workbench';

/**
 * Answers the file dialog of the workbench with a path, and waits until it has gone. A dialog writes what it proposes, and
 * lists the folder, in its own time.
 */
export async function chooseFile({ page }: Workbench, title: string, proposed: RegExp, file: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget:visible', { hasText: title });
  const input = dialog.locator('input.input:visible');
  await dialog.locator('.monaco-list-row').first().waitFor();
  await expect.poll(() => input.inputValue()).toMatch(proposed);
  await expect
    .poll(async () => {
      if ((await input.inputValue()) !== file) await input.fill(file);
      return input.inputValue();
    })
    .toBe(file);
  await dialog.getByRole('button', { name: /^(OK|Save|Predict|Follow)$/ }).click();
  await dialog.waitFor({ state: 'hidden' });
}

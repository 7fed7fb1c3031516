import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { esbuildKernels } from '../../src/engine/kernels/assembly/compile.js';
import { sharedChromium } from '../helpers/chromium';
import { kernelBits } from '../helpers/kernelBits';

/** The function in a form that a page can be given. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: path.resolve(import.meta.dirname, '../..'),
    entryPoints: ['test/helpers/kernelBits.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bundle',
    platform: 'browser',
    target: 'chrome120',
    plugins: [esbuildKernels],
  });
  return outputFiles[0].text;
}

describe('kernels in Chromium', () => {
  it('are the WebAssembly ones and give the same bits as in Node', async () => {
    const browser = await sharedChromium();
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundled() });
    const bits = await page.evaluate<number[]>('bundle.kernelBits()');
    expect(bits.length).toBeGreaterThan(1000);
    expect(bits).toEqual(kernelBits());
    await page.close();
  });
});

/** What is written on canvases, as their context was asked to write it. */
import type { Page } from 'playwright-core';

interface Written {
  text: string;
  /** Pixels of the canvas. */
  box: { left: number; right: number; top: number; bottom: number };
}

declare global {
  interface Window {
    /** The texts on each canvas since it was last cleared. */
    canvasTexts: Map<HTMLCanvasElement, Written[]>;
  }
}

/** From now on `canvasFaults` knows what is written on canvases. */
export async function watchCanvases(page: Page): Promise<void> {
  await page.evaluate(() => {
    const texts = (window.canvasTexts = new Map<HTMLCanvasElement, Written[]>());
    const context = CanvasRenderingContext2D.prototype;
    const { fillText, clearRect } = context;
    context.fillText = function (...written) {
      const [text, x, y] = written;
      const size = this.measureText(text);
      const corners = [
        [x - size.actualBoundingBoxLeft, y - size.actualBoundingBoxAscent],
        [x + size.actualBoundingBoxRight, y + size.actualBoundingBoxDescent],
      ].map(([left, top]) => this.getTransform().transformPoint({ x: left, y: top }));
      const [across, down] = [corners.map((corner) => corner.x), corners.map((corner) => corner.y)];
      const box = {
        left: Math.min(...across),
        right: Math.max(...across),
        top: Math.min(...down),
        bottom: Math.max(...down),
      };
      if (text.trim() !== '') texts.set(this.canvas, [...(texts.get(this.canvas) ?? []), { text, box }]);
      fillText.apply(this, written);
    };
    context.clearRect = function (...part) {
      texts.delete(this.canvas);
      clearRect.apply(this, part);
    };
    for (const side of ['width', 'height'] as const) {
      const own = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, side)!;
      Object.defineProperty(HTMLCanvasElement.prototype, side, {
        ...own,
        set(this: HTMLCanvasElement, pixels: number) {
          texts.delete(this);
          own.set!.call(this, pixels);
        },
      });
    }
  });
}

/** Texts on the canvases in sight that stand on one another, or reach over the edge of their canvas. */
export function canvasFaults(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Array.from(window.canvasTexts).flatMap(([canvas, texts]) => {
      if (!canvas.isConnected || canvas.getBoundingClientRect().width === 0) return [];
      const found = texts
        .filter(
          ({ box }) => box.left < -1 || box.top < -1 || box.right > canvas.width + 1 || box.bottom > canvas.height + 1,
        )
        .map(({ text }) => `${text} is cut by the edge of its canvas`);
      texts.forEach(({ text, box }, i) => {
        for (const other of texts.slice(i + 1)) {
          const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
          const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
          if (width > 0 && height > 0) found.push(`${text} is written on ${other.text}`);
        }
      });
      return found;
    }),
  );
}

/** All texts on the canvas of an element. */
export function canvasWords(page: Page, selector: string): Promise<string[]> {
  return page.evaluate((of) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`${of} canvas`)!;
    return (window.canvasTexts.get(canvas) ?? []).map(({ text }) => text);
  }, selector);
}

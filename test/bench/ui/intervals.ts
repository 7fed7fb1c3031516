import type { Frame } from 'playwright-core';

/** In a page: milliseconds from frame to frame, for a while. */
export async function frameIntervals(): Promise<number[]> {
  const frame = () => new Promise<number>(requestAnimationFrame);
  const intervals: number[] = [];
  let last = await frame();
  while (intervals.length < 180) {
    const next = await frame();
    intervals.push(next - last);
    last = next;
  }
  return intervals;
}

/** Prints the median and the worst of some times. */
export function print(what: string, milliseconds: number[]): void {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  console.log(`  ${what}: median ${median?.toFixed(1)} ms, worst ${worst?.toFixed(1)} ms (${sorted.length} times)`);
}

/** Bytes of JavaScript in the process of a page. */
export function heapOf(frame: Frame): Promise<number> {
  return frame.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
}

/** Bytes in words. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

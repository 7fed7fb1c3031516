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

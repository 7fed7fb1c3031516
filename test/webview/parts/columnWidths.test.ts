import { describe, expect, it } from 'vitest';
import { fitColumns } from '../../../webview/parts/columnWidths';

describe('columns of a table that is wider than its place', () => {
  it('fill the place beside the pinned ones, a screen at a time', () => {
    const { widths, pinned, starts } = fitColumns([40, 60, 80, 60, 70, 70, 50], 2, 300);
    expect(pinned).toBe(2);
    expect(starts).toEqual([2, 4]);
    const room = 300 - 40 - 60;
    expect(widths[2] + widths[3]).toBeCloseTo(room, 9);
    expect(widths[4] + widths[5] + widths[6]).toBeCloseTo(room, 9);
    widths.forEach((width, i) => expect(width).toBeGreaterThanOrEqual([40, 60, 80, 60, 70, 70, 50][i]));
  });

  it('pin only the first one where the others would have less room than they need', () => {
    expect(fitColumns([40, 60, 110], 2, 200)).toMatchObject({ pinned: 1, widths: [40, 160, 160], starts: [1, 2] });
  });

  it('pin only the first one where more would take most of the place, and that one at most 40 % of it', () => {
    expect(fitColumns([200, 80, 90], 2, 200)).toMatchObject({ pinned: 1, widths: [80, 120, 120], starts: [1, 2] });
  });
});

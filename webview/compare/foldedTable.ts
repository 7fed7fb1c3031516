import { formatCount, formatRounded, formatShortest } from '../../src/base/format';
import type { FoldedRuns, Spread } from '../../src/compare/foldedRuns';
import { element } from '../page/dom';

/** A table with a row for each group of runs that differ in nothing but seed or fold: mean and standard deviation of what came out. */
export class FoldedTable {
  readonly element = element('div', { class: 'compare-scroller', attributes: { tabindex: '-1' } });
  private shown = '';

  update(groups: readonly FoldedRuns[]): void {
    this.element.hidden = groups.length === 0;
    const rows = rowsOf(groups);
    const shown = JSON.stringify(rows);
    if (shown === this.shown) return;
    this.shown = shown;
    const [head, ...body] = rows;
    const row = (kind: 'th' | 'td', cells: readonly string[]) =>
      element(
        'tr',
        {},
        ...cells.map((text) => element(kind, kind === 'th' ? { text, attributes: { scope: 'col' } } : { text })),
      );
    this.element.replaceChildren(
      element(
        'table',
        { class: 'compare-table', testId: 'compare-folded', attributes: { 'aria-label': 'Mean over seeds or folds' } },
        element('thead', {}, row('th', head)),
        element('tbody', {}, ...body.map((cells) => row('td', cells))),
      ),
    );
  }
}

/** A head, then a row a group; columns that no group has a number for are left out. */
function rowsOf(groups: readonly FoldedRuns[]): string[][] {
  const keys = [...new Set(groups.flatMap(({ settings }) => Object.keys(settings)))];
  const spreads = (['loss', 'valLoss'] as const).filter((name) => groups.some((group) => group[name].count > 0));
  const titles = { loss: 'Loss, mean ± sd', valLoss: 'Validation loss, mean ± sd' };
  const hasDiverged = groups.some(({ diverged }) => diverged > 0);
  const head = [...keys, 'Runs', ...spreads.map((name) => titles[name]), ...(hasDiverged ? ['Diverged'] : [])];
  const body = groups.map((group) => [
    ...keys.map((key) => {
      const value = group.settings[key];
      return typeof value === 'number' ? formatShortest(value) : String(value ?? '–');
    }),
    formatCount(group.runs.length),
    ...spreads.map((name) => spreadText(group[name])),
    ...(hasDiverged ? [formatCount(group.diverged)] : []),
  ]);
  return [head, ...body];
}

/** `3,894 ± 12`; the mean alone of a single run. */
export function spreadText({ count, mean, sd }: Spread): string {
  if (count === 0) return '–';
  return count === 1 ? formatRounded(mean, 5) : `${formatRounded(mean, 5)} ± ${formatRounded(sd, 2)}`;
}

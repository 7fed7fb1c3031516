import { formatCount, formatPercent, formatShortest } from '../../src/base/format';
import type { ColumnDistribution, ColumnNumbers } from '../../src/protocol/questions';
import { element } from '../page/dom';

const namespace = 'http://www.w3.org/2000/svg';
/** Share of the height that the highest bar takes. */
const tallest = 0.96;

/** The bars of a column, beside the words for assistive technology. `nameOf`: what a value is called. */
export function drawDistribution(
  distribution: ColumnDistribution,
  caption: string,
  nameOf: (value: number) => string,
): HTMLElement[] {
  const { values, edges } = distribution;
  if (values) return [valueTable(distribution, Array.from(values, nameOf), caption)];
  const names = Array.from(
    edges!.subarray(1),
    (upper, bin) => `${tick(edges![bin], edges!)} to ${tick(upper, edges!)}`,
  );
  const table = countTable(distribution, names, caption, 'From … to');
  table.classList.add('visually-hidden');
  return [histogram(distribution, names), axis(edges!), table];
}

/** Training rows as filled bars, validation rows as a dashed outline, both as shares of their rows. */
function histogram(distribution: ColumnDistribution, names: string[]): HTMLElement {
  const [train, validation] = [shares(distribution.train), shares(distribution.validation)];
  const highest = Math.max(...train, ...validation);
  const count = train.length;
  const height = (share: number): number => (share / highest) * tallest;
  const picture = svg('svg', { viewBox: '0 0 1 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  train.forEach((share, bin) => {
    const x = bin / count;
    const bar = { class: 'bar', x, y: 1 - height(share), width: 1 / count, height: height(share) };
    // The hint covers the whole height, so that a low bar has one too.
    const hint = svg('title', {});
    hint.textContent = hintOf(distribution, names[bin], bin);
    const whole = svg('rect', { class: 'bar-hint', x, y: 0, width: 1 / count, height: 1 });
    whole.append(hint);
    picture.append(svg('rect', bar), whole);
  });
  if (distribution.validation.rows > 0) {
    const steps = validation.map((share, bin) => `V${1 - height(share)}H${(bin + 1) / count}`);
    picture.append(svg('path', { class: 'outline', d: `M0 1${steps.join('')}V1` }));
  }
  const top = element('span', { class: 'histogram-top', text: `highest: ${formatPercent(highest)} of rows` });
  return element('div', { class: 'histogram', testId: 'histogram' }, top, picture as unknown as Node);
}

function axis(edges: Float64Array): HTMLElement {
  const last = edges.length - 1;
  const [low, high] = [edges[0], edges[last]];
  const labels = [low, (low + high) / 2, high].map((value) => element('span', { text: tick(value, edges) }));
  return element('div', { class: 'histogram-axis', attributes: { 'aria-hidden': 'true' } }, ...labels);
}

/** A bar a value, beside its name and its counts. */
function valueTable(distribution: ColumnDistribution, names: string[], caption: string): HTMLElement {
  const table = countTable(distribution, names, caption, 'Value');
  const [train, validation] = [shares(distribution.train), shares(distribution.validation)];
  const highest = Math.max(...train, ...validation);
  Array.from(table.tBodies[0].rows).forEach((row, i) => {
    row.cells[1].prepend(shareBar('bar', train[i] / highest));
    if (distribution.validation.rows > 0) row.cells[2].prepend(shareBar('outline', validation[i] / highest));
  });
  return element(
    'div',
    { class: 'value-counts', attributes: { tabindex: '0', role: 'group', 'aria-label': caption } },
    table,
  );
}

function countTable(
  { train, validation }: ColumnDistribution,
  names: string[],
  caption: string,
  first: string,
): HTMLTableElement {
  const hasSplit = validation.rows > 0;
  const titles = [first, hasSplit ? 'Training' : 'Rows', ...(hasSplit ? ['Validation'] : [])];
  const head = element('tr', {}, ...titles.map((text) => element('th', { text, attributes: { scope: 'col' } })));
  const rows = names.map((name, i) => {
    const counts = [train.counts[i], ...(hasSplit ? [validation.counts[i]] : [])];
    const cells = counts.map((count) => element('td', {}, element('span', { text: formatCount(count) })));
    const title = element('th', { text: name, attributes: { scope: 'row', title: name } });
    return element('tr', {}, title, ...cells);
  });
  const table = element('table', { testId: 'column-counts' }, element('caption', { text: caption }));
  table.append(element('thead', {}, head), element('tbody', {}, ...rows));
  return table;
}

function shareBar(kind: 'bar' | 'outline', share: number): HTMLElement {
  const bar = element('span', { class: `share-bar ${kind}`, attributes: { 'aria-hidden': 'true' } });
  bar.style.setProperty('--share', String(share));
  return bar;
}

function hintOf({ train, validation }: ColumnDistribution, name: string, bin: number): string {
  const rows = `${formatCount(train.counts[bin])} training`;
  if (validation.rows === 0) return `${name}: ${formatCount(train.counts[bin])} rows`;
  return `${name}: ${rows}, ${formatCount(validation.counts[bin])} validation rows`;
}

function shares({ counts, rows }: ColumnNumbers): number[] {
  return Array.from(counts, (count) => (rows > 0 ? count / rows : 0));
}

/** Rounded to a tenth of a bin. */
function tick(value: number, edges: Float64Array): string {
  const unit = 10 ** (Math.floor(Math.log10(edges[1] - edges[0])) - 1);
  // What multiplying leaves after the last digit that counts.
  return formatShortest(Number((Math.round(value / unit) * unit).toPrecision(9)));
}

function svg(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

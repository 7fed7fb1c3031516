import { expect, it } from 'vitest';
import { pageHtml } from '../../../src/host/views/pageHtml';
import { staticPage } from '../../../src/host/views/staticPage';
import { staticCurve } from '../../../src/host/views/staticCurve';
import { applyRunEvent, openingRun, restoreSnapshot, type RunState } from '../../../src/protocol/state';
import { tutorialRun } from '../../webview/sampleRuns';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</main></style><style>*{display:none}</style>',
  '{{nonce}} {{scriptUri}} {{staticPage}}',
  '&lt;b&gt; & $& $1 $`',
];

const named = (name: string): RunState => openingRun({ id: 'a', name, startedAt: 0 });
const tutorial = (epochs: number) => restoreSnapshot(tutorialRun(epochs).snapshot);
const template =
  '<meta content="{{nonce}}"><style>{{styles}}</style>{{staticPage}}<script src="{{scriptUri}}"></script>';
const pageOf = (run: RunState | null | undefined) =>
  pageHtml(run, { template, styles: '', scriptUri: 'page.js', cspSource: 'source', place: 'sidePanel' });
const unescaped = (text: string) =>
  text.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]!,
  );
/** All tags, without what stands in attributes. */
const tagsOf = (html: string) => [...html.matchAll(/<(\/?\w+)/g)].map(([, name]) => name);

it.each(hostile)('shows a name, a notice and a problem as text: %s', (text) => {
  const problem = { line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error' as const, message: text };
  const harmless = { ...problem, message: 'harmless' };
  const failed = (name: string, problems: (typeof problem)[]) =>
    applyRunEvent(named(name), { type: 'failed', runId: 'a', problems });
  for (const [run, tame] of [
    [failed(text, [problem]), failed('harmless', [harmless])],
    [
      { ...tutorial(3), notice: text },
      { ...tutorial(3), notice: 'harmless' },
    ],
  ]) {
    const html = pageOf(run);
    expect(tagsOf(html)).toEqual(tagsOf(pageOf(tame)));
    expect(html.replace(/"[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+=/);
    expect(unescaped(html)).toContain(text);
  }
});

it('shows the head as it is', () => {
  const { html } = staticPage({ ...tutorial(740), status: 'paused' }, 'sidePanel');
  for (const words of ['>paused<', '>740 of 2,000 epochs<', '>Resume<', '>tutorial<', '>1e-6<'])
    expect(html).toContain(words);
  expect(html).toContain('value="740"');
});

it('says that it restores runs only while it does not know them', () => {
  expect(pageOf(undefined)).toContain('Restoring…');
  for (const run of [null, named('a')]) expect(pageOf(run)).not.toContain('Restoring');
});

it('gives each page a nonce of its own', () => {
  const nonces = [pageOf(null), pageOf(null)].map((html) => /content="([\da-f]{32})"/.exec(html)?.[1]);
  expect(new Set(nonces).size).toBe(2);
});

const points = (svg: string, path: string) =>
  [...new RegExp(`class="${path}" d="([^"]*)"`).exec(svg)![1].matchAll(/[ML](\S+?) (\S+?)(?=[ML]|$)/g)].map(
    ([, x, y]) => [Number(x), Number(y)],
  );

it('keeps the lowest and the highest loss of a long curve, and stays short', () => {
  const losses = Float64Array.from({ length: 1e6 }, (_, epoch) => 5 + Math.sin(epoch / 1e5));
  losses[123_456] = 9;
  losses[654_321] = 1;
  const { svg } = staticCurve(losses, undefined)!;
  const drawn = points(svg, 'training');
  expect(svg.length).toBeLessThan(20_000);
  const ys = drawn.map(([, y]) => y);
  expect(drawn[ys.indexOf(Math.min(...ys))][0]).toBeCloseTo(123.5, 0);
  expect(drawn[ys.indexOf(Math.max(...ys))][0]).toBeCloseTo(654.3, 0);
});

it('draws a curve over many decades on a logarithmic scale, as a straight line', () => {
  const drawn = points(
    staticCurve(
      Float64Array.from({ length: 11 }, (_, i) => 10 ** (5 - i)),
      undefined,
    )!.svg,
    'training',
  );
  const steps = drawn.slice(1).map(([, y], i) => y - drawn[i][1]);
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(0.3);
});

it.each([[[]], [[NaN]], [[Infinity, NaN]]])('draws nothing of %j', (losses) => {
  expect(staticCurve(Float64Array.from(losses), undefined)).toBeUndefined();
});

it.each([[[0]], [[1]], [[-1, 1]], [[NaN, 2, Infinity, 3]], [[5, 5, 5]], [[1e300, 1e-300]], [[0, 1e9]]])(
  'draws finite numbers only of %j',
  (losses) => {
    const { svg, labelWidth } = staticCurve(Float64Array.from(losses), Float64Array.from(losses))!;
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(labelWidth).toBeGreaterThan(0);
  },
);

import { verdictIcons } from '../../src/advice/headWords';
import { baselineWords, listedMetrics, metricNames, qualityOf } from '../../src/advice/metricWords';
import { judge } from '../../src/advice/verdicts/verdict';
import { formatDistinct } from '../../src/base/format';
import type { RunMetrics } from '../../src/engine/report/metrics';
import type { RunShape } from '../../src/protocol/protocol';
import { isUntrained, shownLoss, type RunState } from '../../src/protocol/state';
import { element, setSentence, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import { describeViewed, type ViewedModel } from '../page/viewedRun';
import { AnswerSource } from '../parts/answerSource';

/** Milliseconds between two looks at all rows while a run trains, at least. */
const interval = 250;

/** How good the model is on one set of rows: its quality, and below it what the baseline reaches. */
function qualityLine(testId: string, name: string) {
  const title = element('dt', { text: name });
  const model = element('dd', { class: 'quality-model', testId });
  const baseline = element('dd', { class: 'quality-baseline', testId: `${testId}-baseline` });
  return { element: element('div', {}, title, model, baseline), title, model, baseline };
}

/** What people came for: how the run stands in one sentence, and how good its model is in the reader's units. */
export class AnswerView {
  private readonly verdictIcon = element('span', { attributes: { 'aria-hidden': 'true' } });
  private readonly verdictText = element('p', {
    testId: 'verdict',
    attributes: {
      title:
        'What can be learned: from always predicting the mean, or else from the first epoch, to the smallest possible loss',
    },
  });
  private readonly verdict = element('div', { class: 'verdict' }, this.verdictIcon, this.verdictText);
  private readonly train = qualityLine('quality', 'Training');
  private readonly validation = qualityLine('validation-quality', 'Validation');
  private readonly quality = element('dl', { class: 'quality' }, this.train.element, this.validation.element);
  private readonly table = element('table', { testId: 'metrics' });
  private readonly all = element(
    'details',
    { class: 'all-metrics', testId: 'all-metrics' },
    element('summary', { text: 'All metrics' }),
    this.table,
  );
  readonly element = element(
    'section',
    { class: 'answer', attributes: { 'aria-label': 'Result' } },
    this.verdict,
    this.quality,
    this.all,
  );
  private readonly source: AnswerSource<{ at?: number }, RunMetrics>;
  private readonly isToJudge = memo();
  private readonly isNew = memo();
  /** What the source was last asked about. */
  private asked: { generation: number; parameters: Float32Array } | undefined;
  /** The last answer, shown until the next one is there. */
  private answered: RunMetrics | undefined;

  constructor(ask: Ask, redraw: () => void) {
    const take = (metrics: RunMetrics | undefined): void => {
      this.answered = metrics;
      redraw();
    };
    this.source = new AnswerSource({
      ask: (query) => ask({ kind: 'metrics', ...query }),
      show: take,
      fail: () => take(undefined),
      interval,
    });
  }

  /** Shows a run and the model that is looked at. @param generation see `Store.generation`. */
  render(run: RunState, model: ViewedModel, generation: number): void {
    const { shape } = run;
    this.element.hidden = !shape;
    if (!shape) return;
    this.renderVerdict(run);
    const metrics = this.metricsOf(run, model, generation);
    // How far off a model is that has diverged says nothing; and nobody answers for a run that trains elsewhere.
    const isNoModel = model.isLive && (isUntrained(run) || run.status === 'diverged');
    const hidden = isNoModel || (run.identity.followed !== undefined && !metrics);
    this.quality.hidden = this.all.hidden = hidden;
    this.element.hidden = hidden && this.verdict.hidden;
    const when = model.isLive ? '' : `, ${describeViewed(model)}`;
    if (hidden || !this.isNew(metrics, shape, when)) return;
    setText(this.train.title, `Training${when}`);
    setText(this.validation.title, `Validation${when}`);
    this.validation.element.hidden = shape.validationRows === 0;
    if (metrics) this.renderMetrics(metrics, shape);
    else for (const line of [this.train, this.validation]) setText(line.model, '–');
  }

  /** Those of the run where it rests; otherwise, and of an earlier model, they are asked for. */
  private metricsOf(run: RunState, model: ViewedModel, generation: number): RunMetrics | undefined {
    if (generation !== this.asked?.generation) {
      this.source.reset();
      this.answered = undefined;
    }
    const own = model.isLive ? run.metrics : undefined;
    if (own) {
      this.source.reset();
      this.answered = own;
    } else if (!(model.isLive && isUntrained(run))) {
      this.source.want(model.isLive ? {} : { at: model.epochs });
      if (model.parameters !== this.asked?.parameters) this.source.invalidate();
    }
    this.asked = { generation, parameters: model.parameters };
    return this.answered;
  }

  private renderVerdict(run: RunState): void {
    const { shape, history, status, divergence, curvature } = run;
    // What is to be said about a divergence stands above.
    this.verdict.hidden = status === 'diverged';
    if (!this.isToJudge(shape, history, history.length, status, divergence, curvature, shownLoss(run))) return;
    const { kind, sentence } = judge(run);
    setSentence(this.verdictText, sentence);
    this.verdict.dataset['kind'] = kind;
    this.verdictIcon.className = `codicon codicon-${verdictIcons[kind]}`;
  }

  private renderMetrics(metrics: RunMetrics, shape: RunShape): void {
    const words = qualityOf(metrics, shape);
    for (const [line, quality] of [
      [this.train, words.train],
      [this.validation, words.validation],
    ] as const) {
      setText(line.model, quality?.model ?? '–');
      setText(line.baseline, quality?.baseline ?? '');
      line.model.title = line.baseline.title = quality?.exact ?? '';
    }
    this.table.replaceChildren(...metricRows(metrics, shape));
  }
}

/** A row a metric, with a column for the model and one for the baseline on each set of rows. */
function metricRows(metrics: RunMetrics, shape: RunShape): HTMLElement[] {
  const always = baselineWords(metrics, shape);
  const sets = metrics.validation ? [metrics.train, metrics.validation] : [metrics.train];
  const titles = ['Metric', 'Training', always, ...(metrics.validation ? ['Validation', always] : [])];
  const head = element('tr', {}, ...titles.map((text) => element('th', { text, attributes: { scope: 'col' } })));
  const rows = listedMetrics(metrics.train).map(({ key }, index) => {
    const { name, hint } = metricNames[key];
    const numbers = sets.flatMap((set) => {
      const { model, baseline } = listedMetrics(set)[index];
      return [model, baseline];
    });
    return element(
      'tr',
      {},
      element('th', { text: name, attributes: { scope: 'row', title: hint } }),
      ...numbers.map((value) => element('td', { text: formatDistinct(value), attributes: { title: String(value) } })),
    );
  });
  return [element('thead', {}, head), element('tbody', {}, ...rows)];
}

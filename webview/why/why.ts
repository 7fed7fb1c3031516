import { formatEstimate, formatMinimum, formatNumber, formatRounded } from '../../src/base/format';
import type { CurvatureReport, RunShape } from '../../src/protocol/protocol';
import { columnName, decayWords, lossUnit } from '../../src/advice/words/curvatureWords';
import { shownLoss, type RunState } from '../../src/protocol/state';
import { formatR2 } from '../../src/advice/metricWords';
import { element, section } from '../page/dom';
import type { Host } from '../page/connectHost';
import type { View } from '../page/store';
import { judge } from '../../src/advice/verdicts/verdict';
import { memo } from '../page/memo';
import { Fixes } from '../head/fixes';
import { linearOf } from '../../src/protocol/outputs';
import type { Ask } from '../page/questions';
import type { ViewedModel } from '../page/viewedRun';
import { NetWhy } from './netWhy';
import { RateGauge } from './rateGauge';

/** Why the run learns or does not: the rate against the limit that the data allow, and what the data cost. */
export class WhyView implements View {
  private readonly section = section('why', 'Why');
  readonly element = this.section.element;
  private readonly gauge = new RateGauge();
  private readonly fixes: Fixes;
  private readonly facts = element('dl', { class: 'facts' });
  private readonly pending = element('p', { class: 'hint', text: 'Working out what the data allow…' });
  private readonly linear: HTMLElement;
  private readonly net: NetWhy;
  private readonly isNew = memo();

  constructor(host: Host, ask: Ask, redraw: () => void) {
    this.fixes = new Fixes(host);
    this.net = new NetWhy(ask, redraw);
    this.linear = element('div', {}, this.gauge.element, this.fixes.element, this.facts, this.pending);
    this.section.body.append(this.linear, this.net.element);
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.net.themeChanged();
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel): void {
    const { shape } = run;
    if (!shape) return;
    const isNet = !linearOf(shape);
    this.linear.hidden = isNet;
    this.net.element.hidden = !isNet;
    if (isNet) this.net.render(run, shape, model);
    else this.renderLinear(run, shape);
  }

  private renderLinear(run: RunState, shape: RunShape): void {
    const { curvature } = run;
    this.pending.hidden = curvature !== undefined;
    this.gauge.element.hidden = curvature === undefined;
    if (!curvature) {
      this.facts.replaceChildren();
      this.fixes.render();
      return;
    }
    const loss = shownLoss(run);
    // Those of a run that has diverged stand beside the message, and what has converged needs none.
    const isOffered = run.status !== 'diverged' && judge(run).kind !== 'converged';
    this.fixes.render(isOffered ? run : undefined);
    if (!this.isNew(curvature, shape, loss, run.status)) return;
    this.gauge.render(curvature, shape);
    this.renderFacts(factsOf(curvature, shape, loss));
  }

  private renderFacts(facts: Fact[]): void {
    this.facts.replaceChildren(
      ...facts.map(({ name, value, hint }) =>
        element(
          'div',
          { class: 'fact', attributes: { title: hint } },
          element('dt', { text: name }),
          element('dd', { text: value }),
        ),
      ),
    );
  }
}

interface Fact {
  name: string;
  value: string;
  hint: string;
}

function factsOf(report: CurvatureReport, shape: RunShape, loss: number): Fact[] {
  return [...fitFacts(report, loss), ...shapeFacts(report, shape)];
}

/** How near the run is to the best that its model can do. */
function fitFacts(report: CurvatureReport, loss: number): Fact[] {
  const { optimum, noOptimum, variance } = report;
  if (!optimum) return noOptimum ? [{ name: 'Smallest loss', value: 'not known', hint: noOptimum }] : [];
  const smallest = {
    name: 'Smallest loss',
    value: optimum.isAttained
      ? formatMinimum(optimum.loss, lossUnit(report))
      : `${formatNumber(optimum.loss)}, never reached`,
    hint: `The exact minimum of the training loss${penaltyWords(report)}: the dashed line in the plot`,
  };
  const facts = optimum.decayed ? [smallest, decayedFact(optimum.decayed.loss, report)] : [smallest];
  if (optimum.penalty) return [...facts, penaltyFact(optimum.penalty)];
  if (variance === undefined || variance === 0 || optimum.r2 === undefined) return facts;
  const reached = 1 - loss / variance;
  const possible = optimum.decayed?.r2 ?? optimum.r2;
  const best = formatR2(possible);
  const hint = 'The share of the targets’ variance that the model explains, of what a linear model can explain';
  const isKnown = Number.isFinite(reached);
  return [
    ...facts,
    isKnown
      ? { name: 'R² reached', value: `${formatR2(reached)} of ${best}`, hint: `${hint}: ${reached} of ${possible}` }
      : {
          name: 'Best possible R²',
          value: best,
          hint: `The share of the targets’ variance that a linear model can explain: ${possible}`,
        },
  ];
}

/** What the minimum is of, and how it was found, where there is a penalty. */
function penaltyWords({ penalty }: CurvatureReport): string {
  if (!penalty) return '';
  return ` with its penalty${penalty.l1 > 0 ? ', found by a proximal Newton method' : ''}`;
}

function penaltyFact({ share, without }: NonNullable<NonNullable<CurvatureReport['optimum']>['penalty']>): Fact {
  const known = without === undefined ? '' : `; without a penalty the smallest loss is ${formatNumber(without)}`;
  return { name: 'Of that, penalty', value: formatNumber(share), hint: `What the penalty is at the minimum${known}` };
}

function decayedFact(loss: number, report: CurvatureReport): Fact {
  const hint = `Where weight decay and the loss hold each other, which is where training goes: ${decayWords(report) ?? 'nearly the same'}`;
  return { name: 'With weight decay', value: formatNumber(loss), hint };
}

/** What the shape of the loss costs. */
function shapeFacts({ hessian, slowest }: CurvatureReport, shape: RunShape): Fact[] {
  const facts: Fact[] = [];
  if (hessian) {
    const bound = hessian.isExact ? '' : ' of a bound';
    facts.push({
      name: 'Condition number',
      value: `${formatRounded(hessian.condition)}${bound}`,
      hint: `Largest by smallest curvature of the loss (${formatNumber(hessian.lambdaMax)} and ${formatNumber(hessian.lambdaMin)}): how many times slower the flattest direction is than the steepest`,
    });
  }
  if (slowest) {
    const least = slowest.isAtLeast ? 'at least ' : '';
    const epochs = Number.isFinite(slowest.epochs) ? `${least}${formatEstimate(slowest.epochs, 'epoch')}` : 'for ever';
    facts.push({
      name: 'Slowest direction',
      value: `${columnName(shape, slowest.parameter)}: ${epochs}`,
      hint: 'The parameter with the largest share in the flattest direction, and the epochs in which its distance from the minimum shrinks to a third (by the factor e)',
    });
  }
  if (hessian?.dependent && hessian.dependent.length > 0) {
    const names = hessian.dependent.slice(0, 3).map((column) => columnName(shape, column));
    const more = hessian.dependent.length > 3 ? ` and ${hessian.dependent.length - 3} more` : '';
    facts.push({
      name: 'Dependent columns',
      value: names.join(', ') + more,
      hint: 'Columns that are constant or follow from the others: many weights give the same predictions, and the exact solution is the smallest of them',
    });
  }
  return facts;
}

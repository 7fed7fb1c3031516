import { formatCount, formatNumber, formatQuantity } from '../../src/base/format';
import { linearOf, outputNames } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import type { BatchAccount, BatchQuery } from '../../src/protocol/questions';
import { hasFinished, type RunState } from '../../src/protocol/state';
import { element, section, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import { AnswerSource } from '../parts/answerSource';
import { formulaOf } from './formula';
import { FollowedChoice, mostRows } from './followedChoice';
import { NetChoice } from './netChoice';
import { netLines } from './netLines';
import { stepLines, type Line } from './stepLines';

/** Batches a second up to which an account can be read before the next one comes. */
const readableSpeed = 10;
/** Milliseconds from one account to the next: numbers that change more often cannot be read. */
const refreshInterval = 250;

/** The last batch's arithmetic with its numbers in, and beside each line what does it in PyTorch. */
export class StepView implements View {
  private readonly section = section('step', 'One step');
  readonly element = this.section.element;
  private readonly hint = element('p', { class: 'hint', testId: 'step-hint' });
  private readonly caption = element('p', { class: 'step-caption', testId: 'step-caption' });
  private readonly list = element('ol', {
    class: 'step-lines',
    testId: 'step-lines',
    attributes: { 'aria-label': 'Arithmetic of the last batch' },
  });
  private readonly choice: FollowedChoice;
  /** Takes the place of the other one for a net. */
  private readonly netChoice: NetChoice;
  private readonly source: AnswerSource<BatchQuery, BatchAccount | null>;
  private readonly expanded = new Set<string>();
  private readonly isNewSnapshot = memo();
  private readonly isNew = memo();
  private checkpoint: unknown;
  private account: BatchAccount | null | undefined;
  private problem = '';

  constructor(
    ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.choice = new FollowedChoice(redraw);
    this.netChoice = new NetChoice(redraw);
    this.source = new AnswerSource({
      interval: refreshInterval,
      ask: (query) => ask({ kind: 'batch', query }),
      show: (account) => this.take(account),
      fail: (message) => this.fail(message),
    });
    this.section.tools.append(this.choice.element, this.netChoice.element);
    this.section.body.append(this.hint, this.caption, this.list);
  }

  /** See `View`. */
  render(run: RunState, _: ViewedModel, generation: number): void {
    const { shape } = run;
    if (!shape) return;
    if (this.isNewSnapshot(generation)) this.begin();
    const isReadable = run.status !== 'running' || (run.batchesPerSecond ?? Infinity) <= readableSpeed;
    if (!isReadable) this.checkpoint = undefined;
    else if (run.checkpoint !== this.checkpoint) {
      this.checkpoint = run.checkpoint;
      this.source.invalidate();
      this.source.want({ rows: mostRows });
    }
    const account = isReadable ? this.account : undefined;
    const words = isReadable ? this.words(run) : 'Pause, or Step, to see the arithmetic of one batch.';
    setText(this.hint, words);
    this.hint.hidden = words === '';
    for (const part of [this.caption, this.list]) part.hidden = !account;
    this.choice.element.hidden = !account || !linearOf(shape);
    this.netChoice.element.hidden = !account || linearOf(shape) !== undefined;
    if (account) this.draw(account, shape);
  }

  /** Follows the way through a unit of a net. */
  follow(layer: number, unit: number): void {
    this.netChoice.follow(layer, unit);
  }

  private begin(): void {
    this.source.reset();
    this.checkpoint = undefined;
    this.account = undefined;
    this.problem = '';
  }

  private words({ status, checkpoint }: RunState): string {
    if (this.problem) return this.problem;
    if (this.account === undefined) return '';
    if (this.account) return notFiniteWords[this.account.notFinite ?? ''] ?? '';
    if (hasFinished(status) || status === 'stopped' || status === 'diverged') {
      return 'The numbers of the last batch are not kept with a run that has ended.';
    }
    return checkpoint.epoch + checkpoint.batch === 0
      ? 'Step trains one batch, and shows its arithmetic here.'
      : 'Step trains the next batch, and shows its arithmetic here.';
  }

  private draw(account: BatchAccount, shape: RunShape): void {
    const choice = linearOf(shape) ? this.choice : this.netChoice;
    choice.render(shape, account.rows.length);
    const { followed } = choice;
    if (!this.isNew(account, shape, JSON.stringify(followed), [...this.expanded].join())) return;
    const lines = 'units' in followed ? netLines(account, shape, followed) : stepLines(account, shape, followed);
    setText(this.caption, captionOf(account, shape, followed.row));
    const focused = document.activeElement?.closest<HTMLElement>('[data-line]')?.dataset['line'];
    this.list.replaceChildren(...lines.map((line, at) => this.lineOf(line, `${at} ${line.name}`)));
    if (focused) this.list.querySelector<HTMLElement>(`[data-line='${focused}'] button`)?.focus();
  }

  private lineOf(line: Line, key: string): HTMLElement {
    const toggle = (): void => {
      if (!this.expanded.delete(key)) this.expanded.add(key);
      this.redraw();
    };
    const silent = (name: string, text: string): HTMLElement =>
      element('span', { class: name, text, attributes: { 'aria-hidden': 'true' } });
    const numbers = formulaOf(line.numbers, { expanded: this.expanded.has(key), toggle });
    const sentence = `${line.spoken}, is ${formatNumber(line.value)}.`;
    const code = line.code.length > 0 ? ` In PyTorch: ${line.code.join('; ')}.` : '';
    const made = element(
      'li',
      { class: 'step-line', attributes: { 'data-line': key } },
      element('span', { class: 'visually-hidden', text: sentence + code }),
      silent('line-name', line.name),
      silent('line-left', line.left),
      silent('line-formula', `${line.sign} ${line.formula}`),
      element('span', { class: 'line-numbers' }, silent('', '= '), ...numbers),
      silent('line-value', `= ${formatNumber(line.value).replace(/^-/, '−')}`),
    );
    if (line.code.length > 0) made.append(silent('line-code', line.code.join('\n')));
    return made;
  }

  private take(account: BatchAccount | null): void {
    this.account = account;
    this.problem = '';
    this.redraw();
  }

  private fail(message: string): void {
    this.account = undefined;
    this.problem = message;
    this.redraw();
  }
}

const notFiniteWords: Record<string, string> = {
  loss: 'The loss of this batch is not finite, so no step was made.',
  parameter: 'This step would lead to a number that is not finite, so it was not made.',
};

function captionOf({ epoch, batch, rows, batchRows }: BatchAccount, shape: RunShape, followed: number): string {
  const where = `Epoch ${formatCount(epoch + 1)}, batch ${formatCount(batch + 1)} of ${formatCount(shape.batchesPerEpoch)}`;
  const numbers = Array.from(rows, (row) => formatCount(row + 1)).join(', ');
  const which = batchRows === 1 ? `row ${numbers}` : `rows ${numbers}${batchRows > rows.length ? ', …' : ''}`;
  const many =
    batchRows === 1 ? '' : ` (${formatQuantity(batchRows, 'row')}); followed: row ${formatCount(rows[followed] + 1)}`;
  const scaled = shape.scaling ? ' Numbers are scaled, as they are trained on.' : '';
  const outputs = outputNames(shape).length > 1 ? ` ${formatQuantity(outputNames(shape).length, 'output')} a row.` : '';
  return `${where}: ${which}${many}.${outputs}${scaled}`;
}

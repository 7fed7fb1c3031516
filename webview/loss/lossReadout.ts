import { formatCount, formatNumber } from '../../src/base/format';
import { shownMinimum } from '../../src/advice/headWords';
import type { RunState } from '../../src/protocol/state';
import type { ExactEpochs } from '../page/exactEpochs';
import { element, setText } from '../page/dom';
import { floorDash } from './lossMarks';
import { overlaidLoss, validationDash, type Overlay } from './lossOverlays';

/** The curve's legend, with the exact values of one epoch in it. */
export class LossReadout {
  private readonly epoch = element('span', { class: 'readout-epoch' });
  private readonly training = entry('training', 'Epoch average', []);
  private readonly validation = entry('validation', 'Validation', validationDash);
  private readonly floor = entry('floor', 'Exact minimum', floorDash);
  private overlays: { overlay: Overlay; element: HTMLElement; value: HTMLElement }[] = [];
  readonly element = element(
    'div',
    { class: 'readout', testId: 'loss-readout', attributes: { 'aria-live': 'off', 'aria-atomic': 'true' } },
    this.epoch,
    this.training.element,
    this.validation.element,
    this.floor.element,
  );

  constructor(private readonly exact: ExactEpochs) {}

  /** Curves besides the run's own; `render` fills in their values. */
  setOverlays(overlays: readonly Overlay[]): void {
    for (const { element } of this.overlays) element.remove();
    this.overlays = overlays.map((overlay) => ({ overlay, ...entry(overlay.key, overlay.name, overlay.dash) }));
    this.element.append(...this.overlays.map(({ element }) => element));
  }

  /** What it says of the epoch: its number, then a line a curve. */
  get lines(): string[] {
    const entries = [this.training, this.validation, ...this.overlays].filter(({ element }) => !element.hidden);
    return [this.epoch, ...entries.map(({ element }) => element)].map(({ textContent }) => textContent);
  }

  /** Shows the values of an epoch, of none where it is negative; spoken where the keyboard chose it. */
  render(run: RunState, epoch: number, { live, marked }: { live: boolean; marked: boolean }): void {
    const politeness = live ? 'polite' : 'off';
    if (this.element.getAttribute('aria-live') !== politeness) this.element.setAttribute('aria-live', politeness);
    this.element.toggleAttribute('data-marked', marked);
    const none = run.history.length > 0 ? 'Before training' : 'No epoch yet';
    setText(this.epoch, epoch < 0 ? none : `Epoch ${formatCount(epoch + 1)}`);
    const { history } = run;
    const value = (column: 'loss' | 'valLoss'): string => {
      if (epoch < 0) return '';
      return epoch < history.length ? this.exact.text(history, column, epoch) : 'not finite';
    };
    setText(this.training.value, value('loss'));
    this.validation.element.hidden = !run.shape || run.shape.validationRows === 0;
    if (!this.validation.element.hidden) setText(this.validation.value, value('valLoss'));
    const floor = run.curvature?.optimum?.loss;
    this.floor.element.hidden = floor === undefined;
    if (floor !== undefined) setText(this.floor.value, shownMinimum(floor, run));
    for (const { overlay, value: shown } of this.overlays) setText(shown, overlayValue(overlaidLoss(overlay, epoch)));
  }
}

function overlayValue(loss: number | undefined): string {
  return loss === undefined ? '–' : formatNumber(loss);
}

function entry(name: string, title: string, dash: number[]): { element: HTMLElement; value: HTMLElement } {
  const value = element('span', { class: 'readout-value', testId: `readout-${name}` });
  return {
    element: element('span', { class: `readout-entry ${name}` }, swatch(dash), `${title} `, value),
    value,
  };
}

function swatch(dash: number[]): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(namespace, 'svg');
  const line = document.createElementNS(namespace, 'line');
  for (const [name, value] of Object.entries({ width: '20', height: '8', 'aria-hidden': 'true' })) {
    picture.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({
    x1: '0',
    x2: '20',
    y1: '4',
    y2: '4',
    'stroke-dasharray': dash.join(' '),
  })) {
    line.setAttribute(name, value);
  }
  picture.append(line);
  return picture;
}

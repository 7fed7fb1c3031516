import { formatMinimum, formatNumber, formatRounded } from '../../src/base/format';
import type { LossPlane } from '../../src/engine/report/lossPlane';
import { element, setText } from '../page/dom';
import { isInView, lossAt } from './landscapeGrid';
import { markShapes, type MarkKind } from './landscapeMarks';
import { axisName } from './landscapeWords';

/** The landscape's legend, with the coordinates and the loss of one point. */
export class LandscapeReadout {
  private readonly point = element('span', {
    class: 'landscape-point',
    testId: 'landscape-readout',
    attributes: { 'aria-live': 'off', 'aria-atomic': 'true' },
  });
  private readonly minimum = entry('minimum', 'Minimum');
  readonly element = element(
    'div',
    { class: 'readout landscape-readout' },
    this.point,
    element('span', { class: 'landscape-legend' }, entry('start', 'Start'), entry('position', 'Now'), this.minimum),
  );

  /** Shows a point; spoken where the keyboard chose it. `word` says which one it is, `scale` what losses are measured by. */
  render(plane: LossPlane, { a, b }: { a: number; b: number }, word: string, scale: number, isSpoken: boolean): void {
    const politeness = isSpoken ? 'polite' : 'off';
    if (this.point.getAttribute('aria-live') !== politeness) this.point.setAttribute('aria-live', politeness);
    const [first, second] = plane.axes.map(axisName);
    const places = second
      ? [`${first} ${formatRounded(a, 5)}`, `${second} ${formatRounded(b, 5)}`]
      : [`${first} ${formatRounded(a, 5)}`];
    const { minimum } = plane;
    const isMinimum = minimum !== undefined && minimum.a === a && minimum.b === b;
    const loss = isMinimum ? formatMinimum(minimum.loss, scale) : formatNumber(lossAt(plane, a, b));
    const height = isInView(plane, a, b) ? `loss ${loss}` : 'out of view';
    setText(this.point, [...(word ? [word] : []), ...places, height].join(' · '));
    this.minimum.hidden = minimum === undefined;
  }
}

function entry(kind: MarkKind, title: string): HTMLElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(namespace, 'svg');
  picture.setAttribute('class', `landscape-mark ${kind}`);
  picture.setAttribute('viewBox', '-7 -7 14 14');
  picture.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(namespace, 'path');
  shape.setAttribute('d', markShapes[kind]);
  picture.append(shape);
  return element('span', { class: 'readout-entry' }, picture, title);
}

import type { CurvatureReport, RunShape } from '../../src/run/protocol';
import { element, setText } from '../dom';
import { formatCount, formatShortest } from '../format';

/** Shares of the limit at the two ends of the scale, which is logarithmic. */
const lowest = 1e-4;
const highest = 100;
const ticks = [
  { share: 1e-4, text: '0.01 %' },
  { share: 1e-2, text: '1 %' },
  { share: 1, text: 'limit' },
  { share: 100, text: '100 ×' },
];

/** The rate on a scale whose end of safety is the limit that the data allow. */
export class RateGauge {
  private readonly words = element('p', { class: 'gauge-words', testId: 'gauge' });
  private readonly needle = element('div', { class: 'gauge-needle' });
  private readonly scale = element(
    'div',
    { class: 'gauge-scale', attributes: { role: 'meter', 'aria-label': 'Learning rate as a share of its limit' } },
    element('div', { class: 'gauge-safe' }),
    element('div', { class: 'gauge-unsafe' }),
    this.needle,
  );
  private readonly marks = element(
    'div',
    { class: 'gauge-ticks', attributes: { 'aria-hidden': 'true' } },
    ...ticks.map(({ share, text }) => {
      const mark = element('span', { text });
      mark.style.setProperty('--at', String(place(share)));
      return mark;
    }),
  );
  readonly element = element('div', { class: 'gauge' }, this.words, this.scale, this.marks);

  constructor() {
    this.scale.style.setProperty('--limit', String(place(1)));
  }

  /** Shows the rate of the run's config. */
  render({ limit, lr }: CurvatureReport, shape: RunShape): void {
    const { rate } = limit;
    this.scale.hidden = rate === undefined;
    this.marks.hidden = rate === undefined;
    if (rate === undefined) {
      setText(this.words, `lr ${formatShortest(lr)}: no limit is known. ${limit.reason ?? ''}`);
      return;
    }
    const share = lr / rate;
    this.scale.dataset['over'] = String(share > 1);
    this.needle.style.setProperty('--at', String(place(share)));
    const sentence = `lr ${formatShortest(lr)} is ${formatShare(share)} the ${accuracyWord(limit.accuracy)}limit ${formatShortest(Number(rate.toPrecision(3)))}${forBatches(limit, shape)}`;
    setText(this.words, sentence);
    this.scale.setAttribute('aria-valuemin', '0');
    this.scale.setAttribute('aria-valuemax', String(highest));
    this.scale.setAttribute('aria-valuenow', String(Math.min(highest, share)));
    this.scale.setAttribute('aria-valuetext', sentence);
  }
}

/** `82 % of`, `8.2 times`. */
export function formatShare(share: number): string {
  if (share > 1)
    return `${share < 1.1 ? Number(share.toPrecision(4)) : formatShortest(Number(share.toPrecision(2)))} times`;
  const percent = share * 100;
  return `${formatShortest(Number(percent.toPrecision(percent > 99 ? 4 : 2)))} % of`;
}

function accuracyWord(accuracy: CurvatureReport['limit']['accuracy']): string {
  return { exact: '', safe: 'safe ', estimate: 'estimated ' }[accuracy];
}

function forBatches({ batchRows, worstRow }: CurvatureReport['limit'], { trainRows }: RunShape): string {
  if (batchRows === 1 && trainRows > 1)
    return ` for batches of one row; row ${formatCount(worstRow + 1)} is the steepest`;
  return batchRows < trainRows ? ` for batches of ${formatCount(batchRows)} rows` : '';
}

/** From 0 at the lowest share to 1 at the highest. */
function place(share: number): number {
  const at = Math.log(share / lowest) / Math.log(highest / lowest);
  return Math.max(0, Math.min(1, at));
}

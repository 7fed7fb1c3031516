import { formatShortest } from '../../src/base/format';
import type { CurvatureReport, RunShape } from '../../src/protocol/protocol';
import { limitMeaning, rateSentence } from '../../src/advice/words/curvatureWords';
import { element, setSentence, setText } from '../page/dom';

/** Shares of the limit at the two ends of the scale, which is logarithmic. */
const lowest = 1e-3;
const highest = 100;
const ticks = [
  { share: 0.01, text: '0.01 ×' },
  { share: 0.1, text: '0.1 ×' },
  { share: 1, text: 'limit' },
  { share: 10, text: '10 ×' },
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
  render(report: CurvatureReport, { trainRows }: RunShape): void {
    const { limit, lr } = report;
    const { rate } = limit;
    this.scale.hidden = rate === undefined;
    this.marks.hidden = rate === undefined;
    if (rate === undefined) {
      setText(this.words, `lr ${formatShortest(lr)}: no limit is known. ${limit.reason ?? ''}`);
      return;
    }
    const share = lr / rate;
    const sentence = rateSentence(report, trainRows)! + (share > 1 ? limitMeaning(report, trainRows) : '');
    this.scale.dataset['over'] = String(share > 1);
    this.needle.style.setProperty('--at', String(place(share)));
    setSentence(this.words, sentence);
    this.scale.setAttribute('aria-valuemin', '0');
    this.scale.setAttribute('aria-valuemax', String(highest));
    this.scale.setAttribute('aria-valuenow', String(Math.min(highest, share)));
    this.scale.setAttribute('aria-valuetext', sentence);
  }
}

/** From 0 at the lowest share to 1 at the highest. */
function place(share: number): number {
  const at = Math.log(share / lowest) / Math.log(highest / lowest);
  return Math.max(0, Math.min(1, at));
}

import { formatCount } from '../../src/base/format';
import type { CompareUpdate, SweepAction, SweepProgress } from '../../src/compare/messages';
import { element, setText } from '../page/dom';
import { createButton, labelButton } from '../page/toolkit';

/** How far the sweep is whose runs are compared, and the buttons for all of its members. */
export class SweepBar {
  readonly element: HTMLElement;
  private status: SweepProgress['status'] | undefined;
  private readonly words = element('span', { testId: 'sweep-progress', attributes: { role: 'status' } });
  private readonly rest = createButton({
    appearance: 'primary',
    label: 'Pause all members of the sweep',
    text: 'Pause',
    testId: 'sweep-pause',
    onClick: () => this.act(this.status === 'paused' ? 'resume' : 'pause'),
  });
  private readonly end = createButton({
    appearance: 'secondary',
    label: 'Stop all members of the sweep; what they reached is kept',
    text: 'Stop',
    testId: 'sweep-stop',
    onClick: () => this.act('stop'),
  });

  constructor(private readonly act: (action: SweepAction) => void) {
    this.element = element('div', { class: 'compare-tools' }, this.words, this.rest, this.end);
    this.element.hidden = true;
  }

  update({ sweep, chosen, ids }: Pick<CompareUpdate, 'sweep' | 'chosen' | 'ids'>): void {
    const missing = chosen.length - ids.length;
    const isLive = sweep !== undefined && sweep.status !== 'ended';
    this.status = sweep?.status;
    this.element.hidden = !isLive && missing === 0;
    this.rest.hidden = this.end.hidden = !isLive;
    const isPaused = sweep?.status === 'paused';
    setText(this.rest.querySelector('.button-text')!, isPaused ? 'Resume' : 'Pause');
    labelButton(this.rest, `${isPaused ? 'Resume' : 'Pause'} all members of the sweep`);
    const gone = `${formatCount(missing)} of ${formatCount(chosen.length)} runs never began or were removed.`;
    const word = isPaused ? 'Sweep paused' : 'Sweep';
    const done = sweep && `${word}: ${formatCount(sweep.ended)} of ${formatCount(sweep.members)} members done`;
    setText(this.words, isLive ? done! : gone);
  }
}

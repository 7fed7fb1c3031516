import { headNumbers, type HeadNumber } from '../../src/advice/headWords';
import { shownLoss, type RunState } from '../../src/protocol/state';
import { element, setText } from '../page/dom';
import type { Host } from '../page/connectHost';
import { SpeedControl } from './speed';

const hints: Record<HeadNumber['key'], string> = {
  loss: 'Over all training rows while paused or finished; while running, the average of the last epoch’s batches',
  'validation-loss': 'Over the rows held out',
  lr: 'Learning rate',
  elapsed: 'Time spent training',
  left: 'Time to the last epoch at this pace',
};

/** The numbers of a run, each under its name. */
export class Statistics {
  readonly element = element('dl', { class: 'statistics' });
  private readonly values = new Map(
    Object.entries(hints).map(([key, hint]) => [key, this.add(key, hint)] as [HeadNumber['key'], HTMLElement]),
  );
  private readonly speed: SpeedControl;
  /** Hidden where the speed cannot be set: of a run that trains elsewhere. */
  private readonly speedLine: HTMLElement;

  constructor(host: Host) {
    this.speed = new SpeedControl(host);
    const speed = this.add('speed-value', 'Batches a second');
    this.speedLine = speed.parentElement!;
    setText(speed.previousElementSibling!, 'Speed');
    speed.append(this.speed.element);
  }

  /** Shows the numbers of a run that has opened. */
  render(run: RunState): void {
    this.element.hidden = !run.shape;
    if (!run.shape) return;
    this.speed.render(run.batchesPerSecond);
    this.speedLine.hidden = run.identity.followed !== undefined;
    const numbers = headNumbers(run);
    for (const [key, value] of this.values) {
      const number = numbers.find((each) => each.key === key);
      value.parentElement!.hidden = !number;
      if (!number) continue;
      setText(value.previousElementSibling!, number.name);
      setText(value, number.value);
    }
    this.values.get('loss')!.dataset['value'] = String(shownLoss(run));
  }

  private add(testId: string, hint: string): HTMLElement {
    const value = element('dd', { testId });
    this.element.append(element('div', { class: 'statistic', attributes: { title: hint } }, element('dt'), value));
    return value;
  }
}

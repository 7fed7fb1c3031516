import { formatDuration, formatNumber, formatRounded } from '../../src/format';
import { isLive, lastEpochs, secondsLeft, shownLoss, type RunState } from '../../src/run/state';
import { element, setText } from '../dom';
import type { Host } from '../connectHost';
import { SpeedControl } from './speed';

/** The numbers of a run, each under its name. */
export class Statistics {
  readonly element = element('dl', { class: 'statistics' });
  private readonly loss = this.add(
    'Loss',
    'loss',
    'Over all training rows where training stands still, else the last epoch’s',
  );
  private readonly validation = this.add('Validation loss', 'validation-loss', 'Over the rows held out');
  private readonly rate = this.add('lr', 'lr', 'Learning rate');
  private readonly elapsed = this.add('Elapsed', 'elapsed', 'Time spent training');
  private readonly left = this.add('Left', 'left', 'Time to the last epoch at this pace');
  private readonly speed: SpeedControl;

  constructor(host: Host) {
    this.speed = new SpeedControl(host);
    this.add('Speed', 'speed-value', 'Batches a second').append(this.speed.element);
  }

  /** Shows the numbers of a run that has opened. */
  render(run: RunState): void {
    this.element.hidden = !run.shape;
    if (!run.shape) return;
    this.speed.render(run.batchesPerSecond);
    const loss = shownLoss(run);
    // The curve beside it shows what the epochs' batches had while the parameters still moved.
    setText(this.loss.previousElementSibling!, Number.isNaN(run.trainLoss) ? 'Loss' : 'Loss, all rows');
    setText(this.loss, formatKnown(loss));
    this.loss.dataset['value'] = String(loss);
    this.validation.parentElement!.hidden = run.shape.validationRows === 0;
    setText(this.validation, formatKnown(shownValidationLoss(run)));
    const lastRate = lastEpochs(run, 'lr');
    const rate = Number.isNaN(lastRate) ? run.shape.lr : lastRate;
    // A scheduler's products end in digits that mean nothing.
    setText(this.rate, formatRounded(rate, 6));
    setText(this.elapsed, formatDuration(run.seconds));
    const left = isLive(run.status) ? timeLeft(run) : undefined;
    this.left.parentElement!.hidden = !isLive(run.status);
    setText(this.left, left === undefined ? '–' : formatDuration(left));
  }

  private add(name: string, testId: string, hint: string): HTMLElement {
    const value = element('dd', { testId });
    const title = element('dt', { text: name });
    this.element.append(element('div', { class: 'statistic', attributes: { title: hint } }, title, value));
    return value;
  }
}

function formatKnown(value: number): string {
  return Number.isNaN(value) ? '–' : formatNumber(value);
}

function shownValidationLoss(run: RunState): number {
  return Number.isNaN(run.validationLoss) ? lastEpochs(run, 'valLoss') : run.validationLoss;
}

/** At a speed that a person has set, it is that speed and not the computer's that counts. */
function timeLeft(run: RunState): number | undefined {
  const { shape, checkpoint, batchesPerSecond } = run;
  const computing = secondsLeft(run);
  if (!shape || batchesPerSecond === null) return computing;
  const batches = (shape.epochs - checkpoint.epoch) * shape.batchesPerEpoch - checkpoint.batch;
  return Math.max(computing ?? 0, batches / batchesPerSecond);
}

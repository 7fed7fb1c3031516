import { formatNumber, formatPercent, formatQuantity } from '../../src/base/format';
import type { Problem } from '../../src/base/problem';
import { isLive, runName, shownLoss, trainedEpochs, type RunState } from '../../src/protocol/state';
import type { RunStatus } from '../../src/protocol/protocol';
import { element } from '../page/dom';
import { obstacleWords, statusWord } from '../../src/advice/headWords';
import { divergenceWords } from '../head/notice';

const milestones = [0.75, 0.5, 0.25];

/** Announces milestones to a screen reader, and nothing in between. */
export class Announcer {
  private readonly polite = element('div', { attributes: { role: 'status' }, testId: 'announcement' });
  private readonly urgent = element('div', { attributes: { role: 'alert' }, testId: 'alert' });
  readonly element = element('div', { class: 'visually-hidden' }, this.polite, this.urgent);
  private runId = '';
  private status: RunStatus | undefined;
  private reached = 0;

  /** Looks at the run, and speaks where something has happened to it since the last look. */
  render(run: RunState): void {
    const first = run.identity.id !== this.runId;
    // A run that was there already when the page came up, or that a person looks up again, is no news.
    if (first) {
      const isNews = run.status === 'opening' || (this.runId !== '' && isLive(run.status));
      this.runId = run.identity.id;
      this.status = isNews ? undefined : run.status;
      this.reached = isNews ? 0 : milestone(run);
    }
    if (run.status !== this.status) this.statusChanged(run);
    else if (run.status === 'running') this.progressed(run);
    this.status = run.status;
    this.reached = Math.max(this.reached, milestone(run));
  }

  private statusChanged(run: RunState): void {
    const loss = `loss ${formatNumber(shownLoss(run))}`;
    const epochs = `after ${formatQuantity(trainedEpochs(run), 'epoch')}`;
    if (isLive(run.status)) this.urgent.textContent = '';
    switch (run.status) {
      case 'running':
        this.polite.textContent = this.status === 'paused' ? 'Training resumed' : `Training started: ${runName(run)}`;
        return;
      case 'paused':
        this.polite.textContent = `Paused ${epochs}, ${loss}`;
        return;
      case 'finished':
      case 'early_stopped':
      case 'stopped':
        this.polite.textContent = `Training ${statusWord(run.status)} ${epochs}, ${loss}`;
        return;
      case 'diverged':
        this.urgent.textContent = divergenceWords(run);
        return;
      case 'failed':
        this.urgent.textContent = `${obstacleWords(run.problems)}. ${run.problems.find(isError)?.message ?? ''}`;
        return;
      case 'opening':
      case 'ready':
        return;
    }
  }

  private progressed(run: RunState): void {
    const now = milestone(run);
    if (now <= this.reached) return;
    this.polite.textContent = `${formatPercent(now)} of ${formatQuantity(run.shape?.epochs ?? 0, 'epoch')}, loss ${formatNumber(shownLoss(run))}`;
  }
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function milestone(run: RunState): number {
  const share = run.shape ? run.checkpoint.epoch / run.shape.epochs : 0;
  return milestones.find((each) => share >= each) ?? 0;
}

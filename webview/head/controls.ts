import type { RunStatus, ViewAction } from '../../src/protocol/protocol';
import { batchBefore, canResume, isLive, type RunState } from '../../src/protocol/state';
import { element, setText } from '../page/dom';
import type { Host } from '../page/connectHost';
import type { IconName } from '../page/icons';
import { createButton, labelButton, type Button } from '../page/toolkit';

/** What the main button does while a run has a status. */
interface MainAction {
  text: string;
  /** Where the text does not say all. */
  label?: string;
  icon: IconName;
  action: ViewAction;
  testId: string;
}

const run: MainAction = { text: 'Run', icon: 'play', action: 'resume', testId: 'run-button' };
const again: MainAction = {
  ...run,
  text: 'Run Again',
  label: 'Run Again: the config as it is now',
  action: 'runAgain',
};
const mainActions: Record<RunStatus, MainAction> = {
  opening: run,
  ready: run,
  running: { text: 'Pause', icon: 'debug-pause', action: 'pause', testId: 'pause-button' },
  paused: { ...run, text: 'Resume' },
  finished: again,
  early_stopped: again,
  stopped: again,
  diverged: again,
  // Reads the config anew, which a person may have mended meanwhile.
  failed: again,
};

const pausingText = 'Pausing…';
const stoppingText = 'Stopping…';
const stopLabel = 'Stop: end the run and keep what it learned';
/** Milliseconds after which a click is taken to have been lost: the button can be clicked again. */
const patience = 5000;

/** The buttons that drive a run. Those that cannot act now are disabled. */
export class Controls {
  readonly element = element('div', { class: 'controls', attributes: { role: 'toolbar', 'aria-label': 'Training' } });
  private readonly main: Button;
  private readonly stepBack: Button;
  private readonly step: Button;
  private readonly stepEpoch: Button;
  private readonly restart: Button;
  private readonly stop: Button;
  private mainAction: MainAction = run;
  private state = '';
  private shown: RunState | undefined;
  /** Where Step Back goes. */
  private before: ReturnType<typeof batchBefore>;
  /** What was asked for with a click here, until the run has done it. */
  private clicked: RunState['asked'];
  private forget: number | undefined;
  /** The button that lost the keyboard's focus because it was disabled. */
  private displaced: Button | undefined;

  constructor(host: Host) {
    this.main = createButton({
      appearance: 'primary',
      class: 'main-button',
      icon: run.icon,
      text: run.text,
      label: run.text,
      testId: run.testId,
      onClick: () => {
        this.displaced = undefined;
        const { action } = this.mainAction;
        host.act(action);
        if (action === 'pause') this.ask(action);
      },
    });
    const button = (action: ViewAction, icon: IconName, text: string, label: string): Button =>
      createButton({
        appearance: 'icon',
        icon,
        text,
        label,
        testId: `${action}-button`,
        onClick: () => {
          host.act(action);
          if (action === 'stop') this.ask(action);
        },
      });
    this.stepBack = createButton({
      appearance: 'icon',
      icon: 'debug-step-back',
      text: 'Step Back',
      label: 'Step Back: undo one batch',
      testId: 'stepBack-button',
      onClick: () => {
        if (!this.before) return;
        host.post({ type: 'seek', ...this.before });
        // The next one continues from there, whether the run has got there or not.
        this.before =
          this.shown && batchBefore({ ...this.shown, checkpoint: { ...this.shown.checkpoint, ...this.before } });
      },
    });
    this.step = button('step', 'debug-step-over', 'Step', 'Step: one batch');
    this.stepEpoch = button('stepEpoch', 'debug-step-out', 'Step Epoch', 'Step Epoch: all batches of one epoch');
    this.restart = button('restart', 'debug-restart', 'Restart', 'Restart: same seed, same start');
    this.stop = button('stop', 'debug-stop', 'Stop', stopLabel);
    this.element.append(this.main, this.stepBack, this.step, this.stepEpoch, this.restart, this.stop);
  }

  /** Shows what can be done now. */
  render(state: RunState): void {
    const { epoch, batch } = state.checkpoint;
    const isFollowed = state.identity.followed !== undefined;
    const untouched = epoch === 0 && batch === 0;
    if (this.shown?.checkpoint !== state.checkpoint || this.shown.status !== state.status) {
      this.before = isFollowed ? undefined : batchBefore(state);
    }
    const { status } = state;
    if (this.shown?.identity.id !== state.identity.id || this.shown.status !== status) this.clicked = undefined;
    this.shown = state;
    const wanted = this.clicked ?? state.asked;
    const asked = canBeDone(wanted, status) ? wanted : undefined;
    const key = `${status} ${untouched} ${asked ?? ''} ${isFollowed}`;
    if (key === this.state) return;
    this.state = key;
    this.renderMain(status, asked);
    // Where it trains, nobody hears of it.
    if (isFollowed && isLive(status)) this.main.disabled = true;
    labelButton(this.stop, asked === 'stop' ? stoppingText : stopLabel);
    this.stepBack.disabled = this.before === undefined;
    this.step.disabled = !canResume(status);
    this.stepEpoch.disabled = !canResume(status);
    this.restart.disabled = isFollowed || status === 'opening' || (status === 'ready' && untouched);
    this.stop.disabled = (status !== 'running' && status !== 'paused' && status !== 'opening') || asked === 'stop';
    this.keepFocus();
  }

  /** A disabled button would take the keyboard's place on the page away with it; it gets it back when it can act again. */
  private keepFocus(): void {
    const focused = document.activeElement;
    if (focused && this.element.contains(focused) && (focused as Button).disabled) this.displaced = focused as Button;
    const { displaced, main } = this;
    if (!displaced) return;
    const target = displaced.disabled ? main : displaced;
    if (target.disabled) return;
    if (target === displaced) this.displaced = undefined;
    const take = (): void => {
      const { activeElement } = document;
      if (activeElement === main || activeElement === displaced || activeElement === document.body) target.focus();
    };
    take();
    // The toolkit's button can take the focus from the frame on in which it is drawn anew.
    requestAnimationFrame(take);
  }

  /** Shows at once that a click has been taken, before the host has heard of it. */
  private ask(action: NonNullable<RunState['asked']>): void {
    const redraw = (): void => {
      if (this.shown) this.render(this.shown);
    };
    this.clicked = action;
    clearTimeout(this.forget);
    this.forget = window.setTimeout(() => {
      this.clicked = undefined;
      redraw();
    }, patience);
    redraw();
  }

  private renderMain(status: RunStatus, asked: RunState['asked']): void {
    const action = mainActions[status];
    this.mainAction = action;
    this.main.disabled = status === 'opening' || asked !== undefined;
    this.main.dataset['testid'] = action.testId;
    this.main.querySelector('.codicon')!.className = `codicon codicon-${action.icon}`;
    // The main button has room for words at every width.
    const waiting = asked && (asked === 'pause' ? pausingText : stoppingText);
    setText(this.main.querySelector('.button-text')!, waiting ?? action.text);
    labelButton(this.main, waiting ?? action.label ?? action.text);
  }
}

/** Whether a run with this status can still do what was asked of it. */
function canBeDone(asked: RunState['asked'], status: RunStatus): boolean {
  return asked === 'pause' ? status === 'running' : isLive(status);
}

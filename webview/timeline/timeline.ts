import { formatCount, formatQuantity } from '../../src/base/format';
import { bestBy, markedEpoch } from '../../src/advice/verdicts/bestEpoch';
import type { RunState } from '../../src/protocol/state';
import type { ExactEpochs } from '../page/exactEpochs';
import { element, icon, setText } from '../page/dom';
import type { IconName } from '../page/icons';
import type { Host } from '../page/connectHost';
import type { View } from '../page/store';
import { createButton, labelButton, pressButton, type Button } from '../page/toolkit';
import { describeViewed, type ViewedModel } from '../page/viewedRun';
import { Replay } from './replay';
import { TimelineStops } from './timelineStops';

/** Goes back to any recorded epoch: the page shows the model as it was then, until it follows the run again. */
export class TimelineView implements View {
  readonly element = element('section', {
    class: 'timeline',
    testId: 'timeline',
    attributes: { 'aria-label': 'Replay' },
  });
  private readonly slider = element('input', {
    testId: 'timeline-slider',
    attributes: { type: 'range', min: '0', step: 'any', 'aria-label': 'Epochs trained' },
  });
  private readonly position = element('span', { class: 'timeline-position', attributes: { title: 'The run is here' } });
  private readonly where = element('strong', { class: 'timeline-where', testId: 'timeline-where' });
  private readonly losses = element('span', { class: 'timeline-losses', testId: 'timeline-losses' });
  private readonly kept = element('span', { class: 'timeline-kept', testId: 'timeline-kept' });
  private readonly spoken = element('span', { class: 'visually-hidden', attributes: { role: 'status' } });
  private readonly back: Button;
  private readonly play: Button;
  private readonly on: Button;
  private readonly best: Button;
  private readonly live: Button;
  private readonly continueHere: Button;
  private readonly replay = new Replay({
    length: () => ({ end: this.stops?.end ?? 0, stops: (this.stops?.last ?? 0) / (this.stops?.every ?? 1) }),
    show: (place) => this.show(this.stops?.before(place)),
    done: () => this.show(this.stops?.final()),
  });
  private run: RunState | undefined;
  /** What the page shows, or is about to: keys may come faster than frames. */
  private viewed: number | undefined;
  private stops: TimelineStops | undefined;

  /** `view` shows the model as it was after this many epochs; undefined follows the run. */
  constructor(
    private readonly host: Host,
    private readonly exact: ExactEpochs,
    private readonly view: (epoch: number | undefined) => void,
  ) {
    const button = (name: IconName, label: string, testId: string, onClick: () => void): Button =>
      createButton({ appearance: 'icon', icon: name, label, testId, onClick });
    this.back = button('chevron-left', 'One Epoch Back', 'timeline-back', () => this.move(-1));
    this.play = createButton({
      appearance: 'icon',
      class: 'timeline-play',
      icon: 'play-circle',
      text: 'Replay',
      label: 'Replay',
      testId: 'timeline-play',
      onClick: () => this.togglePlay(),
    });
    this.on = button('chevron-right', 'One Epoch Ahead', 'timeline-on', () => this.move(1));
    this.best = createButton({
      appearance: 'icon',
      text: 'Best',
      class: 'timeline-live',
      label: 'Best: the best epoch so far',
      testId: 'timeline-best',
      onClick: () => this.goToBest(),
    });
    this.live = createButton({
      appearance: 'secondary',
      text: 'Now',
      class: 'timeline-live',
      label: 'Now: back to the run itself (Escape)',
      testId: 'timeline-live',
      onClick: () => this.goLive(),
    });
    this.continueHere = createButton({
      appearance: 'secondary',
      class: 'timeline-continue',
      icon: 'debug-restart-frame',
      text: 'Continue from Here',
      label: 'Continue from Here: take the run itself back to this epoch, from where it can train again',
      testId: 'timeline-continue',
      onClick: () => this.takeRunHere(),
    });
    this.slider.addEventListener('input', () => this.goTo(this.slider.valueAsNumber));
    this.slider.addEventListener('keydown', (event) => this.press(event));
    document.addEventListener('keydown', (event) => this.escape(event), true);
    this.build();
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel): void {
    if (this.run?.identity.id !== run.identity.id) this.replay.stop();
    this.run = run;
    this.viewed = model.isLive ? undefined : model.epochs;
    const stops = (this.stops = new TimelineStops(run));
    this.element.hidden = stops.last === 0;
    this.element.toggleAttribute('data-past', !model.isLive);
    this.drawSlider(run, model, stops);
    this.drawWords(run, model, stops);
    this.drawButtons(run, model, stops);
  }

  /** Shows the model of the stop nearest to this many epochs. */
  goTo(epochs: number): void {
    if (!this.stops || this.stops.last === 0) return;
    this.choose(this.stops.nearest(epochs));
  }

  private build(): void {
    const track = element('div', { class: 'timeline-track' }, this.slider, this.position);
    const words = element('span', { class: 'timeline-words' }, icon('history'), this.where, this.losses, this.kept);
    this.element.append(
      element('div', { class: 'timeline-line' }, words, this.continueHere),
      element('div', { class: 'timeline-bar' }, this.play, this.back, this.on, track, this.best, this.live),
      this.spoken,
    );
  }

  private drawSlider({ shape }: RunState, model: ViewedModel, stops: TimelineStops): void {
    const value = model.isLive ? stops.live : model.epochs;
    this.slider.max = String(stops.end);
    this.slider.valueAsNumber = value;
    this.element.style.setProperty('--share', String(value / stops.end));
    this.element.style.setProperty('--live-share', String(stops.live / stops.end));
    this.position.hidden = stops.liveIsEnd;
    const of = `of ${formatCount(shape?.epochs ?? 0)}`;
    const words = model.isLive ? `now, ${formatCount(model.epochs)} ${of} epochs` : describeViewed(model);
    const loss = this.losses.textContent;
    this.slider.setAttribute('aria-valuetext', loss ? `${words}, ${loss}` : words);
  }

  private drawWords(run: RunState, model: ViewedModel, stops: TimelineStops): void {
    const done = `${formatCount(model.epochs)} of ${formatCount(run.shape?.epochs ?? 0)} epochs`;
    if (model.isLive) setText(this.where, `Now: ${done}`);
    else setText(this.where, model.epochs === 0 ? 'Before training' : `After ${done}`);
    setText(this.losses, model.isLive ? '' : describeLosses(run, model.epochs, this.exact));
    this.kept.hidden = stops.every === 1;
    setText(this.kept, `recorded every ${formatCount(stops.every)} epochs`);
  }

  private drawButtons(run: RunState, model: ViewedModel, stops: TimelineStops): void {
    this.back.disabled = !model.isLive && model.epochs === 0;
    this.on.disabled = model.isLive ? stops.liveIsEnd : !stops.liveIsEnd && model.epochs >= stops.last;
    this.live.hidden = model.isLive;
    this.drawBest(run, model);
    const { isPlaying } = this.replay;
    this.play.querySelector('.codicon')!.className = `codicon codicon-${isPlaying ? 'stop-circle' : 'play-circle'}`;
    setText(this.play.querySelector('.button-text')!, isPlaying ? 'Stop' : 'Replay');
    labelButton(this.play, isPlaying ? 'Stop the Replay' : 'Replay: see how the model got here');
    this.continueHere.hidden = model.isLive;
    this.continueHere.disabled = run.status === 'opening';
    const focused = document.activeElement as Button | null;
    if (focused && this.element.contains(focused) && (focused.disabled || focused.hidden)) this.slider.focus();
  }

  private show(epoch: number | undefined): void {
    this.viewed = epoch;
    this.view(epoch);
  }

  /** A person's choice. */
  private choose(epoch: number | undefined): void {
    this.replay.stop();
    setText(this.spoken, '');
    this.show(epoch);
  }

  private move(stops: number): void {
    if (this.stops) this.choose(this.stops.move(this.viewed, stops));
  }

  private goLive(): void {
    if (this.viewed === undefined) return;
    this.choose(undefined);
    setText(this.spoken, 'Now: the page shows the run itself');
  }

  private drawBest(run: RunState, model: ViewedModel): void {
    const epoch = markedEpoch(run);
    this.best.hidden = epoch === undefined;
    if (epoch === undefined) return;
    labelButton(
      this.best,
      `Best: the model after ${formatQuantity(epoch + 1, 'epoch')}, which has the best ${bestBy(run)}`,
    );
    pressButton(this.best, model.epochs === this.stops?.before(epoch + 1));
  }

  private goToBest(): void {
    const epoch = this.run && markedEpoch(this.run);
    if (epoch !== undefined) this.goTo(epoch + 1);
  }

  private togglePlay(): void {
    const { stops, viewed } = this;
    if (!stops) return;
    if (this.replay.isPlaying) return this.choose(viewed);
    const from = viewed ?? stops.live;
    this.replay.start(from >= stops.last ? 0 : from);
  }

  private takeRunHere(): void {
    if (this.viewed === undefined) return;
    this.host.post({ type: 'seek', epoch: this.viewed, batch: 0 });
    this.goLive();
  }

  private press(event: KeyboardEvent): void {
    const { stops } = this;
    if (!stops) return;
    const page = stops.stopsIn(this.run?.shape?.logEvery ?? 1);
    const moves: Record<string, () => void> = {
      ArrowLeft: () => this.move(-1),
      ArrowDown: () => this.move(-1),
      ArrowRight: () => this.move(1),
      ArrowUp: () => this.move(1),
      PageDown: () => this.move(-page),
      PageUp: () => this.move(page),
      Home: () => this.choose(0),
      End: () => this.choose(stops.final()),
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Escape in an open list closes the list. */
  private escape(event: KeyboardEvent): void {
    const inList = event.target instanceof Element && event.target.closest('vscode-dropdown[open]');
    if (event.key === 'Escape' && !inList) this.goLive();
  }
}

/** The last epoch's losses before a model; nothing before training. */
function describeLosses(run: RunState, epochs: number, exact: ExactEpochs): string {
  if (epochs === 0) return '';
  const at = (column: 'loss' | 'valLoss'): string => exact.text(run.history, column, epochs - 1);
  return `loss ${at('loss')}${run.shape && run.shape.validationRows > 0 ? ` · val ${at('valLoss')}` : ''}`;
}

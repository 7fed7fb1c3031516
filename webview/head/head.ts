import { epochWords, statusIcons, statusWord } from '../../src/advice/headWords';
import type { RunStatus } from '../../src/protocol/protocol';
import { runName, trainedEpochs, type RunState } from '../../src/protocol/state';
import { element, icon, setText } from '../page/dom';
import type { IconName } from '../page/icons';
import type { Ask } from '../page/questions';
import type { ViewedModel } from '../page/viewedRun';
import type { Host } from '../page/connectHost';
import type { View } from '../page/store';
import { createButton, type Button } from '../page/toolkit';
import { AnswerView } from './answer';
import { Controls } from './controls';
import { Notice } from './notice';
import { Reading } from './reading';
import { Statistics } from './statistics';

/** Which run it is, where it stands, and what can be done with it. */
export class HeadView implements View {
  private readonly name = element('h1', { testId: 'run-name' });
  private readonly note = element('p', { class: 'run-note', testId: 'run-note' });
  private readonly stateIcon = icon('loading');
  private readonly stateWord = element('span', { testId: 'run-state' });
  private readonly state = element('span', { class: 'state' }, this.stateIcon, this.stateWord);
  private readonly epoch = element('span', { class: 'epoch', testId: 'epoch' });
  private readonly progress = element('progress', {
    testId: 'progress',
    attributes: { 'aria-label': 'Epochs done' },
  });
  private readonly reading: Reading;
  private readonly statistics: Statistics;
  private readonly controls: Controls;
  private readonly notice: Notice;
  private readonly answer: AnswerView;
  readonly element: HTMLElement;

  constructor(host: Host, ask: Ask, redraw: () => void) {
    this.answer = new AnswerView(ask, redraw);
    this.controls = new Controls(host);
    this.notice = new Notice(host);
    this.reading = new Reading(host);
    this.statistics = new Statistics(host);
    const iconButton = (name: IconName, label: string, testId: string, onClick: () => void): Button =>
      createButton({ appearance: 'icon', icon: name, label, testId, onClick });
    const elsewhere = element(
      'div',
      { class: 'elsewhere' },
      iconButton('folder-opened', 'Run Another Config or Dataset…', 'run-other-button', () => host.act('run')),
      iconButton('go-to-file', 'Open Config', 'open-config-button', () => host.act('openConfig')),
    );
    const openPanel = iconButton('link-external', 'Open in Editor', 'open-panel-button', () => host.act('openPanel'));
    openPanel.classList.add('side-only');
    elsewhere.append(openPanel);
    const bar = element(
      'div',
      { class: 'head-bar' },
      element('div', { class: 'head-title' }, this.name, elsewhere),
      this.controls.element,
      element('div', { class: 'head-state' }, this.state, this.epoch),
      this.reading.element,
      this.progress,
    );
    this.element = element(
      'header',
      { class: 'head' },
      bar,
      this.note,
      this.notice.element,
      this.answer.element,
      this.statistics.element,
    );
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel, generation: number): void {
    const name = runName(run);
    setText(this.name, name);
    this.name.title = name === run.identity.name ? name : `${name} (${run.identity.name})`;
    const note = run.label?.note ?? '';
    setText(this.note, note);
    this.note.title = note;
    this.note.hidden = note === '';
    this.renderState(run.status);
    this.renderProgress(run);
    this.reading.render(run);
    this.controls.render(run);
    this.notice.render(run);
    this.answer.render(run, model, generation);
    this.statistics.render(run);
  }

  private renderState(status: RunStatus): void {
    if (this.state.dataset['status'] === status) return;
    this.state.dataset['status'] = status;
    const spin = statusIcons[status] === 'loading' ? ' codicon-modifier-spin' : '';
    this.stateIcon.className = `codicon codicon-${statusIcons[status]}${spin}`;
    setText(this.stateWord, statusWord(status));
  }

  private renderProgress(run: RunState): void {
    const { shape, checkpoint, status, reading } = run;
    this.progress.hidden = status === 'failed' || reading !== undefined;
    this.epoch.hidden = !shape;
    if (!shape) {
      this.progress.removeAttribute('value');
      return;
    }
    const { batch } = checkpoint;
    setText(this.epoch, epochWords(run));
    this.progress.max = Math.max(1, shape.epochs);
    this.progress.value = shape.epochs === 0 ? 1 : trainedEpochs(run) + batch / shape.batchesPerEpoch;
  }
}

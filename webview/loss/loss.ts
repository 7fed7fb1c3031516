import { formatCount } from '../../src/base/format';
import { markedEpoch } from '../../src/advice/bestEpoch';
import { lossScale, type RunState } from '../../src/protocol/state';
import { curveOf, endOf, type EpochColumns } from '../../src/protocol/history';
import type { EpochsQuery } from '../../src/protocol/questions';
import { element, section } from '../page/dom';
import type { ExactEpochs } from '../page/exactEpochs';
import type { Ask } from '../page/questions';
import type { Host } from '../page/connectHost';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import {
  createButton,
  createCheckbox,
  createDropdown,
  createTextField,
  pressButton,
  setChecked,
} from '../page/toolkit';
import { AnswerSource } from '../parts/answerSource';
import { ElementSize } from '../page/elementSize';
import { columnsIn, LossChart, type CurveInput } from './lossChart';
import { CursorControl } from './lossCursor';
import type { Overlay } from './lossOverlays';
import { LossReadout } from './lossReadout';
import { DecadeWatch, type Mark } from './lossSeries';
import { LossTable } from './lossTable';
import { readWindow, windowChoices } from './lossWindow';
import { TimelineStops } from '../timeline/timelineStops';

/** The loss over the epochs, as a curve and as a table. */
export class LossView implements View {
  private readonly section = section('loss', 'Loss');
  readonly element = this.section.element;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly chart = new LossChart(this.canvas);
  private readonly cursor: CursorControl;
  private readonly readout: LossReadout;
  private readonly table: LossTable;
  private readonly curve = element('div', { class: 'loss-curve' });
  private readonly logScale;
  private readonly window;
  private readonly firstEpoch;
  private readonly asTable;
  private run: RunState | undefined;
  private model: ViewedModel | undefined;
  private drawn: unknown[] = [];
  private drawnEpochs = 0;
  private overlays: readonly Overlay[] = [];
  private decades = new DecadeWatch();
  private spansDecades = false;
  private history: unknown;
  private runId = '';
  private readonly size: ElementSize;
  /** A part of the curve in smaller buckets than the page's history has. */
  private detail: EpochColumns | undefined;
  private readonly details: AnswerSource<EpochsQuery, EpochColumns>;

  /** `viewAt` shows the model as it was after so many epochs. */
  constructor(
    private readonly host: Host,
    private readonly redraw: () => void,
    ask: Ask,
    private readonly exact: ExactEpochs,
    viewAt: (epochs: number) => void,
  ) {
    this.table = new LossTable(host, exact, redraw);
    this.readout = new LossReadout(exact);
    this.details = new AnswerSource({
      ask: (query) => ask({ kind: 'epochs', query }),
      show: (columns) => {
        this.detail = columns;
        this.redraw();
      },
      // The curve stays as coarse as the page knows it.
      fail: () => undefined,
    });
    this.logScale = createCheckbox({
      text: 'Log',
      testId: 'log-scale',
      attributes: { title: 'Logarithmic scale', 'aria-label': 'Logarithmic scale' },
      onChange: (logScale) => this.choose({ logScale }),
    });
    this.logScale.textContent = 'Log';
    this.window = createDropdown({
      class: 'loss-window',
      label: 'Epochs that the curve shows',
      testId: 'loss-window',
      choices: windowChoices,
      onChange: (value) => this.choose({ lossWindow: value === 'from' ? String(this.range().first) : value }),
    });
    this.firstEpoch = createTextField({
      class: 'first-epoch',
      label: 'First epoch that the curve shows',
      testId: 'first-epoch',
      onEnter: (value) => this.choose({ lossWindow: String(Math.max(0, Math.round(Number(value)) || 0)) }),
    });
    this.asTable = createButton({
      appearance: 'icon',
      icon: 'table',
      label: 'Show as Table',
      testId: 'loss-table-toggle',
      onClick: () => this.choose({ lossAsTable: !host.ui.lossAsTable }),
    });
    this.section.tools.append(this.logScale, this.window, this.firstEpoch, this.asTable);
    this.cursor = new CursorControl(this.canvas, {
      epochAt: (pixel) => this.chart.epochAt(pixel),
      range: () => this.range(),
      stride: () => this.run?.shape?.logEvery ?? 1,
      moved: () => this.moveLines(),
      picked: (epoch) => viewAt(epoch + 1),
    });
    this.curve.append(this.readout.element, this.cursor.element);
    this.section.body.append(this.curve, this.table.element);
    this.size = new ElementSize(this.cursor.element, redraw);
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel): void {
    this.run = run;
    this.model = model;
    this.beginIfNew(run);
    this.renderTools();
    const asTable = this.host.ui.lossAsTable === true;
    this.curve.hidden = asTable;
    this.table.element.hidden = !asTable;
    if (asTable) {
      this.table.render(run, model);
      return;
    }
    const overlaid = this.overlays.map(({ losses }) => losses());
    const { curvature, history, divergence, shape } = run;
    const { width, height } = this.size;
    const scale = [this.isLog(), this.host.ui.lossWindow, width, height];
    this.wantDetail(run);
    const known = [this.detail, this.exact.version, markedEpoch(run)];
    const now = [curvature, history, divergence, shape, ...known, ...scale, ...overlaid];
    const isOther = now.length !== this.drawn.length || now.some((value, index) => value !== this.drawn[index]);
    if (isOther || (history.length !== this.drawnEpochs && !this.looksTheSame(run))) {
      this.drawn = now;
      this.drawnEpochs = history.length;
      this.cursor.showEmpty(history.length === 0 && !divergence);
      if (width > 0) this.chart.draw(this.input(run));
    }
    this.moveLines();
  }

  /** Shows these curves besides the run's own. */
  showOverlays(overlays: readonly Overlay[]): void {
    this.overlays = overlays;
    this.readout.setOverlays(overlays);
    this.forgetAndRedraw();
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.chart.themeChanged();
    this.drawn = [];
  }

  private beginIfNew(run: RunState): void {
    if (run.identity.id !== this.runId) {
      this.runId = run.identity.id;
      this.spansDecades = false;
      this.cursor.clear();
      this.drawn = [];
    }
    if (run.history !== this.history) {
      this.history = run.history;
      this.decades = new DecadeWatch();
      this.detail = undefined;
      this.details.reset();
    }
    // Once wide, always wide: the scale must not change back and forth while a run goes on.
    const { length } = run.history;
    if (this.host.ui.logScale === undefined && length > 1)
      this.spansDecades ||= this.decades.isWide(run.history.curve('loss'));
  }

  private renderTools(): void {
    const { ui } = this.host;
    setChecked(this.logScale, this.isLog());
    const chosen = ui.lossWindow ?? '0%';
    const fromEpoch = !chosen.endsWith('%');
    this.firstEpoch.hidden = !fromEpoch || ui.lossAsTable === true;
    if (fromEpoch && document.activeElement !== this.firstEpoch) this.firstEpoch.value = chosen;
    if (this.window.dataset['shown'] !== chosen) {
      this.window.dataset['shown'] = chosen;
      queueMicrotask(() => {
        this.window.value = fromEpoch ? 'from' : chosen;
      });
    }
    this.logScale.hidden = ui.lossAsTable === true;
    this.window.hidden = ui.lossAsTable === true;
    pressButton(this.asTable, ui.lossAsTable === true);
  }

  /** While a long run trains, most of its epochs are too narrow to be seen. */
  private looksTheSame(run: RunState): boolean {
    return run.status === 'running' && this.cursor.epoch === undefined && this.chart.looksTheSame(this.input(run));
  }

  /** Asks for smaller buckets where those of the page are wider than what is drawn of them. */
  private wantDetail({ history }: RunState): void {
    const { first, end } = readWindow(this.host.ui.lossWindow, history.length);
    const count = end - first;
    if (history.stride === 1 || count / history.stride >= columnsIn(this.size.width)) return;
    const { detail } = this;
    // A run that goes on adds to the end, which is drawn from the page's own buckets meanwhile.
    const isKnown = detail && detail.first <= first && endOf(detail) - first >= 0.9 * count;
    if (!isKnown) this.details.want({ first, count, exact: false });
  }

  private input(run: RunState): CurveInput {
    const { history, shape } = run;
    const { detail, exact } = this;
    return {
      history,
      training: history.curve('loss'),
      validation: shape && shape.validationRows > 0 ? history.curve('valLoss') : undefined,
      detail: detail && { training: curveOf(detail, 'loss'), validation: curveOf(detail, 'valLoss') },
      lossesAt: (epoch) => ({
        training: exact.at(history, 'loss', epoch),
        validation: exact.at(history, 'valLoss', epoch),
      }),
      overlays: this.overlays,
      range: this.range(),
      width: this.size.width,
      log: this.isLog(),
      lossName: shape?.loss ?? 'loss',
      floor: run.curvature?.optimum?.loss,
      scale: lossScale(run),
      best: markedEpoch(run),
      extraMark: divergenceMark(run),
    };
  }

  private isLog(): boolean {
    return this.host.ui.logScale ?? this.spansDecades;
  }

  private range() {
    const range = readWindow(this.host.ui.lossWindow, this.run?.history.length ?? 0);
    // A run that diverged in an epoch has no record of it, and yet it is to be seen.
    const mark = this.run && divergenceMark(this.run);
    return mark ? { ...range, end: Math.max(range.end, mark.epoch + 1) } : range;
  }

  private choose(change: Parameters<Host['choose']>[0]): void {
    this.host.choose(change);
    this.redraw();
  }

  private forgetAndRedraw(): void {
    this.drawn = [];
    this.redraw();
  }

  private moveLines(): void {
    const { run, model } = this;
    if (!run || !model) return;
    const { epoch: cursor } = this.cursor;
    const viewed = model.isLive ? undefined : model.epochs - 1;
    const position = new TimelineStops(run).liveIsEnd ? undefined : run.checkpoint.epoch - 1;
    this.chart.moveLines({ cursor, viewed, position });
    const epoch = cursor ?? viewed ?? position ?? run.history.length - 1;
    const marked = cursor !== undefined || viewed !== undefined;
    this.readout.render(run, epoch, { live: this.cursor.byKeyboard, marked });
    this.cursor.describe(Math.max(0, epoch), `epoch ${formatCount(Math.max(0, epoch))}`);
  }
}

function divergenceMark({ divergence, history }: RunState): Mark | undefined {
  if (!divergence || divergence.epoch < history.length) return undefined;
  return { epoch: divergence.epoch, word: 'not finite', edge: 'top' };
}

import { markedEpoch } from '../../src/advice/verdicts/bestEpoch';
import { lossScale, type RunState } from '../../src/protocol/state';
import { curveOf, endOf, type EpochColumns } from '../../src/protocol/history';
import type { ComparedCurve } from '../../src/protocol/protocol';
import type { EpochsQuery } from '../../src/protocol/questions';
import { element, section } from '../page/dom';
import { memo } from '../page/memo';
import type { ExactEpochs } from '../page/exactEpochs';
import type { Ask } from '../page/questions';
import type { Host } from '../page/connectHost';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import { AnswerSource } from '../parts/answerSource';
import { ElementSize } from '../page/elementSize';
import { columnsIn, LossChart, type CurveInput } from './lossChart';
import { CursorControl } from './lossCursor';
import { comparedOverlays, type Overlay } from './lossOverlays';
import { LossReadout } from './lossReadout';
import type { Mark } from './lossSeries';
import { ShapeWatch } from './curveShape';
import { LossTable } from './lossTable';
import { LossTools } from './lossTools';
import { LossTooltip } from './lossTooltip';
import { MetricCurve } from './metricCurve';
import { readWindow, type EpochRange } from './lossWindow';
import { ZoomControl } from './lossZoom';
import { pictureButton } from '../export/pictureButton';
import { TimelineStops } from '../timeline/timelineStops';

/** On a logarithmic axis, this part of the epochs is looked at in detail. */
const logDetail = 50;

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
  private readonly tools: LossTools;
  private readonly saving: HTMLElement;
  private readonly tooltip = new LossTooltip();
  private readonly metrics: MetricCurve;
  /** The part that a person looks at. */
  private zoom: EpochRange | undefined;
  private run: RunState | undefined;
  private model: ViewedModel | undefined;
  private readonly isNew = memo();
  private drawnEpochs = 0;
  private mistakes: readonly Overlay[] = [];
  private compared: readonly Overlay[] = [];
  private shape = new ShapeWatch();
  private spansDecades = false;
  private fallsEarly = false;
  private history: unknown;
  private runId = '';
  private readonly size: ElementSize;
  /** A part of the curve in smaller buckets than the page's history has. */
  private detail: EpochColumns | undefined;
  private readonly details: AnswerSource<EpochsQuery, EpochColumns>;

  /** `viewAt` shows the model as it was after this many epochs. */
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
    this.tools = new LossTools(host, redraw, () => this.zoomTo(undefined));
    this.saving = pictureButton(host, 'loss', this.canvas, [this.readout.element]);
    this.section.tools.append(...this.tools.elements, this.saving);
    this.cursor = new CursorControl(this.canvas, {
      epochAt: (pixel) => this.chart.epochAt(pixel),
      range: () => this.range(),
      stride: () => this.run?.shape?.logEvery ?? 1,
      moved: () => this.moveLines(),
      picked: (epoch) => viewAt(epoch + 1),
    });
    new ZoomControl(this.cursor.element, {
      epochAt: (pixel) => this.chart.epochBeyond(pixel),
      sides: () => this.chart.sides,
      all: () => ({ first: 0, end: this.run?.history.length ?? 0 }),
      show: (range) => this.zoomTo(range),
      picked: () => {
        if (this.cursor.epoch !== undefined) viewAt(this.cursor.epoch + 1);
      },
    });
    this.cursor.element.append(this.tooltip.element);
    this.metrics = new MetricCurve(ask, redraw);
    this.curve.append(this.readout.element, this.cursor.element, this.tools.scales, this.metrics.element);
    this.section.body.append(this.curve, this.table.element);
    this.size = new ElementSize(this.cursor.element, redraw);
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel): void {
    this.run = run;
    this.model = model;
    this.beginIfNew(run);
    const { first } = this.range();
    this.tools.render({ logY: this.isLog(), logX: this.isLogX(), isZoomed: this.zoom !== undefined, first: first + 1 });
    const asTable = this.host.ui.lossAsTable === true;
    this.curve.hidden = asTable;
    this.saving.hidden = asTable;
    this.table.element.hidden = !asTable;
    if (asTable) {
      this.table.render(run, model);
      return;
    }
    this.metrics.render(run);
    const overlaid = this.overlays.map(({ losses }) => losses());
    const { curvature, history, divergence, shape } = run;
    const { width, height } = this.size;
    const { lossWindow, smoothLoss } = this.host.ui;
    const scale = [this.isLog(), this.isLogX(), smoothLoss, lossWindow, this.zoom, width, height];
    this.wantDetail(run);
    const known = [this.detail, this.exact.version, markedEpoch(run)];
    const isNew = this.isNew(curvature, history, divergence, shape, ...known, ...scale, ...overlaid);
    if (isNew || (history.length !== this.drawnEpochs && !this.looksTheSame(run))) {
      this.drawnEpochs = history.length;
      this.cursor.showEmpty(history.length === 0 && !divergence);
      if (width > 0) this.chart.draw(this.input(run));
    }
    this.moveLines();
  }

  /** Shows these curves besides the run's own. */
  showOverlays(overlays: readonly Overlay[]): void {
    this.mistakes = overlays;
    this.overlaysChanged();
  }

  /** Shows the curve of another run besides the run's own; null for none. */
  showCompared(run: ComparedCurve | null): void {
    this.compared = run ? comparedOverlays(run) : [];
    this.tools.isComparing = run !== null;
    this.overlaysChanged();
  }

  private get overlays(): readonly Overlay[] {
    return [...this.compared, ...this.mistakes];
  }

  private overlaysChanged(): void {
    this.readout.setOverlays(this.overlays);
    this.isNew();
    this.redraw();
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.chart.themeChanged();
    this.isNew();
  }

  private beginIfNew(run: RunState): void {
    if (run.identity.id !== this.runId) {
      this.runId = run.identity.id;
      this.spansDecades = this.fallsEarly = false;
      this.zoom = undefined;
      this.cursor.clear();
      this.isNew();
    }
    if (run.history !== this.history) {
      this.history = run.history;
      this.shape = new ShapeWatch();
      this.detail = undefined;
      this.details.reset();
    }
    // Once wide, always wide: the scale must not change back and forth while a run continues.
    const { length } = run.history;
    if (this.host.ui.logScale === undefined && length > 1)
      this.spansDecades ||= this.shape.isWide(run.history.curve('loss'));
    if (this.host.ui.logEpochs === undefined)
      this.fallsEarly ||= this.shape.fallsEarly(run.history.curve('loss'), this.isLog());
  }

  /** While a long run trains, most of its epochs are too narrow to be seen. */
  private looksTheSame(run: RunState): boolean {
    return run.status === 'running' && this.cursor.epoch === undefined && this.chart.looksTheSame(this.input(run));
  }

  /** Asks for smaller buckets where those of the page are wider than what is drawn of them. */
  private wantDetail({ history }: RunState): void {
    const { first, end } = this.range();
    // On a logarithmic axis the first ones take most of the width.
    const count = Math.ceil((end - first) / (this.isLogX() ? logDetail : 1));
    // There, the page's first bucket alone is wide, however many follow.
    const isNarrow = !this.isLogX() && count / history.stride >= columnsIn(this.size.width);
    if (history.stride === 1 || isNarrow) return;
    const { detail } = this;
    // A run that continues adds to the end, which is drawn from the page's own buckets meanwhile.
    const stride = detail?.thinned?.stride ?? 1;
    const isFine = stride === 1 || count / stride >= columnsIn(this.size.width);
    const isKnown = detail && isFine && detail.first <= first && endOf(detail) - first >= 0.9 * count;
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
      logX: this.isLogX(),
      smooth: this.host.ui.smoothLoss === true,
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

  private isLogX(): boolean {
    return this.host.ui.logEpochs ?? this.fallsEarly;
  }

  private range(): EpochRange {
    if (this.zoom) return this.zoom;
    const range = readWindow(this.host.ui.lossWindow, this.run?.history.length ?? 0);
    // A run that diverged in an epoch has no record of it, and yet it is to be seen.
    const mark = this.run && divergenceMark(this.run);
    return mark ? { ...range, end: Math.max(range.end, mark.epoch + 1) } : range;
  }

  private zoomTo(range: EpochRange | undefined): void {
    this.zoom = range;
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
    const [name, ...values] = this.readout.lines;
    this.cursor.describe(epoch, [name, ...(epoch < 0 ? [] : values)].join(', '));
    const { x, y } = this.cursor.pointer;
    this.tooltip.render(cursor === undefined || this.cursor.byKeyboard ? [] : this.readout.lines, x, y);
  }
}

function divergenceMark({ divergence, history }: RunState): Mark | undefined {
  if (!divergence || divergence.epoch < history.length) return undefined;
  return { epoch: divergence.epoch, word: 'not finite', edge: 'top' };
}

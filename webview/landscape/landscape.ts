import type { LandscapeQuery, LossPlane, PlaneView } from '../../src/engine/report/lossPlane';
import { lossScale, type RunState } from '../../src/protocol/state';
import type { Host } from '../page/connectHost';
import { pictureButton } from '../export/pictureButton';
import { element, section, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import { AnswerSource } from '../parts/answerSource';
import { LandscapeChart } from './landscapeChart';
import { LandscapeCursor } from './landscapeCursor';
import { isInView, lossAt, shownView } from './landscapeGrid';
import { LandscapePath } from './landscapePath';
import { PlaneControl } from './landscapePlane';
import { LandscapeReadout } from './landscapeReadout';
import { grownView } from './landscapeWindow';
import { describePicture, describePosition } from './landscapeWords';

/** The model to mark in the landscape. */
export interface MarkedModel {
  parameters: Float32Array;
  /** True where it is the run's own, as it is now. */
  isLive: boolean;
}

/** Milliseconds between two pictures of a plane that is not through a minimum while a run trains; and after a failure. */
const refreshInterval = 2000;

/** The loss in a plane through the space of the parameters: its lines, the way of the run and where it stands. */
export class LandscapeView implements View {
  private readonly section = section('landscape', 'Loss landscape');
  readonly element = this.section.element;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly chart = new LandscapeChart(this.canvas);
  private readonly path = new LandscapePath();
  private readonly plane: PlaneControl;
  private readonly cursor: LandscapeCursor;
  private readonly readout = new LandscapeReadout();
  private readonly source: AnswerSource<LandscapeQuery, LossPlane>;
  private readonly upTitle = element('div', { class: 'landscape-title', testId: 'landscape-up' });
  private readonly acrossTitle = element('div', { class: 'landscape-title across', testId: 'landscape-across' });
  private readonly sentence = element('p', { testId: 'landscape-sentence', attributes: { 'aria-live': 'polite' } });
  private readonly hint = element('p', { class: 'hint', testId: 'landscape-hint' });
  private readonly missing = element('p', {
    class: 'hint',
    testId: 'landscape-missing',
    attributes: { role: 'status' },
  });
  private readonly picture: HTMLElement;
  private readonly isNewSnapshot = memo();
  private runId = '';
  private query: LandscapeQuery = { plane: 'steepest' };
  private shown: LossPlane | undefined;
  /** The plane's first view, which holds start, position and minimum. */
  private home: PlaneView | undefined;
  private laidThrough: { parameters: Float32Array; at: number } | undefined;
  private position: [a: number, b: number] = [NaN, NaN];
  private failed: { at: number; parameters: Float32Array } | undefined;
  /** Those of the last frame. */
  private parameters: Float32Array = new Float32Array(0);

  constructor(
    private readonly host: Host,
    ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.plane = new PlaneControl((plane) => {
      host.choose({ plane });
      redraw();
    });
    this.source = new AnswerSource({
      ask: (query) => {
        // A larger view was chosen by what the plane before it had said, and does not stand for one of its own.
        if (!query.view) this.laidThrough = { parameters: this.parameters, at: performance.now() };
        return ask({ kind: 'landscape', query });
      },
      show: (plane) => this.take(plane),
      fail: (message) => this.fail(message),
    });
    this.cursor = new LandscapeCursor(this.canvas, {
      pointAt: (x, y) => this.chart.pointAt(x, y),
      view: () => this.shown && shownView(this.shown),
      position: () => ({ a: this.position[0], b: this.position[1] }),
      minimum: () => this.shown?.minimum,
      moved: redraw,
    });
    this.picture = element(
      'div',
      { class: 'landscape-picture' },
      this.readout.element,
      this.upTitle,
      this.cursor.element,
      this.acrossTitle,
      this.sentence,
      this.hint,
    );
    const words = [this.readout.element, this.upTitle, this.acrossTitle];
    this.section.tools.append(this.plane.element, pictureButton(host, 'landscape', this.canvas, words));
    this.section.body.append(this.picture, this.missing);
    new ResizeObserver(([{ contentRect }]) => {
      this.chart.resize(contentRect.width, contentRect.height);
      redraw();
    }).observe(this.cursor.element);
  }

  /** See `View`. */
  render(run: RunState, model: MarkedModel, generation: number): void {
    if (!run.shape) return;
    if (this.isNewSnapshot(generation)) this.begin(run);
    this.choosePlane();
    this.parameters = run.checkpoint.parameters;
    this.source.want(this.query);
    const { shown } = this;
    this.picture.hidden = !shown;
    if (!shown) {
      this.askAgain(run);
      return;
    }
    const isWhole = this.path.advance(run);
    this.position = this.path.place(model.parameters);
    this.keepInSight(run, shown);
    const isDrawn = this.chart.draw({
      plane: shown,
      path: this.path,
      position: this.position,
      cursor: this.cursor.point,
    });
    this.say(run, shown, model);
    if (!isWhole || !isDrawn) this.redraw();
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.chart.themeChanged();
  }

  private begin({ identity, shape }: RunState): void {
    this.source.reset();
    this.path.clear();
    if (this.shown) this.path.follow(this.shown);
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.query = { plane: this.query.plane };
    this.laidThrough = undefined;
    this.forget();
    this.plane.begin(shape!);
  }

  private forget(): void {
    this.failed = undefined;
    this.shown = undefined;
    this.home = undefined;
    this.path.clear();
    this.cursor.clear();
    setText(this.missing, 'The landscape is being worked out…');
    this.missing.hidden = false;
  }

  private choosePlane(): void {
    const plane = this.plane.valid(this.host.ui.plane);
    this.plane.render(plane);
    if (JSON.stringify(plane) === JSON.stringify(this.query.plane)) return;
    this.query = { plane };
    this.forget();
  }

  private take(plane: LossPlane): void {
    if (!this.home) this.home = plane.view;
    this.shown = plane;
    this.path.follow(plane);
    this.missing.hidden = true;
    const [across, up] = plane.axes.map(({ label }) => label);
    setText(this.acrossTitle, `${across} →`);
    setText(this.upTitle, `↑ ${up ?? 'loss'}`);
    this.acrossTitle.title = across;
    this.upTitle.title = up ?? '';
    setText(this.hint, describePicture(plane));
    this.redraw();
  }

  private fail(message: string): void {
    this.forget();
    this.failed = { at: performance.now(), parameters: this.parameters };
    setText(this.missing, message);
    this.redraw();
  }

  /** What could not be had may be there later, or where the run has got to. */
  private askAgain({ checkpoint, status }: RunState): void {
    const { failed } = this;
    if (!failed) return;
    const rests = status !== 'running' && failed.parameters !== checkpoint.parameters;
    if (!rests && performance.now() - failed.at < refreshInterval) return;
    this.failed = undefined;
    this.source.invalidate();
  }

  /** Asks for the plane of now where none is fixed, and for a larger part of it where the path leads out. */
  private keepInSight(run: RunState, plane: LossPlane): void {
    if (this.isOutdated(run, plane)) {
      // Another plane begins with a view of its own: a path that had only begun says little of where the run goes.
      this.home = undefined;
      if (this.query.view) this.source.want((this.query = { plane: this.query.plane }));
      else this.source.invalidate();
      return;
    }
    const view = this.home && grownView(plane, this.home, this.path.bounds);
    if (view) this.source.want((this.query = { ...this.query, view }));
  }

  /** Whether a plane goes through other parameters than now: while the run trains, only after a while. */
  private isOutdated({ checkpoint, status }: RunState, { isThroughMinimum, axes }: LossPlane): boolean {
    const { laidThrough } = this;
    if (!laidThrough || isThroughMinimum || axes[0].direction.length === axes.length) return false;
    const wait = status === 'running' ? refreshInterval : 0;
    return laidThrough.parameters !== checkpoint.parameters && performance.now() - laidThrough.at >= wait;
  }

  private say(run: RunState, plane: LossPlane, model: MarkedModel): void {
    const [a, b] = this.position;
    const { point, byKeyboard } = this.cursor;
    const scale = lossScale(run);
    this.readout.render(plane, point ?? { a, b }, point ? '' : 'Now', scale, byKeyboard);
    if (run.status === 'running' && model.isLive) return;
    const here = isInView(plane, a, b) ? lossAt(plane, a, b) : NaN;
    const loss = model.isLive && !Number.isNaN(run.trainLoss) ? run.trainLoss : here;
    setText(this.sentence, describePosition(plane, this.path.at(0), this.position, loss, scale));
  }
}

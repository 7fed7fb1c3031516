import { bestRun, rulesFor } from '../../src/compare/bestRun';
import type { ComparedRun } from '../../src/compare/comparedRun';
import { foldRuns, type FoldedRuns } from '../../src/compare/foldedRuns';
import type { ComparedCurves, CompareRequest, CompareUpdate } from '../../src/compare/messages';
import { outcomesOf } from '../../src/compare/outcomes';
import { formatCount } from '../../src/base/format';
import { element, setText } from '../page/dom';
import { readTheme } from '../page/theme';
import { createButton, createCheckbox, setChecked } from '../page/toolkit';
import { BestRunLine } from './bestRunLine';
import { ColumnBoxes } from './columnBoxes';
import { columnsOf, filtered, nameColumn, sorted } from './columns';
import { ComparePlot, type PlottedRun } from './comparePlot';
import { CompareTable } from './compareTable';
import { lossesAt } from './cursorWords';
import { FoldedTable } from './foldedTable';
import { MeanCurves } from './meanCurve';
import { OutcomePlot } from './outcomePlot';
import { markOf } from './runMarks';
import { SweepBar } from './sweepBar';

/** What a person chose about how runs are compared; it outlives a hidden page and a window reload. */
export interface CompareChoices {
  /** Of `rulesFor`; the first one if absent. */
  rule?: string;
  sort?: { id: string; descending: boolean };
  filter?: string;
  /** Columns that are not shown. */
  hidden?: string[];
  /** Each run is drawn by itself, also where runs differ in the seed alone. */
  separate?: boolean;
  linearLoss?: boolean;
  logEpochs?: boolean;
  /** Each curve is also drawn as its moving average. */
  smooth?: boolean;
}

/** The page of a comparison: one plot with all curves, one table with a row a run. */
export class ComparePage {
  readonly element: HTMLElement;
  private ids: string[] = [];
  private readonly curves = new Map<string, ComparedCurves>();
  private readonly chosen = new Set<string>();
  private highlighted: string | undefined;
  private theme = readTheme();
  private readonly plot = new ComparePlot(() => this.plotChanged());
  private readonly table: CompareTable;
  private readonly sweepBar: SweepBar;
  private readonly best = new BestRunLine((rule) => this.change({ rule }));
  private readonly readout = element('p', { class: 'compare-readout hint', testId: 'compare-readout' });
  private readonly clipped = element('p', { class: 'compare-readout hint', testId: 'compare-clipped' });
  private readonly count = element('span', { class: 'hint', testId: 'compare-count', attributes: { role: 'status' } });
  private readonly filter = element('input', {
    class: 'compare-filter',
    testId: 'compare-filter',
    attributes: { type: 'search', placeholder: 'Filter runs', 'aria-label': 'Filter runs' },
  });
  private readonly boxes = new ColumnBoxes((id, shown) => this.showColumn(id, shown));
  private readonly outcome = new OutcomePlot();
  private readonly folded = new FoldedTable();
  private readonly means = new MeanCurves();
  private readonly meanBox = createCheckbox({
    text: 'Mean over seeds',
    testId: 'compare-mean',
    onChange: (mean) => this.change({ separate: !mean }),
  });
  /** Runs that are drawn as one; none where each is drawn by itself. */
  private groups: FoldedRuns[] = [];
  private readonly reset = createButton({
    appearance: 'secondary',
    label: 'Show all epochs again (0)',
    text: 'Reset Zoom',
    testId: 'compare-reset',
    onClick: () => this.plot.resetZoom(),
  });
  private readonly diff = createButton({
    appearance: 'secondary',
    label: 'Show the config of one chosen run, or those of two side by side',
    text: 'Show Configs',
    testId: 'compare-diff',
    onClick: () => this.showConfigs(),
  });

  constructor(
    private readonly post: (request: CompareRequest) => void,
    private choices: CompareChoices,
    private readonly keep: (choices: CompareChoices) => void,
  ) {
    this.table = new CompareTable({
      sort: (id) => this.sort(id),
      open: ({ id }) => this.post({ type: 'open', id }),
      choose: ({ id }, chosen) => this.choose(id, chosen),
      highlight: (id) => this.highlight(id),
    });
    this.sweepBar = new SweepBar((action) => this.post({ type: 'sweep', action }));
    this.filter.value = this.choices.filter ?? '';
    this.filter.addEventListener('input', () => this.change({ filter: this.filter.value }));
    const { linearLoss = false, logEpochs = false } = this.choices;
    const logLossBox = createCheckbox({ text: 'Log loss', onChange: (log) => this.change({ linearLoss: !log }) });
    const logEpochsBox = createCheckbox({
      text: 'Log epochs',
      testId: 'compare-log-epochs',
      onChange: (log) => {
        this.change({ logEpochs: log });
        this.plot.resetZoom();
      },
    });
    const smoothBox = createCheckbox({
      text: 'Smooth',
      testId: 'compare-smooth',
      onChange: (smooth) => this.change({ smooth }),
    });
    setChecked(smoothBox, this.choices.smooth === true);
    setChecked(logLossBox, !linearLoss);
    setChecked(logEpochsBox, logEpochs);
    setChecked(this.meanBox, !this.choices.separate);
    this.element = element(
      'div',
      { class: 'compare' },
      this.sweepBar.element,
      this.best.element,
      element(
        'div',
        { class: 'compare-tools' },
        element('span', { text: 'Best run has' }),
        this.best.rules,
        logLossBox,
        logEpochsBox,
        smoothBox,
        this.meanBox,
        this.reset,
      ),
      this.plot.element,
      this.readout,
      this.clipped,
      this.outcome.element,
      this.folded.element,
      element('div', { class: 'compare-tools' }, this.filter, this.count, this.diff, this.boxes.element),
      this.table.element,
    );
  }

  /** Takes in what the host says of the runs; `draw` shows it. */
  receive(update: CompareUpdate): void {
    const { ids, changed } = update;
    this.ids = ids;
    this.sweepBar.update(update);
    for (const curves of changed) this.curves.set(curves.run.id, curves);
    for (const id of this.chosen) if (!ids.includes(id)) this.chosen.delete(id);
  }

  themeChanged(): void {
    this.theme = readTheme();
    this.plot.themeChanged();
    this.draw();
  }

  /** Draws all of it. */
  draw(): void {
    const all = this.runs;
    const columns = columnsOf(all);
    const shownColumns = columns.filter(({ id }) => !this.choices.hidden?.includes(id));
    const { sort, filter = '' } = this.choices;
    const shown = sorted(
      filtered(all, shownColumns, filter),
      [nameColumn, ...columns].find(({ id }) => id === sort?.id),
      sort?.descending ?? false,
    );
    const rules = rulesFor(all);
    const rule = rules.find(({ id }) => id === this.choices.rule) ?? rules[0];
    const best = rule && bestRun(all, rule);
    this.groups = this.choices.separate ? [] : foldRuns(shown);
    const folded = foldRuns(all);
    this.meanBox.hidden = folded.length === 0;
    this.folded.update(folded);
    this.outcome.update(rule && outcomesOf(all, rule), rule);
    this.best.update({ rules, rule, best, columns, count: all.length });
    this.boxes.update(columns, this.choices.hidden ?? []);
    this.table.update({
      rows: shown.map((run) => ({
        run,
        mark: markOf(this.placeOf(run.id), this.theme),
        isBest: run === best,
        isChosen: this.chosen.has(run.id),
      })),
      columns: [nameColumn, ...shownColumns],
      sort,
    });
    const count =
      shown.length < all.length
        ? `${formatCount(shown.length)} of ${formatCount(all.length)}`
        : formatCount(all.length);
    setText(this.count, `${count} ${all.length === 1 ? 'run' : 'runs'}`);
    this.diff.disabled = this.chosen.size < 1 || this.chosen.size > 2;
    this.drawPlot(shown);
  }

  private get runs(): ComparedRun[] {
    return this.ids.flatMap((id) => this.curves.get(id)?.run ?? []);
  }

  private drawPlot(shown: readonly ComparedRun[]): void {
    const { linearLoss = false, logEpochs = false, smooth = false } = this.choices;
    const { highlighted, groups } = this;
    const alone = shown.filter(({ id }) => groups.length === 0 || id === highlighted);
    const runs = [
      ...groups.map((group) => this.plottedGroup(group)),
      ...alone.map(({ id }) => this.plotted(this.curves.get(id)!)),
    ];
    this.plot.update({ runs, logLoss: !linearLoss, logEpochs, smooth, highlighted });
    this.plotChanged();
  }

  private plotted({ run, training, validation }: ComparedCurves): PlottedRun {
    const best = validation ? run.lowestValLoss : run.lowestLoss;
    const { id, name } = run;
    return { id, name, index: this.placeOf(id), training, ...(validation && { validation }), best };
  }

  private plottedGroup({ runs, settings }: FoldedRuns): PlottedRun {
    const id = runs.map((run) => run.id).join();
    const healthy = runs.filter(({ status }) => status !== 'diverged');
    const curves = (healthy.length > 0 ? healthy : runs).map((run) => this.curves.get(run.id)!);
    const { mean, band } = this.means.of(
      id,
      curves.map(({ training }) => training),
    );
    const held = curves.flatMap(({ validation }) => validation ?? []);
    const validation = held.length > 0 ? { validation: this.means.of(`${id} validation`, held).mean } : {};
    const name = Object.entries(settings)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ');
    return { id, name: name || 'all runs', index: this.placeOf(runs[0].id), training: mean, band, ...validation };
  }

  /** By what a run has its mark: its place among the runs, or that of its group among the groups. */
  private placeOf(id: string): number {
    const group = this.groups.findIndex(({ runs }) => runs.some((run) => run.id === id));
    return group < 0 ? this.ids.indexOf(id) : group;
  }

  /** What stands beside the plot: how to come back from a zoom, what is cut off, and the losses at the cursor. */
  private plotChanged(): void {
    this.reset.disabled = !this.plot.isZoomed;
    const { clipped, cursorEpoch } = this.plot.shown;
    const names = clipped.slice(0, 3).join(', ') + (clipped.length > 3 ? ` and ${clipped.length - 3} more` : '');
    const leave = clipped.length === 1 ? '1 curve leaves' : `${clipped.length} curves leave`;
    setText(this.clipped, clipped.length > 0 ? `${leave} the plot at the top: ${names}` : '');
    this.clipped.hidden = clipped.length === 0;
    const hint =
      'Solid: training loss. Dashed: validation loss. Ring: lowest loss. Drag or scroll to zoom; arrow keys move a cursor.';
    setText(this.readout, cursorEpoch === undefined ? hint : this.lossesAt(cursorEpoch));
  }

  private lossesAt(epoch: number): string {
    const marked = this.runs.map(({ id }) => {
      return { ...this.curves.get(id)!, sign: markOf(this.placeOf(id), this.theme).sign };
    });
    return lossesAt(epoch, marked, this.highlighted);
  }

  private showColumn(id: string, shown: boolean): void {
    const hidden = (this.choices.hidden ?? []).filter((other) => other !== id);
    this.change({ hidden: shown ? hidden : [...hidden, id] });
  }

  /** The same column again turns its order around. */
  private sort(id: string): void {
    const { sort } = this.choices;
    this.change({ sort: { id, descending: sort?.id === id ? !sort.descending : false } });
  }

  private choose(id: string, chosen: boolean): void {
    if (chosen) this.chosen.add(id);
    else this.chosen.delete(id);
    this.draw();
  }

  private highlight(id: string | undefined): void {
    if (id === this.highlighted) return;
    this.highlighted = id;
    this.draw();
  }

  private showConfigs(): void {
    const [left, right] = this.ids.filter((id) => this.chosen.has(id));
    this.post(right === undefined ? { type: 'config', id: left } : { type: 'diff', ids: [left, right] });
  }

  private change(choices: Partial<CompareChoices>): void {
    this.choices = { ...this.choices, ...choices };
    this.keep(this.choices);
    this.draw();
  }
}

import { element, setText } from '../page/dom';
import type { Host, UiState } from '../page/connectHost';
import {
  createButton,
  createCheckbox,
  createDropdown,
  createTextField,
  labelButton,
  pressButton,
  setChecked,
} from '../page/toolkit';
import { windowChoices } from './lossWindow';

/** What the tools of a loss curve show. */
export interface LossToolsState {
  logY: boolean;
  logX: boolean;
  isZoomed: boolean;
  /** First epoch that is shown, counted as epochs done. */
  first: number;
}

const startComparing = ['Compare with…', 'draw the curve of another run too'] as const;
const stopComparing = ['Stop Comparing', 'draw the curve of this run alone'] as const;

/** The controls around a loss curve: its scales, which epochs it shows, and its table. */
export class LossTools {
  private readonly logY;
  private readonly logX;
  private readonly smooth;
  private readonly compare;
  private readonly window;
  private readonly firstEpoch;
  private readonly all;
  private readonly asTable;
  /** Beside the heading, and below the plot. */
  readonly elements: HTMLElement[];
  readonly scales: HTMLElement;
  private first = 1;
  /** The curve of another run is drawn too. */
  isComparing = false;

  /** @param chosen called after a choice. `showAll` takes back what was zoomed. */
  constructor(
    private readonly host: Host,
    private readonly chosen: () => void,
    showAll: () => void,
  ) {
    const box = (text: string, title: string, testId: string, onChange: (checked: boolean) => void) =>
      createCheckbox({ text, testId, attributes: { title, 'aria-label': title }, onChange });
    this.logY = box('Log y', 'Log y: logarithmic scale of the loss', 'log-scale', (logScale) =>
      this.choose({ logScale }),
    );
    this.logX = box('Log x', 'Log x: logarithmic scale of the epochs', 'log-epochs', (logEpochs) =>
      this.choose({ logEpochs }),
    );
    this.smooth = box('Smooth', 'Smooth: the average over a twentieth of the width', 'smooth', (smoothLoss) =>
      this.choose({ smoothLoss }),
    );
    this.window = createDropdown({
      class: 'loss-window',
      label: 'Epochs that the curve shows',
      testId: 'loss-window',
      choices: windowChoices,
      onChange: (value) => {
        showAll();
        this.choose({ lossWindow: value === 'from' ? String(this.first) : value });
      },
    });
    this.firstEpoch = createTextField({
      class: 'first-epoch',
      label: 'First epoch that the curve shows',
      testId: 'first-epoch',
      onEnter: (value) => this.choose({ lossWindow: String(Math.max(1, Math.round(Number(value)) || 1)) }),
    });
    this.all = createButton({
      appearance: 'secondary',
      text: 'Show All',
      label: 'Show All: take back the zoom (double-click or 0)',
      testId: 'loss-show-all',
      onClick: showAll,
    });
    this.asTable = createButton({
      appearance: 'icon',
      icon: 'table',
      label: 'Show as Table',
      testId: 'loss-table-toggle',
      onClick: () => this.choose({ lossAsTable: !host.ui.lossAsTable }),
    });
    this.elements = [this.window, this.firstEpoch, this.all, this.asTable];
    this.compare = createButton({
      appearance: 'secondary',
      text: startComparing[0],
      label: startComparing.join(': '),
      testId: 'compare-with',
      onClick: () => host.act(this.isComparing ? 'compareWithNone' : 'compareWith'),
    });
    this.scales = element('div', { class: 'loss-scales' }, this.logY, this.logX, this.smooth, this.compare);
  }

  /** Shows the choices. */
  render({ logY, logX, isZoomed, first }: LossToolsState): void {
    const { ui } = this.host;
    this.first = first;
    setChecked(this.logY, logY);
    setChecked(this.logX, logX);
    setChecked(this.smooth, ui.smoothLoss === true);
    const chosen = ui.lossWindow ?? '0%';
    const fromEpoch = !chosen.endsWith('%');
    const asTable = ui.lossAsTable === true;
    this.window.hidden = asTable;
    this.firstEpoch.hidden = !fromEpoch || asTable;
    this.all.hidden = !isZoomed || asTable;
    if (fromEpoch && document.activeElement !== this.firstEpoch) this.firstEpoch.value = chosen;
    if (this.window.dataset['shown'] !== chosen) {
      this.window.dataset['shown'] = chosen;
      queueMicrotask(() => {
        this.window.value = fromEpoch ? 'from' : chosen;
      });
    }
    pressButton(this.asTable, asTable);
    const [text, what] = this.isComparing ? stopComparing : startComparing;
    setText(this.compare.querySelector<HTMLElement>('.button-text')!, text);
    labelButton(this.compare, `${text}: ${what}`);
  }

  private choose(change: Partial<UiState>): void {
    this.host.choose(change);
    this.chosen();
  }
}

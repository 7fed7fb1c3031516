import type { ViewAction, ViewMessage, ViewRequest, ViewUpdate } from '../../src/protocol/protocol';
import type { PlaneChoice } from '../../src/engine/report/lossPlane';
import { restoreNumbers } from '../../src/protocol/postedNumbers';
import type { RowsQuery } from '../../src/protocol/questions';

/**
 * Plots of predictions. `line`: the target over the one input. `actual`: what was predicted over what is. `residuals`: the
 * error over the prediction. `errors`: how many rows have which error.
 */
export type PlotKind = 'line' | 'actual' | 'residuals' | 'errors';

/** What a person chose about how things are shown; it outlives a hidden view and a window reload. */
export interface UiState {
  /** Absent: chosen by the data. */
  logScale?: boolean;
  /** The same of the axis of epochs. */
  logEpochs?: boolean;
  smoothLoss?: boolean;
  /** What the loss curve leaves out, as `readWindow` takes it. */
  lossWindow?: string;
  lossAsTable?: boolean;
  everyLogged?: boolean;
  sort?: RowsQuery['sort'];
  descending?: boolean;
  /** Where table and plot do not fit beside each other, the plot is shown. */
  predictionsAsPlot?: boolean;
  /** What is plotted of predicted numbers; `line` only where there is one input. */
  plotKind?: PlotKind;
  /** Which sections a person opened or closed, by their names. */
  openSections?: Record<string, boolean>;
  /** The plane of the landscape. */
  plane?: PlaneChoice;
}

/** The view's one line to the extension host. */
export interface Host {
  post(request: ViewRequest): void;
  act(action: ViewAction): void;
  /** Calls back with each message of the host. */
  listen(receive: (update: ViewUpdate) => void): void;
  readonly ui: Readonly<UiState>;
  /** Remembers a choice. */
  choose(change: Partial<UiState>): void;
}

/**
 * Connects to the extension host; may be called once a page. `acted` hears of every action too; `shownRun` gives the id of
 * the run on screen.
 */
export function connectHost(acted: (action: ViewAction) => void, shownRun: () => string | undefined): Host {
  const api = acquireVsCodeApi<UiState>();
  let ui: UiState = api.getState() ?? {};
  const post = (request: ViewRequest): void => {
    const runId = shownRun();
    api.postMessage({ ...(runId !== undefined && { runId }), request } satisfies ViewMessage);
  };
  return {
    post,
    act: (action) => {
      post({ type: 'action', action });
      acted(action);
    },
    listen: (receive) =>
      window.addEventListener('message', (message: MessageEvent<ViewUpdate>) => receive(restoreNumbers(message.data))),
    get ui() {
      return ui;
    },
    choose: (change) => {
      ui = { ...ui, ...change };
      api.setState(ui);
    },
  };
}

import type { LandscapeQuery, PlaneChoice, PlaneView } from '../engine/report/lossPlane';
import type { Mistake } from '../engine/train/mistakes';
import type { ViewAction, ViewMessage, ViewRequest } from './protocol';
import { checkControls } from './runControls';
import type { PlotName } from './viewRequests';
import {
  mostExactEpochs,
  type ColumnReference,
  type EpochsQuery,
  type OrderQuery,
  type Question,
  type RowsQuery,
  type ScatterQuery,
} from './questions';

const actions: Record<ViewAction, true> = {
  run: true,
  runAgain: true,
  runTutorial: true,
  pause: true,
  resume: true,
  stop: true,
  restart: true,
  step: true,
  stepEpoch: true,
  openConfig: true,
  openPanel: true,
  compareWith: true,
  compareWithNone: true,
};

const mistakes: Record<Mistake, true> = { notZeroed: true, broadcast: true, sum: true, noShuffle: true };

const plots: Record<PlotName, true> = { loss: true, landscape: true, predictions: true, surface: true };

/** Characters of a picture: more than the largest screen has. */
const longestPicture = 50_000_000;
/** Rows that a view may ask for at a time. */
const largestPage = 1000;
const mostPoints = 10_000;
const mostClasses = 100;
/** Characters of an id, which may hold the name of a file. */
const longestId = 5000;

/** The message of a view, rebuilt from its known fields only; undefined if it is not one. */
export function checkViewMessage(message: unknown): ViewMessage | undefined {
  if (!isRecord(message)) return undefined;
  const { runId } = message;
  const request = checkViewRequest(message.request);
  if (!request || (runId !== undefined && typeof runId !== 'string')) return undefined;
  return { ...(runId !== undefined && { runId }), request };
}

/** The same of what a message asks for. */
export function checkViewRequest(message: unknown): ViewRequest | undefined {
  if (!isRecord(message)) return undefined;
  switch (message.type) {
    case 'ready':
      return Number.isFinite(message.page) ? { type: 'ready', page: message.page as number } : undefined;
    case 'drawn':
      return isCount(message.update) ? { type: 'drawn', update: message.update } : undefined;
    case 'action':
      return isAction(message.action) ? { type: 'action', action: message.action } : undefined;
    case 'control': {
      const controls = checkControls(message.controls);
      return controls && { type: 'control', controls };
    }
    case 'runOffered':
      return isId(message.uri) ? { type: 'runOffered', uri: message.uri } : undefined;
    case 'ask': {
      const question = checkQuestion(message.question);
      return question && isCount(message.requestId)
        ? { type: 'ask', requestId: message.requestId, question }
        : undefined;
    }
    case 'seek': {
      const { epoch, batch } = message;
      return isCount(epoch) && isCount(batch) ? { type: 'seek', epoch, batch } : undefined;
    }
    case 'savePicture': {
      const { plot, png } = message;
      return isPlot(plot) && isPicture(png) ? { type: 'savePicture', plot, png } : undefined;
    }
    case 'applyFix':
      return isId(message.id) ? { type: 'applyFix', id: message.id } : undefined;
    case 'showProblem':
      return isId(message.id) ? { type: 'showProblem', id: message.id } : undefined;
    default:
      return undefined;
  }
}

function checkQuestion(question: unknown): Question | undefined {
  if (!isRecord(question)) return undefined;
  switch (question.kind) {
    case 'rows': {
      const [query, at] = [checkRowsQuery(question.query), checkAt(question.at)];
      return query && at && { kind: 'rows', query, ...at };
    }
    case 'order': {
      const query = checkOrderQuery(question.query);
      return query && { kind: 'order', query };
    }
    case 'column': {
      const query = checkColumn(question.query);
      return query && { kind: 'column', query };
    }
    case 'scatter': {
      const [query, at] = [checkScatterQuery(question.query), checkAt(question.at)];
      return query && at && { kind: 'scatter', query, ...at };
    }
    case 'confusion': {
      const [query, at] = [checkConfusionQuery(question.query), checkAt(question.at)];
      return query && at && { kind: 'confusion', query, ...at };
    }
    case 'metrics': {
      const at = checkAt(question.at);
      return at && { kind: 'metrics', ...at };
    }
    case 'sharpness': {
      const at = checkAt(question.at);
      return at && { kind: 'sharpness', ...at };
    }
    case 'landscape': {
      const query = checkLandscapeQuery(question.query);
      return query && { kind: 'landscape', query };
    }
    case 'batch': {
      const query = isRecord(question.query) && question.query;
      if (!query || !isCount(query.rows) || query.rows > largestPage) return undefined;
      return { kind: 'batch', query: { rows: query.rows } };
    }
    case 'mistake': {
      const query = isRecord(question.query) && question.query;
      if (!query || !isMistake(query.mistake) || !isCount(query.first)) return undefined;
      return { kind: 'mistake', query: { mistake: query.mistake, first: query.first } };
    }
    case 'epochs': {
      const query = checkEpochsQuery(question.query);
      return query && { kind: 'epochs', query };
    }
    default:
      return undefined;
  }
}

/** Epochs after which the parameters are asked about; none where they are those as they are now. */
function checkAt(at: unknown): { at?: number } | undefined {
  if (at === undefined) return {};
  return isCount(at) ? { at } : undefined;
}

function checkOrderQuery(query: unknown): OrderQuery | undefined {
  if (!isRecord(query)) return undefined;
  const { batches, rows } = query;
  if (!isCount(batches) || !isCount(rows) || batches > largestPage || rows > largestPage) return undefined;
  return { batches, rows };
}

function checkEpochsQuery(query: unknown): EpochsQuery | undefined {
  if (!isRecord(query)) return undefined;
  const { first, count, exact } = query;
  if (!isCount(first) || !isCount(count) || typeof exact !== 'boolean') return undefined;
  return exact && count > mostExactEpochs ? undefined : { first, count, exact };
}

function checkColumn(query: unknown): ColumnReference | undefined {
  if (!isRecord(query)) return undefined;
  const { of, index } = query;
  return (of === 'inputs' || of === 'targets') && isCount(index) ? { of, index } : undefined;
}

function checkScatterQuery(query: unknown): ScatterQuery | undefined {
  if (!isRecord(query)) return undefined;
  const { target, points } = query;
  return isCount(target) && isCount(points) && points <= mostPoints ? { target, points } : undefined;
}

function checkConfusionQuery(query: unknown): { classes: number } | undefined {
  if (!isRecord(query)) return undefined;
  const { classes } = query;
  return isCount(classes) && classes <= mostClasses ? { classes } : undefined;
}

function checkLandscapeQuery(query: unknown): LandscapeQuery | undefined {
  if (!isRecord(query)) return undefined;
  const plane = checkPlaneChoice(query.plane);
  const view = query.view === undefined ? undefined : checkPlaneView(query.view);
  if (!plane || (query.view !== undefined && !view)) return undefined;
  return { plane, ...(view && { view }) };
}

function checkPlaneChoice(plane: unknown): PlaneChoice | undefined {
  if (plane === 'steepest') return plane;
  if (!isRecord(plane)) return undefined;
  const { first, second } = plane;
  return isCount(first) && isCount(second) && first !== second ? { first, second } : undefined;
}

function checkPlaneView(view: unknown): PlaneView | undefined {
  if (!isRecord(view)) return undefined;
  const { a, b, halfA, halfB } = view;
  if (![a, b, halfA, halfB].every(Number.isFinite)) return undefined;
  return { a, b, halfA, halfB } as PlaneView;
}

function checkRowsQuery(query: unknown): RowsQuery | undefined {
  if (!isRecord(query)) return undefined;
  const { offset, count, sort, descending, batches } = query;
  if (!isCount(offset) || !isCount(count) || count > largestPage) return undefined;
  if ((sort !== 'row' && sort !== 'error') || typeof descending !== 'boolean') return undefined;
  if (batches !== undefined && typeof batches !== 'boolean') return undefined;
  return { offset, count, sort, descending, ...(batches !== undefined && { batches }) };
}

function isAction(value: unknown): value is ViewAction {
  return typeof value === 'string' && Object.hasOwn(actions, value);
}

function isPlot(value: unknown): value is PlotName {
  return typeof value === 'string' && Object.hasOwn(plots, value);
}

function isPicture(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestPicture && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
}

function isMistake(value: unknown): value is Mistake {
  return typeof value === 'string' && Object.hasOwn(mistakes, value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestId;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

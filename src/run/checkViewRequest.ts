import type { Mistake } from '../engine/mistakes';
import type { ViewAction, ViewRequest } from './protocol';
import type { Question, RowsQuery } from './questions';

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
};

const mistakes: Record<Mistake, true> = { notZeroed: true, broadcast: true, sum: true, noShuffle: true };

/** Rows that a view may ask for at a time. */
const largestPage = 1000;

/** The message as a view request, rebuilt from its known fields alone; undefined where it is none. */
export function checkViewRequest(message: unknown): ViewRequest | undefined {
  if (!isRecord(message)) return undefined;
  switch (message.type) {
    case 'ready':
      return { type: 'ready' };
    case 'action':
      return isAction(message.action) ? { type: 'action', action: message.action } : undefined;
    case 'setSpeed': {
      const { batchesPerSecond: speed } = message;
      const valid = speed === null || (typeof speed === 'number' && speed > 0 && Number.isFinite(speed));
      return valid ? { type: 'setSpeed', batchesPerSecond: speed } : undefined;
    }
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
    case 'showProblem':
      return isCount(message.index) ? { type: 'showProblem', index: message.index } : undefined;
    default:
      return undefined;
  }
}

function checkQuestion(question: unknown): Question | undefined {
  if (!isRecord(question)) return undefined;
  switch (question.kind) {
    case 'rows': {
      const query = checkRowsQuery(question.query);
      const { at } = question;
      if (!query || (at !== undefined && !isCount(at))) return undefined;
      return { kind: 'rows', query, ...(at !== undefined && { at }) };
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
    default:
      return undefined;
  }
}

function checkRowsQuery(query: unknown): RowsQuery | undefined {
  if (!isRecord(query)) return undefined;
  const { offset, count, sort, descending } = query;
  if (!isCount(offset) || !isCount(count) || count > largestPage) return undefined;
  if ((sort !== 'row' && sort !== 'error') || typeof descending !== 'boolean') return undefined;
  return { offset, count, sort, descending };
}

function isAction(value: unknown): value is ViewAction {
  return typeof value === 'string' && Object.hasOwn(actions, value);
}

function isMistake(value: unknown): value is Mistake {
  return typeof value === 'string' && Object.hasOwn(mistakes, value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

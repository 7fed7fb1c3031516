import { verdictOf } from '../../advice/verdicts/verdict';
import { statusIcons } from '../../advice/headWords';
import { takeSnapshot, type RunState } from '../../protocol/state';
import { Unreadable } from './runRecord';

/** Characters of a text in a run, at most. */
const longestText = 10_000;

/** Throws an `Unreadable` where a run that anybody may have made is not what the host and the pages take for granted. */
export function checkSentRun(state: RunState): void {
  const { identity, label, status, shape, history, checkpoint, initial, gradients, lastChange, problems } = state;
  need(isText(identity.name) && Number.isFinite(identity.startedAt), 'its name is damaged');
  need(
    isOptional(identity.sets, isText) && !('earlier' in identity && !isEarlier(identity.earlier)),
    'its name is damaged',
  );
  need(
    label === undefined || (isOptional(label.name, isText) && isOptional(label.note, isText)),
    'its name is damaged',
  );
  need(Object.hasOwn(statusIcons, status), 'its status is unknown');
  need(isOptional(state.notice, isText) && isList(problems, (one) => isText(one.message)), 'its messages are damaged');
  const vectors = [checkpoint.parameters, initial, gradients, lastChange];
  need(
    vectors.every((vector) => vector instanceof Float32Array && vector.length === initial.length),
    'its parameters are damaged',
  );
  need(isCount(checkpoint.epoch) && isCount(checkpoint.batch), 'its position is damaged');
  need(
    [state.seconds, state.trainLoss, state.validationLoss].every((value) => typeof value === 'number'),
    'its losses are damaged',
  );
  if (shape) checkShape(shape);
  try {
    // What people see of it first; it has reports that are not gone into one by one.
    takeSnapshot(state);
    if (history.length > 0) verdictOf(state);
  } catch {
    throw new Unreadable('its reports are damaged');
  }
}

function checkShape(shape: NonNullable<RunState['shape']>): void {
  const { seed, epochs, logEvery, batchSize, batchesPerEpoch, trainRows, validationRows, lr } = shape;
  const counts = [seed, epochs, logEvery, batchSize, batchesPerEpoch, trainRows, validationRows];
  need(counts.every(isCount) && typeof lr === 'number', 'its settings are damaged');
  need(
    [shape.inputNames, shape.targetNames, shape.classNames ?? []].every((list) => isList(list, isText)),
    'its columns are damaged',
  );
  const isPlace = (place: unknown) => isCount(place) && (place as number) < shape.inputNames.length;
  need(
    isList(shape.products ?? [], (factors) => isList(factors, isPlace)),
    'its columns are damaged',
  );
  need([shape.loss, shape.optimizer, shape.scheduler ?? 'none'].every(isWord), 'its settings are damaged');
  need(
    isList(shape.model?.layers, (layer) => typeof layer === 'object' && layer !== null),
    'its model is damaged',
  );
}

function need(isSound: boolean, reason: string): void {
  if (!isSound) throw new Unreadable(reason);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}

/** A name as PyTorch has them. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[\w.]{1,100}$/.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isOptional(value: unknown, isSound: (value: unknown) => boolean): boolean {
  return value === undefined || isSound(value);
}

function isList<T>(list: readonly T[] | undefined, isSound: (item: T) => boolean): boolean {
  return Array.isArray(list) && list.every((item: T) => isSound(item));
}

function isEarlier(earlier: RunState['identity']['earlier']): boolean {
  return isText(earlier?.fix) && isList(earlier.tried, isText) && typeof earlier.outcome === 'number';
}

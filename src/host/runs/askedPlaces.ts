import { linearOf } from '../../protocol/outputs';
import type { FileQuestion, WorkerQuestion } from '../../protocol/questions';
import type { RunState } from '../../protocol/state';

/** Places of its path that a picture is laid through, at most. */
const mostPlaces = 64;

/** Parameters of earlier epochs that a worker needs for an answer, because it does not keep them. */
export interface AskedPlaces {
  /** Those to answer with; absent: as they are in the worker now. */
  parameters?: Float32Array;
  /** Where the run has been, the start first. */
  path?: Float32Array[];
}

/** @param isElsewhere the run continues in another window, while its own worker stands where it was opened. */
export function askedPlaces(
  state: RunState,
  question: WorkerQuestion | FileQuestion,
  isElsewhere: boolean,
): AskedPlaces {
  const parameters = parametersFor(state, question, isElsewhere);
  const isPath = question.kind === 'landscape' && state.shape !== undefined && !linearOf(state.shape);
  return { ...(parameters && { parameters }), ...(isPath && { path: pathOf(state) }) };
}

function parametersFor(
  { checkpoint, history, initial }: RunState,
  question: WorkerQuestion | FileQuestion,
  isElsewhere: boolean,
): Float32Array | undefined {
  if ('at' in question && question.at !== undefined) {
    return history.weightsAfter(question.at)?.parameters.slice() ?? initial;
  }
  return isElsewhere ? checkpoint.parameters : undefined;
}

/** The start and recorded places after it, evenly spread over the epochs. */
function pathOf({ history, initial }: RunState): Float32Array[] {
  const every = Math.max(1, Math.ceil(history.length / (mostPlaces - 1)));
  const path = [initial];
  for (let epochs = every; epochs <= history.length; epochs += every) {
    const record = history.weightsAfter(epochs);
    if (record) path.push(record.parameters.slice());
  }
  return path;
}

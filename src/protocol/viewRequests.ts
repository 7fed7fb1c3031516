/** What a view asks of the extension host. */
import type { Question } from './questions';
import type { SetControls } from './runControls';

/** A file that a view without a run offers to train on. */
export interface OfferedFile {
  uri: string;
  /** Its path in the workspace. */
  name: string;
  isConfig: boolean;
}

/** What the buttons of the training view do. `runAgain` takes the config of the shown run as it stands now, `restart` as it stood then. */
export type ViewAction =
  | 'run'
  | 'runAgain'
  | 'runTutorial'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'restart'
  | 'step'
  | 'stepEpoch'
  | 'openConfig'
  | 'openPanel'
  | 'compareWith'
  | 'compareWithNone';

/** What the pictures of plots are called. */
export type PlotName = 'loss' | 'landscape' | 'predictions' | 'surface';

/** View to host. */
export interface ViewMessage {
  /** The run on screen when it was asked for; absent where there was none. */
  runId?: string;
  request: ViewRequest;
}

/** What a view asks for. */
export type ViewRequest =
  /** The page is up and wants a snapshot. `page` is another number each time that the page is loaded. */
  | { type: 'ready'; page: number }
  /** A snapshot or changes are on the screen. */
  | { type: 'drawn'; update: number }
  | { type: 'action'; action: ViewAction }
  | { type: 'control'; controls: SetControls }
  /** Run one of the files that were offered; any other is refused. */
  | { type: 'runOffered'; uri: string }
  | { type: 'ask'; requestId: number; question: Question }
  /** Go to where the run stood after `batch` batches of epoch `epoch`, and rest there. */
  | { type: 'seek'; epoch: number; batch: number }
  /** Save a picture of a plot. `png`: the bytes of the file in base64. */
  | { type: 'savePicture'; plot: PlotName; png: string }
  /** Write a fix of the run on screen into its config, and run it again. `id`: see `fixId`; refused where it is not offered now. */
  | { type: 'applyFix'; id: string }
  /** Show the place of a problem of the run on screen. `id`: see `problemId`. */
  | { type: 'showProblem'; id: string };

import type { Problem } from '../base/problem';
import type { DataReport } from '../engine/report/dataReport';
import type { CurvatureReport } from '../engine/report/report';
import type { FileContent } from './protocol';

/** What a run is opened from. */
export interface OpenRunRequest {
  configText: string;
  /** What problems call the config. */
  configFile: string;
  /** Used where the config gives none. */
  seed: number;
  /** The file that the config names; absent where it is not there. */
  file?: FileContent;
  /** Of runs that follow one another on the same data file: the same word for all, so that its rows are read once. */
  rows?: string;
}

/** The largest eigenvalue of the Hessian of a net's training loss before its first step. */
export interface StartSharpness {
  value: number;
  /** Training rows that it is measured over, of how many. */
  rows: number;
  trainRows: number;
}

/** What a config, its data and their curvature say before anything is trained. */
export interface CheckedRun {
  /** In config and data file, whatever is wrong or worth knowing. */
  problems: Problem[];
  /** Absent where the run cannot be opened, and of a net. */
  report?: CurvatureReport;
  /** Absent where the run cannot be opened. */
  data?: DataReport;
  /**
   * All rows would have taken a while: there is nothing but a limit of the rate, which the report says how many rows were
   * taken for. The rest is answered where it is asked for without `soon`.
   */
  isPartial?: true;
  /** Of a net, where it was asked for. */
  sharpness?: StartSharpness;
}

/** A config to check. */
export interface CheckRequest extends OpenRunRequest {
  /** Changes whenever the data file does; without it the file is read each time. */
  stamp?: string;
  /** Asks for what can be said in a moment. */
  soon?: true;
  /** Asks for nothing but what keeps the run from opening, and its report. */
  limitOnly?: true;
}

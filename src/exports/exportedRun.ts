import type { ExportQuery } from '../protocol/fileQuestions';
import type { OpenedRun } from '../training/openRun';

/** A run as it is written to files. */
export interface ExportedRun extends Omit<ExportQuery, 'format'> {
  run: OpenedRun;
}

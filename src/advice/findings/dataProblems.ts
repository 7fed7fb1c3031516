import type { Problem } from '../../base/problem';
import type { ParsedConfig } from '../../config/parseConfig';
import type { DataReport } from '../../engine/report/dataReport';
import type { CurvatureReport } from '../../engine/report/report';
import { dataFindings } from './dataFindings';
import { placed } from './finding';

/** What a run's rows speak against it, as problems at the keys that it is about. */
export function dataProblems({ source }: ParsedConfig, data: DataReport, curvature?: CurvatureReport): Problem[] {
  return placed(source, dataFindings(data, curvature));
}

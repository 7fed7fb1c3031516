import type { DataReport } from '../../engine/report/dataReport';
import type { ConfigFix } from '../fixes/configFix';

/** Leaves an input out. Undefined where it is no column of a file by itself. */
export function leaveOut(input: number, fileColumns: DataReport['fileColumns']): ConfigFix | undefined {
  const name = fileColumns?.[input];
  if (!fileColumns || typeof name !== 'string') return undefined;
  const kept = [...new Set(fileColumns)].filter((other) => other !== null && other !== name);
  const edits = [{ path: ['dataset', 'inputs'], value: kept }];
  return { kind: 'leave-out', title: `Leave out ${JSON.stringify(name)}`, edits };
}

import type { JSONPath } from 'jsonc-parser';
import type { Problem } from '../../base/problem';
import type { SourceMap } from '../../config/sourceMap';
import type { ConfigFix } from '../fixes/configFix';
import type { VerdictCode } from './judgement';

/** Something that speaks against a run, with what mends it and the key of the config that it is about. */
export interface Finding {
  code: VerdictCode;
  sentence: string;
  numbers: Record<string, number>;
  /** The best one first. */
  fixes: ConfigFix[];
  place: JSONPath;
  /** At the key itself, where its value is long. */
  isAtKey?: boolean;
  severity: Problem['severity'];
  /** The code of its problem, where it is another word. */
  problem?: string;
  /** Worth a note at its key, and never the verdict. */
  isNote?: boolean;
}

/** The code of a finding's problem. */
export function problemCode({ code, problem }: Pick<Finding, 'code' | 'problem'>): string {
  return problem ?? code.replaceAll('_', '-');
}

/** Findings as problems at a config's keys. */
export function placed(source: Pick<SourceMap, 'problemAt'>, findings: readonly Finding[]): Problem[] {
  return findings.map((finding) => {
    const { sentence, severity, place, isAtKey } = finding;
    const problem = { message: sentence.replace(/\.$/, ''), severity, code: problemCode(finding) };
    return source.problemAt(place, problem, isAtKey ? 'key' : 'value');
  });
}

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

/** Findings as problems at a config's keys. */
export function placed(source: Pick<SourceMap, 'problemAt'>, findings: readonly Finding[]): Problem[] {
  return findings.map(({ code, sentence, severity, place, isAtKey, problem = code.replaceAll('_', '-') }) => {
    const finding = { message: sentence.replace(/\.$/, ''), severity, code: problem };
    return source.problemAt(place, finding, isAtKey ? 'key' : 'value');
  });
}

import type { BestRule } from '../../src/compare/bestRun';
import type { ComparedRun } from '../../src/compare/comparedRun';
import { formatRounded } from '../../src/base/format';
import { element, setText } from '../page/dom';
import { addChoice, createDropdown } from '../page/toolkit';
import type { RunColumn } from './columns';

/** Which run is best, and by what. */
export interface BestInput {
  rules: readonly BestRule[];
  rule: BestRule | undefined;
  best: ComparedRun | undefined;
  columns: readonly RunColumn[];
  /** Runs that are compared. */
  count: number;
}

/** A sentence on the best run, and the choice of the rule by which it is found. */
export class BestRunLine {
  readonly element = element('p', {
    class: 'compare-answer',
    testId: 'compare-best',
    attributes: { role: 'status' },
  });
  readonly rules;
  private ruleIds = '';

  constructor(onChange: (rule: string) => void) {
    this.rules = createDropdown({ label: 'What the best run has', testId: 'compare-rule', choices: [], onChange });
  }

  update({ rules, rule, best, columns, count }: BestInput): void {
    const ids = rules.map(({ id }) => id).join();
    if (ids !== this.ruleIds) {
      this.ruleIds = ids;
      this.rules.replaceChildren();
      for (const { id, title } of rules) addChoice(this.rules, id, title);
    }
    if (rule) this.rules.value = rule.id;
    if (!best || !rule) return setText(this.element, count > 0 ? 'No run has ended well yet.' : '');
    const told = columns
      .filter(({ id }) => id.startsWith('set:'))
      .map((column) => `${column.title} ${column.textOf(best)}`);
    const what = told.length > 0 ? ` (${told.join(', ')})` : '';
    const value = formatRounded(rule.valueOf(best) ?? NaN, 5);
    setText(this.element, `Best: ${best.name}${what} has ${rule.title}, ${value}.`);
  }
}

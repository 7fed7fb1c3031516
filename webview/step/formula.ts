import { formatCount, formatFactor } from '../../src/base/format';
import { element } from '../page/dom';
import type { Sum, Term, Tokens } from './stepLines';

/** Terms of a sum that stand in a line before it is shortened, and at most when a person asks for all. */
const fewTerms = 4;
const mostTerms = 100;

/** How the sums of a formula are shown. */
export interface SumOptions {
  expanded: boolean;
  /** Called by the button that stands for the terms left out, or that leaves them out again. */
  toggle: () => void;
}

/** A formula's numbers as elements: silent to screen readers except for the buttons of its sums. */
export function formulaOf(tokens: Tokens, options: SumOptions): Node[] {
  return tokens.flatMap((token, at) => {
    if (typeof token === 'object') return sumOf(token, options);
    if (typeof token === 'string') return [silent(token)];
    const number = silent(numberBetween(token, tokens[at - 1], tokens[at + 1]));
    number.classList.add('number');
    return [number];
  });
}

function sumOf({ terms, rest, keep }: Sum, { expanded, toggle }: SumOptions): Node[] {
  const isLong = terms.length > fewTerms;
  const shown = new Set(isLong && !expanded ? [0, 1, keep, terms.length - 1] : terms.keys());
  const nodes: Node[] = [];
  const join = (node: Node): void => {
    nodes.push(...(nodes.length > 0 ? [silent(' + '), node] : [node]));
  };
  terms.slice(0, Math.max(mostTerms, keep + 1)).forEach((term, i) => {
    if (shown.has(i)) join(termOf(term, i === keep && terms.length + rest > 1));
    else if (!shown.has(i - 1)) return;
    else join(button('…', `Show all ${formatCount(terms.length)} terms`, toggle));
  });
  const left = terms.length - Math.max(mostTerms, keep + 1) + rest;
  if (expanded && left > 0) join(more(left));
  else if (rest > 0) join(more(rest));
  if (isLong && expanded) nodes.push(silent(' '), button('less', 'Show fewer terms', toggle));
  return nodes;
}

function more(count: number): HTMLElement {
  const made = silent(`… ${formatCount(count)} more`);
  made.classList.add('number');
  return made;
}

function termOf(term: Term, isKept: boolean): Node {
  // A term by itself follows a plus, so that what is negative stands in brackets.
  const text = term.map((token, at) => {
    return typeof token === 'number'
      ? numberBetween(token, at === 0 ? ' + ' : term[at - 1], term[at + 1])
      : String(token);
  });
  const whole = silent(text.join(''));
  whole.classList.add('term');
  whole.toggleAttribute('data-followed', isKept);
  return whole;
}

/** A negative number after an operator or before a square stands in brackets. */
function numberBetween(value: number, before: Tokens[number] | undefined, after: Tokens[number] | undefined): string {
  const text = formatFactor(value);
  const follows = typeof before === 'string' && /[−+×/√] ?$/.test(before);
  const isSquared = typeof after === 'string' && after.startsWith('²');
  return text.startsWith('−') && (follows || isSquared) ? `(${text})` : text;
}

function silent(text: string): HTMLElement {
  return element('span', { text, attributes: { 'aria-hidden': 'true' } });
}

function button(text: string, label: string, toggle: () => void): HTMLElement {
  const made = element('button', { class: 'terms-button', text, attributes: { type: 'button', 'aria-label': label } });
  made.title = label;
  made.addEventListener('click', toggle);
  return made;
}

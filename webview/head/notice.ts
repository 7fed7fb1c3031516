import { formatQuantity } from '../../src/base/format';
import { problemId, type Problem } from '../../src/base/problem';
import type { RunState } from '../../src/protocol/state';
import { element, icon, setSentence } from '../page/dom';
import type { Host } from '../page/connectHost';
import { obstacleWords, problemCounts, surroundingsWords } from '../../src/advice/headWords';
import { divergenceSentence } from '../../src/advice/verdicts/verdict';
import { memo } from '../page/memo';
import { Fixes } from './fixes';

/** What has to be said about a run in words: that it diverged and why, what keeps it from running, what happened to it. */
export class Notice {
  readonly element = element('div', { class: 'notice', testId: 'notice' });
  private readonly fixes: Fixes;
  private readonly isNew = memo();

  constructor(private readonly host: Host) {
    this.fixes = new Fixes(host);
  }

  /** Shows what there is to say about the run, or nothing. */
  render(run: RunState): void {
    // They know best when they are others: also when they have been tried out.
    this.fixes.render(run);
    if (!this.isNew(run.status, run.notice, run.divergence, run.problems, run.curvature, run.shape, run.surroundings))
      return;
    const content = this.withSurroundings(run, this.contentFor(run));
    this.element.hidden = content === undefined;
    this.element.replaceChildren(...(content ?? []));
  }

  /** Files that have changed or are gone are said of before all else. */
  private withSurroundings({ surroundings = {} }: RunState, content: Node[] | undefined): Node[] | undefined {
    const words = surroundingsWords(surroundings);
    if (words === undefined) return content;
    const line = element('p', { testId: 'surroundings', text: words });
    const [sign, ...rest] = content ?? [icon('info')];
    return [sign, element('div', {}, line, ...rest)];
  }

  private contentFor(run: RunState): Node[] | undefined {
    const isError = run.status === 'failed' || run.status === 'diverged';
    this.element.dataset['severity'] = isError ? 'error' : run.notice ? 'information' : 'note';
    if (run.status === 'failed') return this.problems(run.problems);
    if (run.status === 'diverged') {
      return [icon('error'), element('div', {}, sentence(divergenceWords(run)), this.fixes.element)];
    }
    if (run.notice) return [icon('info'), sentence(run.notice)];
    return run.problems.length > 0 ? this.notes(run.problems) : undefined;
  }

  private problems(problems: readonly Problem[]): Node[] {
    const errors = problems.filter(({ severity }) => severity === 'error');
    const rest = problems.filter(({ severity }) => severity !== 'error');
    const folded = rest.length > 0 ? [this.folded('other-problems', problemCounts(rest), rest, errors.length)] : [];
    const words = element('p', { text: obstacleWords(problems) });
    return [icon('error'), element('div', {}, words, this.fixes.element, this.list(errors), ...folded)];
  }

  /** Folded, for they keep nobody from training. */
  private notes(problems: readonly Problem[]): Node[] {
    const words = `${formatQuantity(problems.length, 'note')} on the data`;
    return [icon('info'), this.folded('notes', words, problems)];
  }

  private folded(testId: string, words: string, problems: readonly Problem[], first = 0): HTMLElement {
    return element('details', { testId }, element('summary', { text: words }), this.list(problems, first));
  }

  private list(problems: readonly Problem[], first = 0): HTMLElement {
    const list = element('ul', { class: 'problems' });
    list.append(...problems.map((problem, index) => element('li', {}, this.problemButton(problem, first + index))));
    return list;
  }

  private problemButton(problem: Problem, index: number): HTMLElement {
    const place = `${problem.file ? `${baseName(problem.file)}:` : ''}${problem.line}:${problem.column}`;
    const button = element(
      'button',
      {
        class: 'problem',
        testId: `problem-${index}`,
        attributes: { type: 'button', title: `Go to ${problem.file ?? 'the place'}, line ${problem.line}` },
      },
      icon(problem.severity === 'information' ? 'info' : problem.severity),
      element('span', { class: 'problem-message', text: problem.message }),
      element('span', { class: 'problem-place', text: place }),
    );
    button.dataset['severity'] = problem.severity;
    button.addEventListener('click', () => this.host.post({ type: 'showProblem', id: problemId(problem) }));
    return button;
  }
}

function sentence(words: string): HTMLElement {
  const line = element('p');
  setSentence(line, words);
  return line;
}

/** What is to be said about a divergence: the host's words where it has some. */
export function divergenceWords(run: RunState): string {
  return run.notice ?? divergenceSentence(run);
}

function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

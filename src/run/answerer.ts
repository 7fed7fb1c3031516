import type { Mistake } from '../engine/mistakes';
import { batchAccount } from './batchAccount';
import { MistakeRun } from './mistakes';
import type { OpenedRun } from './openRun';
import type { Answer, Question } from './questions';
import { RowsPager } from './rowsPager';

/** Answers questions about a run. */
export class Answerer {
  private readonly pager: RowsPager;

  private mistake: MistakeRun | undefined;

  /** @param now milliseconds from some fixed moment. */
  constructor(
    private readonly run: OpenedRun,
    private readonly now: () => number,
  ) {
    this.pager = new RowsPager(run);
  }

  /** @param parameters those to answer with; those as they are now where left out. */
  answer(question: Question, parameters = this.run.trainer.parts.model.parameters): Answer {
    switch (question.kind) {
      case 'rows':
        return this.pager.page(question.query, parameters);
      case 'batch':
        return batchAccount(this.run, question.query);
      case 'mistake':
        return this.mistakeRun(question.query.mistake).curve(question.query.first);
    }
  }

  private mistakeRun(mistake: Mistake): MistakeRun {
    if (this.mistake?.mistake !== mistake) this.mistake = new MistakeRun(this.run, mistake, this.now);
    return this.mistake;
  }
}

import { Landscape } from './landscape/landscape';
import { landscapeParts } from './landscape/landscapeParts';
import type { OpenedRun } from './openRun';
import type { Answer, Question } from './questions';
import { RowsPager } from './rowsPager';

/** Answers questions about a run. */
export class Answerer {
  private readonly pager: RowsPager;
  private landscape: Landscape | undefined;

  constructor(private readonly run: OpenedRun) {
    this.pager = new RowsPager(run);
  }

  /** @param parameters those to answer with; those as they are now where left out. */
  answer(question: Question, parameters = this.run.trainer.parts.model.parameters): Answer {
    switch (question.kind) {
      case 'rows':
        return this.pager.page(question.query, parameters);
      case 'landscape':
        this.landscape ??= new Landscape(landscapeParts(this.run));
        return this.landscape.plane(question.query, parameters);
    }
  }
}

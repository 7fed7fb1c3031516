import { element, icon, setText } from '../page/dom';
import { describeViewed, type ViewedModel } from '../page/viewedRun';

/** Says beside a heading that the section shows an earlier model. */
export class PastChip {
  private readonly words = element('span');
  private readonly element = element('span', { class: 'past-chip', testId: 'past-chip' }, icon('history'), this.words);

  constructor(heading: HTMLElement) {
    this.element.hidden = true;
    heading.after(this.element);
  }

  /** Shows how old the model is; nothing where it is the run's own. */
  render(model: ViewedModel): void {
    this.element.hidden = model.isLive;
    if (!model.isLive) setText(this.words, describeViewed(model));
  }
}

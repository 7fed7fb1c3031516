import type { ViewRequest, ViewUpdate } from '../../src/protocol/protocol';
import type { Answer, Question } from '../../src/protocol/questions';
import { Requests } from '../../src/protocol/requests';

/** Asks the host about the run on screen. An answer may never come: a page that is hidden gets no messages. */
export type Ask = <Q extends Question>(question: Q) => Promise<Answer<Q['kind']>>;

/** Brings each answer to the one who asked. */
export class Questions {
  private readonly requests = new Requests<Answer>();

  constructor(private readonly post: (request: ViewRequest) => void) {}

  /** See `Ask`. */
  readonly ask: Ask = <Q extends Question>(question: Q) =>
    this.requests.send((requestId) => this.post({ type: 'ask', requestId, question }));

  /** Takes in what the host answers. */
  receive(update: Extract<ViewUpdate, { type: 'answer' | 'askFailed' }>): void {
    if (update.type === 'answer') this.requests.resolve(update.requestId, update.answer);
    else this.requests.reject(update.requestId, new Error(update.message));
  }
}

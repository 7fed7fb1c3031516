import type { ViewRequest, ViewUpdate } from '../../src/protocol/protocol';
import type { Answer, Question } from '../../src/protocol/questions';

/** Asks the host about the run on screen. An answer may never come: a page that is hidden gets no messages. */
export type Ask = <Q extends Question>(question: Q) => Promise<Answer<Q['kind']>>;

/** Brings each answer to the one who asked. */
export class Questions {
  private readonly waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  private lastId = 0;

  constructor(private readonly post: (request: ViewRequest) => void) {}

  /** See `Ask`. */
  readonly ask: Ask = <Q extends Question>(question: Q) => {
    const requestId = ++this.lastId;
    this.post({ type: 'ask', requestId, question });
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.set(requestId, { resolve, reject });
    });
  };

  /** Takes in what the host answers. */
  receive(update: Extract<ViewUpdate, { type: 'answer' | 'askFailed' }>): void {
    const asked = this.waiting.get(update.requestId);
    this.waiting.delete(update.requestId);
    if (update.type === 'answer') asked?.resolve(update.answer);
    else asked?.reject(new Error(update.message));
  }
}

/** Requests that wait for their replies, which come in any order and bear the request's number. */
export class Requests<Reply> {
  private readonly waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
  private lastId = 0;

  /** How many wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** Sends a request under a number of its own. Resolves with what is replied to it, rejects where it failed. */
  send(post: (requestId: number) => void): Promise<Reply> {
    const requestId = ++this.lastId;
    return new Promise<Reply>((resolve, reject) => {
      this.waiting.set(requestId, { resolve, reject });
      try {
        post(requestId);
      } catch (error) {
        this.reject(requestId, error as Error);
      }
    });
  }

  /** A reply has come; one to a request that no longer waits is dropped. */
  resolve(requestId: number, reply: Reply): void {
    this.take(requestId)?.resolve(reply);
  }

  /** A request has failed. */
  reject(requestId: number, error: Error): void {
    this.take(requestId)?.reject(error);
  }

  /** No reply comes any more. */
  rejectAll(error: Error): void {
    for (const requestId of [...this.waiting.keys()]) this.reject(requestId, error);
  }

  private take(requestId: number) {
    const waiting = this.waiting.get(requestId);
    this.waiting.delete(requestId);
    return waiting;
  }
}

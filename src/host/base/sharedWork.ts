import { CancellationError, CancellationTokenSource, type CancellationToken } from 'vscode';

/** Work that several may wait for. It is given up when the last of them does not wait any more. */
export class SharedWork<T> {
  /** What came out; undefined until then. */
  result: T | undefined;
  /** Whether nothing will come out: the work failed or was given up. */
  isLost = false;
  private readonly source = new CancellationTokenSource();
  private readonly promise: Promise<T>;
  private holds = 0;

  constructor(work: (token: CancellationToken) => Promise<T>) {
    this.promise = work(this.source.token);
    this.promise.then(
      (result) => (this.result = result),
      () => (this.isLost = true),
    );
  }

  /** Keeps the work going until the function that is returned is called, once. */
  hold(): () => void {
    this.holds++;
    return () => {
      if (--this.holds > 0 || this.result !== undefined || this.isLost) return;
      this.isLost = true;
      this.source.cancel();
    };
  }

  /** What comes out. @throws CancellationError as soon as the token says so */
  async wait(token?: CancellationToken): Promise<T> {
    const release = this.hold();
    try {
      return await (token ? Promise.race([this.promise, cancellationOf(token)]) : this.promise);
    } finally {
      release();
    }
  }
}

function cancellationOf(token: CancellationToken): Promise<never> {
  return new Promise((_, reject) => {
    if (token.isCancellationRequested) reject(new CancellationError());
    else token.onCancellationRequested(() => reject(new CancellationError()));
  });
}

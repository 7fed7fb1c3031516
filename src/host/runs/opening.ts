/** The way from "a worker is needed" to a worker that has the data, or to none. */
export class Opening {
  /** True once the worker has the data, false where it will never have them. */
  readonly promise: Promise<boolean>;
  /** Whether the promise is. */
  isSettled = false;
  private resolve: (opened: boolean) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => (this.resolve = resolve));
  }

  settle(opened: boolean): void {
    this.isSettled = true;
    this.resolve(opened);
  }
}

import type { Disposable } from 'vscode';

/** Owns what it registers, and disposes of it in the reverse order. */
export class Disposables implements Disposable {
  private readonly items: Disposable[] = [];

  /** Registers a disposable and gives it back. */
  protected own<T extends Disposable>(item: T): T {
    this.items.push(item);
    return item;
  }

  dispose(): void {
    while (this.items.length > 0) this.items.pop()?.dispose();
  }
}

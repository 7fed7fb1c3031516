import { CancellationTokenSource, ProgressLocation, window, type CancellationToken } from 'vscode';

/** Milliseconds that something may take without a word. */
const quietTime = 500;

/** Does what may take long. When it does, a notification says so and can cancel it; undefined where somebody did. */
export async function withSlowProgress<T>(
  title: string,
  task: (token: CancellationToken) => Promise<T>,
): Promise<T | undefined> {
  const source = new CancellationTokenSource();
  const result = task(source.token);
  const end = result.then(
    () => {},
    () => {},
  );
  const show = () =>
    void window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
      token.onCancellationRequested(() => source.cancel());
      return end;
    });
  const timer = setTimeout(show, quietTime);
  try {
    return await result;
  } catch (error) {
    if (source.token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

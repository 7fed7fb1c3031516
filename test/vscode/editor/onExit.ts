const tasks = new Set<() => void>();
const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Does `task` when this process ends, by its end, an error or a signal, and returns how to take that back. The task must be
 * synchronous.
 */
export function onExit(task: () => void): () => void {
  if (tasks.size === 0) listen();
  tasks.add(task);
  return () => {
    if (tasks.delete(task) && tasks.size === 0) stopListening();
  };
}

function runTasks() {
  for (const task of [...tasks].reverse()) task();
  tasks.clear();
  stopListening();
}

/** Ends as if the signal had never been caught, so that whoever started this process sees why it ended. */
function endBySignal(signal: NodeJS.Signals) {
  runTasks();
  process.kill(process.pid, signal);
}

function listen() {
  process.on('exit', runTasks);
  for (const signal of signals) process.on(signal, endBySignal);
}

function stopListening() {
  process.off('exit', runTasks);
  for (const signal of signals) process.off(signal, endBySignal);
}

/**
 * `opening`: the worker reads config and data. `ready`: nothing trained yet. `paused`: can continue.
 * `finished`, `early_stopped`, `stopped` and `diverged` are ends. `failed`: never opened; the problems say why.
 */
export type RunStatus =
  | 'opening'
  | 'ready'
  | 'running'
  | 'paused'
  | 'finished'
  | 'early_stopped'
  | 'stopped'
  | 'diverged'
  | 'failed';

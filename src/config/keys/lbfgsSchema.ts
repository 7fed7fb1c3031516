import { Type } from '@sinclair/typebox';
import { lr, type } from './optimizerKit';
import { count, tag, withDefault, words } from './schemaKit';

const tolerance = (description: string, value: number) => withDefault(Type.Number({ minimum: 0, description }), value);

/** `torch.optim.LBFGS`. */
export const lbfgs = Type.Object(
  {
    type: tag(
      'LBFGS',
      'Newton’s method with a Hessian guessed from past gradients; several moves a step, on all rows at once.',
      type,
    ),
    lr: withDefault(
      Type.Number({
        ...lr,
        description:
          'Length of each move, as a share of a Newton step (`LBFGS` lr); with a line search its first guess.',
      }),
      1,
    ),
    max_iter: withDefault(
      count(1, {
        description:
          'Maximal number of moves in a step, which is an epoch (`LBFGS` max_iter). `loss` of an epoch is that before the first move, as PyTorch’s `step(closure)` returns it.',
        aliases: ['iterations', 'max_iterations'],
      }),
      20,
    ),
    max_eval: Type.Optional(
      count(1, {
        description:
          'Maximal number of evaluations of the loss in a step (`LBFGS` max_eval); a line search may take some more. Left out: `max_iter` * 5 / 4.',
      }),
    ),
    tolerance_grad: tolerance('A step ends where no gradient is larger (`LBFGS` tolerance_grad).', 1e-7),
    tolerance_change: tolerance(
      'A step ends where the loss or all weights change less (`LBFGS` tolerance_change).',
      1e-9,
    ),
    history_size: withDefault(
      count(1, {
        description: 'Number of past moves that are remembered, two numbers a weight each (`LBFGS` history_size).',
        aliases: ['history', 'memory', 'm'],
      }),
      100,
    ),
    line_search_fn: Type.Optional(
      words(
        { strong_wolfe: 'As far as the loss falls well and has flattened.' },
        {
          description:
            'Search along each direction for a good length (`LBFGS` line_search_fn). Left out: the length is `lr`.',
          aliases: ['line_search'],
        },
      ),
    ),
  },
  { form: 'type' },
);

import { expect, it } from 'vitest';
import { Generator } from '../../../src/engine/random/random';
import { hintOf, rowsOf, take, type Taken } from './cases';
import type { Input } from './generatedInput';
import { kindsOfCells } from './kindsOfCells';
import { kindsOfFiles } from './kindsOfFiles';

const inputsOfKind = 4;

/** What is said first: an error, else a warning. */
function told({ problems }: Taken) {
  return (
    problems.find(({ severity }) => severity === 'error') ?? problems.find(({ severity }) => severity === 'warning')
  );
}

/** Does what the messages say until the table is the right one, or nothing is said that leads on. */
async function followed(input: Input, first: Taken, right: number[][]): Promise<Taken> {
  let taken = first;
  let { content } = input;
  const keys = { ...input.keys };
  for (let tries = 0; tries < 3; tries++) {
    const problem = told(taken);
    if (!problem || JSON.stringify(rowsOf(taken)) === JSON.stringify(right)) break;
    const { mended } = input;
    if (mended && content !== mended.content && mended.says.test(problem.message)) ({ content } = mended);
    else Object.assign(keys, hintOf(problem.message));
    taken = await take(content, keys, input.fileName);
  }
  return taken;
}

it.each(Object.entries({ ...kindsOfCells, ...kindsOfFiles }))(
  'reads %s, or says where it is and how it is read',
  async (kind, make) => {
    for (let seed = 0; seed < inputsOfKind; seed++) {
      const generator = new Generator(seed);
      const input = make((limit) => generator.uint32() % limit);
      const taken = await take(input.content, input.keys, input.fileName);
      const context = `${kind} ${seed}: ${JSON.stringify(taken.problems)}\n${String(input.content)}`;
      const problem = told(taken);
      if (input.place) expect([problem?.line, problem?.column], context).toEqual(input.place);
      const right = (input.cured ?? input.rows).map((row) => row.map(Math.fround));
      const last = await followed(input, taken, right);
      expect(rowsOf(last), `${context}\n${JSON.stringify(last.problems)}`).toEqual(right);
      const names = [...last.dataset!.inputNames, ...last.dataset!.targetNames];
      expect(
        names.map((name, i) => input.names[i] && name),
        context,
      ).toEqual(input.names);
    }
  },
);

it('makes two hundred inputs and more', () => {
  expect(Object.keys({ ...kindsOfCells, ...kindsOfFiles }).length * inputsOfKind).toBeGreaterThanOrEqual(200);
});

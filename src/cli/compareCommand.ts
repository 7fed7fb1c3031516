import * as path from 'node:path';
import { bestRun, rulesFor } from '../compare/bestRun';
import { differingKeys } from '../compare/comparedRun';
import type { PoolMember } from '../sweep/memberPool';
import { comparedJson } from './comparedJson';
import { comparedTable } from './comparedTable';
import { printJson } from './printJson';
import { printProblems } from './problemLines';
import type { RunInput } from './readRunInput';
import { withPool, type PoolOptions } from './withPool';
import { say } from './say';

/** Trains several configs or datasets and prints what differs between them and how they ended; returns the exit status. */
export async function compareCommand(
  inputs: readonly RunInput[],
  { json, jobs }: PoolOptions & { json: boolean },
): Promise<number> {
  const names = inputs.map(({ madeFor, configFile }) => madeFor ?? configFile);
  // Those that name no seed share one: what is compared is what their configs say.
  const [{ seed }] = inputs;
  const makeMembers = () => inputs.map((input, i) => poolMember({ ...input, seed }, i));
  return withPool(inputs.length, { jobs }, makeMembers, async ({ pool, compared }) => {
    await pool.check();
    const usable = [...inputs.keys()].filter((i) => pool.stateOf(i).status !== 'failed');
    await pool.train(usable);
    for (const [i, { status, problems }] of pool.states.entries()) {
      if (status === 'failed') printProblems(problems, inputs[i]);
    }
    if (usable.length < inputs.length) return 2;
    const runs = names.map((name, i) => ({ ...compared(i), name }));
    const [rule] = rulesFor(runs);
    const best = rule && bestRun(runs, rule);
    if (json) {
      const keys = differingKeys(runs);
      for (const [i, run] of runs.entries()) {
        const set = Object.fromEntries(keys.map((key) => [key, run.settings[key] ?? null]));
        printJson({ event: 'run', file: names[i], set, ...comparedJson(run) });
      }
      printJson({ event: 'end', best: best ? { file: best.name, rule: rule.id, value: rule.valueOf(best) } : null });
    } else {
      say(names.map((name, i) => `${i + 1}  ${path.normalize(name)}\n`).join('') + '\n');
      say(comparedTable(runs, rule));
    }
    return runs.some(({ status }) => status === 'finished') ? 0 : 1;
  });
}

function poolMember(input: RunInput, i: number): PoolMember {
  const { configText, configFile, seed, file, madeFor } = input;
  const rows = file && 'path' in file ? file.path : '';
  const identity = { id: String(i + 1), name: path.basename(madeFor ?? configFile), startedAt: Date.now() };
  return { identity, request: { configText, configFile, seed, rows, ...(file && { file }) } };
}

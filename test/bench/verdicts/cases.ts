import { Draws } from './rows';
import { anyHealthy, type Case } from './healthy';
import { faults } from './linearFaults';
import { healthyNet, netFaults } from './netFaults';

/** Healthy runs of nets and of linear layers. */
async function healthyCase(draws: Draws, isNet: boolean) {
  const { run, problem } = isNet ? await healthyNet(draws, true) : await anyHealthy(draws, { isVaried: true });
  return { title: problem.name, run, healthy: run };
}

/** Where the seeds of each kind begin. */
const firstSeeds = { build: 2, final: 100_001 };

/** Cases of one kind of seeds: half of them healthy, 1 of 5 a net. */
export async function* makeCases(half: 'build' | 'final', count: number): AsyncGenerator<Case> {
  const labels = [Object.entries(faults), Object.entries(netFaults)];
  let [made, turns] = [0, [0, 0]];
  for (let seed = firstSeeds[half]; made < count; seed += 2) {
    const draws = new Draws(1000 + seed);
    const index = made;
    const isNet = index % 5 === 4;
    const isHealthy = index % 2 === 0;
    const [label, fault] = labels[Number(isNet)][turns[Number(isNet)] % labels[Number(isNet)].length];
    const found = isHealthy ? await healthyCase(draws, isNet) : await fault(draws);
    if (!found) continue;
    if (!isHealthy) turns = turns.map((turn, i) => (i === Number(isNet) ? turn + 1 : turn));
    made++;
    yield { seed, label: isHealthy ? 'healthy' : label, isNet, ...found };
  }
}

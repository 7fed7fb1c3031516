import { describe, expect, it } from 'vitest';
import { trainRun } from '../../../src/cli/trainedRun';
import { checkConfig } from '../../../src/config/checkConfig';
import { parseConfig } from '../../../src/config/parseConfig';
import { netConfig } from '../../../src/config/templates/netTemplate';
import { listedMetrics } from '../../../src/advice/metricWords';

describe.each([
  ['xor', 'Accuracy', 0.95],
  ['spirals', 'Accuracy', 0.98],
  ['curve', 'R²', 0.95],
] as const)('the sample %s', (sample, metric, least) => {
  it('has no problem, and a net that learns rows it never saw', async () => {
    const text = netConfig(sample);
    const parsed = parseConfig(text, 'a.gd.json');
    expect([...parsed.problems, ...checkConfig(parsed)].filter(({ severity }) => severity !== 'information')).toEqual(
      [],
    );
    const run = (await trainRun({ configText: text, configFile: 'a.gd.json', seed: 0 }, () => undefined))!;
    const { train, validation } = run.state.metrics!;
    for (const rows of [train, validation!]) {
      const [first] = listedMetrics(rows);
      expect(`${metric} ${Number(first.model) >= least}`).toBe(`${metric} true`);
    }
  });
});

import { expect, it } from 'vitest';
import { configReference } from '../../../src/config/published/configReference';
import { tableKeys } from '../../../src/config/keySchema';
import { configSchema } from '../../../src/config/schema';

it('is what docs/config.md says; `npx vitest run --config test/vitest.config.mts --project unit test/config/published/configReference.test.ts -u` writes it', async () => {
  await expect(configReference()).toMatchFileSnapshot('../../../docs/config.md');
});

it('has every key', () => {
  const reference = configReference();
  for (const { path } of tableKeys(configSchema)) {
    expect(reference).toContain(`| \`${path[path.length - 1]}\` |`);
  }
});

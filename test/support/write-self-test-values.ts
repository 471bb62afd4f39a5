/** Writes `runtime/backend/self-test-values.ts`; run by `npm run self-test-values` after a change of the plan. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { computeSelfTestValues } from './self-test-values.ts';

const target = fileURLToPath(new URL('../../runtime/backend/self-test-values.ts', import.meta.url));
writeFileSync(
  target,
  `/** What the cases of \`self-test-plan.ts\` should give. Written by \`npm run self-test-values\`; do not edit. */
export const selfTestValues: Readonly<Record<string, readonly number[]>> = ${JSON.stringify(computeSelfTestValues())};
`,
);
execFileSync('npx', ['biome', 'check', '--write', target], { stdio: 'inherit' });

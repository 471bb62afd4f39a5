import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `npm run test:long` runs these, `npm test` all others. */
const long = 'test/**/*.long.test.ts';

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^dualc$/, replacement: source('./compiler/authoring.ts') },
      { find: /^dualc\/compiler$/, replacement: source('./compiler/index.ts') },
      { find: /^dualc\/runtime$/, replacement: source('./runtime/index.ts') },
      { find: /^dualc\/runtime\/tensors$/, replacement: source('./runtime/tensors.ts') },
      { find: /^dualc\/runtime\/node$/, replacement: source('./runtime/node.ts') },
    ],
  },
  test: {
    include: [mode === 'long' ? long : 'test/**/*.test.ts'],
    exclude: ['test/.generated/**', ...(mode === 'long' ? [] : [long])],
    testTimeout: mode === 'long' ? 600_000 : 120_000,
    maxWorkers: 2,
    // No test sees the data sets of the machine it runs on.
    env: { DUALC_DATA: '', XDG_CACHE_HOME: '/nonexistent', XDG_DATA_DIRS: '/nonexistent' },
  },
}));

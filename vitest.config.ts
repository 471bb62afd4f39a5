import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^dualc$/, replacement: source('./compiler/authoring.ts') },
      { find: /^dualc\/compiler$/, replacement: source('./compiler/index.ts') },
      { find: /^dualc\/runtime$/, replacement: source('./runtime/index.ts') },
      { find: /^dualc\/runtime\/tensors$/, replacement: source('./runtime/tensors.ts') },
      { find: /^dualc\/runtime\/node$/, replacement: source('./runtime/node.ts') },
    ],
  },
  test: { include: ['test/**/*.test.ts'], exclude: ['test/.generated/**'], testTimeout: 120_000, maxWorkers: 2 },
});

import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { testsOnBackends, testsOnWebgpu } from './test/support/tests-on-backends.ts';
import { testsThatShare } from './test/support/tests-that-share.ts';
import { webgpuProblem } from './test/support/webgpu-here.ts';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `npm run test:long` runs these, `npm test` all others, and `npm run test:native` those of both that compute; `npm run test:webgpu` some of these. */
const long = 'test/**/*.long.test.ts';

/**
 * Most of the compiler's tests share two processes, and those of the runtime that leave no traces: loading all again for each file took as
 * long as a third of them. What they leave behind is at most a backend that was started. Those that are left out replace a module, or count
 * the tensors of a process.
 */
const ofCompiler =
  'test/{compiler/{1-frontend,2-graph,3-dual,4-schedule,5-program,6-passes,7-emit,authoring,diagnostics,layers,shared},soundness}/**/!(check-kernels|liveness).test.ts';

/**
 * What a project extends is read for the mode `test`: limits of time and variables that are another mode's stand in the project. Tests on
 * TensorFlow find it where it was built, as the process that starts them does.
 */
async function projectsOf(mode: string): Promise<TestProjectConfiguration[]> {
  const testTimeout = 600_000;
  if (mode === 'long') return [{ extends: true, test: { include: [long], testTimeout } }];
  if (mode === 'webgpu') {
    const env = { DUALC_TEST_BACKEND: 'webgpu' };
    const problem = await webgpuProblem();
    if (problem === null) return [{ extends: true, test: { include: [...testsOnWebgpu], testTimeout, env } }];
    console.warn(`Tests on WebGPU are skipped: ${problem}`);
    return [{ extends: true, test: { include: ['test/runtime/backend/webgpu/*.test.ts'], env } }];
  }
  if (mode === 'native') {
    const env = { DUALC_TEST_BACKEND: 'native', XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? '' };
    return [{ extends: true, test: { include: testsOnBackends(), testTimeout, env } }];
  }
  const sharing = [ofCompiler, ...testsThatShare()];
  return [
    {
      extends: true,
      test: { name: 'shared process', include: sharing, exclude: [long], isolate: false },
    },
    {
      extends: true,
      test: {
        name: 'own process',
        include: ['test/**/*.test.ts'],
        exclude: ['test/.generated/**', long, ...sharing],
      },
    },
  ];
}

export default defineConfig(async ({ mode }) => ({
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
    testTimeout: 120_000,
    maxWorkers: 2,
    // No test sees the data sets of the machine it runs on, nor what was built there.
    env: { DUALC_DATA: '', XDG_CACHE_HOME: '/nonexistent', XDG_DATA_DIRS: '/nonexistent' },
    projects: await projectsOf(mode),
  },
}));

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  installWebgpu,
  missingPackages,
  missingProblem,
  webgpuPackages,
} from '../../../../runtime/backend/webgpu/packages.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-webgpu-'));
afterAll(() => rmSync(folder, { recursive: true }));
const asker = pathToFileURL(path.join(folder, 'asker.mjs')).href;

function install(name: string): void {
  const place = path.join(folder, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
  writeFileSync(path.join(place, 'index.js'), '');
}

describe('the packages of WebGPU', () => {
  it('are the optional peers of dualc, in these versions', () => {
    const { peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(peerDependencies).toMatchObject(webgpuPackages);
    for (const name of Object.keys(webgpuPackages)) expect(peerDependenciesMeta[name]).toEqual({ optional: true });
  });

  it('are missed where they are not, one by one, with the line that installs them', () => {
    expect(installWebgpu).toBe('npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0');
    expect(missingPackages(asker)).toEqual(['webgpu', '@tensorflow/tfjs-backend-webgpu']);
    install('webgpu');
    expect(missingPackages(asker)).toEqual(['@tensorflow/tfjs-backend-webgpu']);
    const problem = '@tensorflow/tfjs-backend-webgpu is not installed';
    expect(missingProblem(missingPackages(asker), 'any')).toBe(problem);
    expect(missingProblem(missingPackages(asker), 'this')).toBe(`${problem}: ${installWebgpu}`);
    install('@tensorflow/tfjs-backend-webgpu');
    expect(missingPackages(asker)).toEqual([]);
  });
});

/** `dualc setup native`: fetches TensorFlow, builds the addon, tries it, and puts it in its place. */
import path from 'node:path';
import { withFolderLock } from '../../../runtime/checkpoint/folder-lock.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { bytesOf, lookAtBuild, type Manifest, writeManifest } from '../../../runtime/native/manifest.ts';
import { type NativeVariant, nativeFolder, tensorFlowVersion } from '../../../runtime/native/native-build.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { sayResult, warn } from '../say.ts';
import { buildAddon } from './build-addon.ts';
import { wholeDownload } from './downloads.ts';
import { fetchPackage, fetchWheel, wheelName } from './fetch.ts';
import { requireMachine, requireSpace, thisMachine } from './machine.ts';
import { recipes, sources } from './recipe.ts';
import { type Steps, showSteps } from './steps.ts';
import { findTools, type Tools } from './tools.ts';
import { noGpu, tryBuild } from './try-build.ts';
import { layOutKernels, unpackPackage } from './unpack-package.ts';
import { unpackWheel } from './unpack-wheel.ts';
import { lockOf, moveIntoPlace, newFolder, openWorkplace, type Workplace } from './workplace.ts';

/** @throws EnvironmentError when the machine lacks something, a step fails, or another process is at it */
export async function setUpNative(variant: NativeVariant): Promise<void> {
  requireMachine(variant, thisMachine());
  const build = nativeFolder(variant);
  if (standsAlready(variant, build)) return;
  const tools = await findTools();
  await withFolderLock(lockOf(build), async held => {
    // Another setup may have ended while this one looked for its tools.
    if (standsAlready(variant, build)) return;
    const place = await openWorkplace(build);
    const made = await withSteps(place, variant, steps => make(place, variant, tools, steps));
    held.assertHeld();
    await moveIntoPlace(made.tree, build);
    if (variant === 'gpu' && !made.usesGpu) warn(noGpu);
    sayResult(
      `TensorFlow ${tensorFlowVersion} stands in ${build} (${printBytes(bytesOf(made.manifest))}): dualc computes on it from now on, and dualc doctor tests it`,
    );
  });
}

function standsAlready(variant: NativeVariant, build: string): boolean {
  const standing = lookAtBuild(variant, build);
  if (standing.state !== 'whole') return false;
  const size = printBytes(bytesOf(standing.manifest));
  sayResult(`TensorFlow ${tensorFlowVersion} stands in ${build} already (${size}); --check tries it`);
  return true;
}

/** Refuses where there is not enough room, and counts what is still to be fetched. */
async function withSteps<T>(place: Workplace, variant: NativeVariant, act: (steps: Steps) => Promise<T>): Promise<T> {
  const { wheelBytes, unpackedBytes, neededBytes } = recipes[variant];
  const isFetched = (await wholeDownload(path.join(place.downloads, wheelName), '.whl')) !== null;
  requireSpace(place.folder, neededBytes - (isFetched ? wheelBytes : 0));
  const steps = showSteps(unpackedBytes + (isFetched ? 0 : wheelBytes));
  try {
    return await act(steps);
  } finally {
    steps.stop();
  }
}

interface Made {
  /** Folder in the workplace with all that a build consists of. */
  readonly tree: string;
  readonly manifest: Manifest;
  readonly usesGpu: boolean;
}

async function make(place: Workplace, variant: NativeVariant, tools: Tools, steps: Steps): Promise<Made> {
  const recipe = recipes[variant];
  steps.begin(`fetching the sources of the addon: ${sources.addon}, ${sources.headers}`);
  const addonArchive = await fetchPackage(place, tools, sources.addon);
  const headersArchive = await fetchPackage(place, tools, sources.headers);
  steps.begin(`fetching TensorFlow: ${recipe.wheel}, ${Math.round(recipe.wheelBytes / 1e6)} MB`);
  const wheel = await fetchWheel(place, tools, recipe, steps);

  const tree = await newFolder(place, 'tree');
  const scratch = await newFolder(place, 'sources');
  steps.begin('unpacking');
  const addon = await unpackPackage(addonArchive, path.join(scratch, 'addon'), tools);
  const nodeHeaders = await unpackPackage(headersArchive, path.join(scratch, 'node'), tools);
  const tensorFlow = await unpackWheel(wheel, tree, path.join(scratch, 'include'), steps.advance);

  steps.begin('building the addon');
  await buildAddon({ addon, nodeHeaders, tensorFlow }, tree, tools);
  await layOutKernels(addon, tree);
  steps.begin('trying it');
  const { problem, usesGpu } = await tryBuild(tree, variant);
  if (problem !== null) throw new EnvironmentError(`TensorFlow was built and does not work: ${problem}`);
  return { tree, manifest: await writeManifest(tree, variant), usesGpu };
}

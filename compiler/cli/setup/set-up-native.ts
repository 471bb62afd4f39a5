/** `dualc setup native`: fetches TensorFlow, builds the addon, tries it, and puts it in its place. */
import path from 'node:path';
import { type FolderLock, withFolderLock } from '../../../runtime/checkpoint/folder-lock.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { bytesOf, lookAtBuild, writeManifest } from '../../../runtime/native/manifest.ts';
import { type NativeVariant, nativeFolder, tensorFlowVersion } from '../../../runtime/native/native-build.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { say, sayResult, warn } from '../say.ts';
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
    await withSteps(place, variant, steps => make(place, build, variant, tools, steps, held));
  });
}

function standsAlready(variant: NativeVariant, build: string): boolean {
  const standing = lookAtBuild(variant, build);
  if (standing.state === 'damaged') say(`${standing.problem}: it is built again`);
  if (standing.state !== 'whole') return false;
  sayResult(
    `TensorFlow ${tensorFlowVersion} stands in ${build} already (${printBytes(bytesOf(standing.manifest))}); --check tries it`,
  );
  return true;
}

/** Refuses where there is not enough room, and counts what is still to be fetched. */
async function withSteps(
  place: Workplace,
  variant: NativeVariant,
  act: (steps: Steps) => Promise<void>,
): Promise<void> {
  const { wheelBytes, unpackedBytes, neededBytes } = recipes[variant];
  const isFetched = (await wholeDownload(path.join(place.downloads, wheelName), '.whl')) !== null;
  requireSpace(place.folder, neededBytes - (isFetched ? wheelBytes : 0));
  const steps = showSteps(unpackedBytes + (isFetched ? 0 : wheelBytes));
  try {
    await act(steps);
  } finally {
    steps.stop();
  }
}

async function make(
  place: Workplace,
  build: string,
  variant: NativeVariant,
  tools: Tools,
  steps: Steps,
  held: FolderLock,
): Promise<void> {
  const recipe = recipes[variant];
  steps.begin(`fetching the sources of the addon: ${Object.values(sources).join(', ')}`);
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
  const manifest = await writeManifest(tree, variant);
  held.assertHeld();
  await moveIntoPlace(tree, build);
  steps.stop();
  if (variant === 'gpu' && !usesGpu) warn(noGpu);
  sayResult(
    `TensorFlow ${tensorFlowVersion} stands in ${build} (${printBytes(bytesOf(manifest))}): dualc computes on it from now on, and dualc doctor tests it`,
  );
}

/** `dualc setup native --check`: whether every file is the one that was built, and whether it computes. */
import { EnvironmentError } from '../../../runtime/errors.ts';
import { bytesOf, compareFiles, lookAtBuild } from '../../../runtime/native/manifest.ts';
import {
  type NativeVariant,
  nativeFolder,
  setupCommandOf,
  tensorFlowVersion,
} from '../../../runtime/native/native-build.ts';
import { counted } from '../../../runtime/report/counted.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { sayResult } from '../say.ts';
import { noGpu, tryBuild } from './try-build.ts';

/** @throws EnvironmentError that says all that is wrong */
export async function checkNative(variant: NativeVariant): Promise<void> {
  const build = nativeFolder(variant);
  const command = setupCommandOf(variant);
  const standing = lookAtBuild(variant, build);
  if (standing.state === 'absent')
    throw new EnvironmentError(`there is no ${build}: ${command} builds TensorFlow there`);
  if (standing.state === 'damaged') throw new EnvironmentError(`${standing.problem}: ${command} builds it again`);
  const problems = await compareFiles(build, standing.manifest);
  if (problems.length > 0) {
    throw new EnvironmentError(
      `${build} is not as it was built:\n${problems.map(problem => `  ${problem}`).join('\n')}\n${command} --remove, then ${command}, builds it again`,
    );
  }
  const { problem, usesGpu } = await tryBuild(build, variant);
  if (problem !== null) throw new EnvironmentError(`${build} is as it was built, and does not work: ${problem}`);
  if (variant === 'gpu' && !usesGpu) throw new EnvironmentError(noGpu);
  const files = Object.keys(standing.manifest.files).length;
  sayResult(
    `TensorFlow ${tensorFlowVersion} in ${build} is as it was built (${counted(files, 'file')}, ${printBytes(bytesOf(standing.manifest))}), loads and computes`,
  );
}

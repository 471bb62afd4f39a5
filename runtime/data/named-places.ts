/** Where a dataset is looked for when it is given by name. */
import os from 'node:os';
import path from 'node:path';

interface NamedSet {
  /** Folder names under which it is found. */
  readonly folders: readonly string[];
  /** How to get it. */
  readonly hint: string;
}

const idxSite = 'four IDX files, train-images-idx3-ubyte.gz and so on';

export const namedSets: Readonly<Record<string, NamedSet>> = {
  mnist: {
    folders: ['mnist', 'MNIST'],
    hint: `MNIST is published as ${idxSite}; the dataset \`digits\` needs no download`,
  },
  'fashion-mnist': {
    folders: ['fashion-mnist', 'FashionMNIST'],
    hint: `on Debian and Ubuntu: apt-get install dataset-fashion-mnist; elsewhere it is published as ${idxSite}`,
  },
  cifar10: {
    folders: ['cifar10', 'cifar-10', 'cifar-10-batches-bin'],
    hint: 'CIFAR-10 is published as cifar-10-binary.tar.gz ("binary version"): unpack it',
  },
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Folders to look in, first to last: `dataDir`, those of `DUALC_DATA`, `./data`, the user's cache, the system's. The first
 * two may also be the dataset's own folder.
 */
export function placesOf(set: NamedSet, dataDir: string | undefined, env: Environment): string[] {
  const listed = (env.DUALC_DATA ?? '').split(path.delimiter).filter(root => root !== '');
  const chosen = dataDir === undefined ? listed : [dataDir, ...listed];
  const cache = env.XDG_CACHE_HOME || path.join(env.HOME || os.homedir(), '.cache');
  const usual = ['data', path.join(cache, 'dualc'), '/usr/local/share/datasets', '/usr/share/datasets'];
  const own = chosen.filter(root => set.folders.some(folder => path.basename(path.resolve(root)).startsWith(folder)));
  const below = [...chosen, ...usual].flatMap(root => set.folders.map(folder => path.join(root, folder)));
  return [...new Set([...own, ...below])];
}

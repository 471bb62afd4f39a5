/** Where a dataset is looked for when it is given by name. */
import path from 'node:path';
import { cacheFolder, type Environment } from '../files/cache-folder.ts';

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

/** Where a system keeps data unless `XDG_DATA_DIRS` says otherwise. */
const systemDirs = '/usr/local/share:/usr/share';

/**
 * Folders to look in, first to last: `dataDir`, those of `DUALC_DATA`, `./data`, the user's cache (`XDG_CACHE_HOME`), the
 * system's (`datasets` in those of `XDG_DATA_DIRS`). The first two may also be the dataset's own folder.
 */
export function placesOf(set: NamedSet, dataDir: string | undefined, env: Environment): string[] {
  const listed = (env.DUALC_DATA ?? '').split(path.delimiter).filter(root => root !== '');
  const chosen = dataDir === undefined ? listed : [dataDir, ...listed];
  // The specification of these variables has relative paths ignored.
  const shared = (env.XDG_DATA_DIRS || systemDirs).split(path.delimiter).filter(root => path.isAbsolute(root));
  const usual = ['data', cacheFolder(env), ...shared.map(root => path.join(root, 'datasets'))];
  const own = chosen.filter(root => set.folders.some(folder => path.basename(path.resolve(root)).startsWith(folder)));
  const below = [...chosen, ...usual].flatMap(root => set.folders.map(folder => path.join(root, folder)));
  return [...new Set([...own, ...below])];
}

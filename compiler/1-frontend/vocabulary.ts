/** The words that architecture files can import. */
import { layerKinds, otherWords } from '../layers/registry.ts';

/** Everything that `import { … } from 'dualc'` can name, types aside. */
export const vocabulary = (): readonly string[] => [...layerKinds(), ...otherWords];
/** Types that the package exports; they mean nothing when a file is read. */
export const vocabularyTypes: readonly string[] = ['Layer', 'Network', 'Ball'];

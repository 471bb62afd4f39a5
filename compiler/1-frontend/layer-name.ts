/** Which texts may name a layer: names become identifiers, names of tensors and names of files. */

const pattern = /^[A-Za-z][A-Za-z0-9_]*$/;
const longest = 64;
/** The bound of the margins stands beside the bounds of layers in reports and options. */
const reserved: readonly string[] = ['margins'];

/** Why a text cannot name a layer, or null when it can. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  if (reserved.includes(name)) return 'the name is taken by the margins of the network';
  if (name.length > longest) return `it has more than ${longest} characters`;
  return pattern.test(name) ? null : 'only letters, digits and underscores may stand in it, and a letter comes first';
}

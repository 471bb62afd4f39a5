/** Finds the tensors in what a checkpoint holds: a state dict, bare or under a key, or a list of them. */
import { InputError } from '../errors.ts';
import { printDims } from '../weights/named-tensor.ts';
import { hasKind, isMap, type PickleValue, type StoredTensor } from './pickle-value.ts';

export interface StateDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly notes: readonly string[];
}

type Dictionary = Map<PickleValue, PickleValue>;

/** A longer list is no list of networks. */
const maxStages = 1000;

/**
 * The state dict in `value`; `stage`, counted from 1, chooses from a list. Raises `InputError` that lists what there is
 * when there is none, or more than one to choose from.
 */
export function findStateDict(value: PickleValue, stage: number | undefined, file: string): StateDict {
  const { state, notes } = unwrap(value, file);
  if (Array.isArray(state)) return tensorsOf(chooseStage(state, stage, file), notes);
  if (stage === undefined) return tensorsOf(state, notes);
  throw new InputError(`${file}: --stage chooses from a list of state dicts, and there is one ${describe(state)}`);
}

/** The value itself, or what lies under `state_dict`, or the only thing in it that could be meant. */
function unwrap(value: PickleValue, file: string): { state: Dictionary | PickleValue[]; notes: string[] } {
  if (Array.isArray(value)) return { state: value, notes: [] };
  if (!isMap(value)) throw new InputError(`${file} holds no state dict but ${describe(value)}`);
  const usual = value.get('state_dict');
  if (isState(usual)) return { state: usual, notes: [] };
  if (holdsTensors(value)) return { state: value, notes: [] };

  const candidates: [PickleValue, Dictionary | PickleValue[]][] = [];
  for (const [key, inner] of value) if (isState(inner)) candidates.push([key, inner]);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) {
    return { state: only[1], notes: [`read what lies under ${printKey(only[0])}`] };
  }
  const which =
    only === undefined ? 'no state dict' : 'several state dicts; save the one you mean in a file of its own';
  const listed: readonly [PickleValue, PickleValue][] = only === undefined ? [...value] : candidates;
  throw new InputError(
    [
      `${file} holds ${which}. It holds`,
      ...listing(listed, ([key, inner]) => `${printKey(key)}: ${describe(inner)}`),
    ].join('\n'),
  );
}

function chooseStage(stages: PickleValue[], stage: number | undefined, file: string): Dictionary {
  const chosen = stage === undefined && stages.length > 1 ? undefined : stages[(stage ?? 1) - 1];
  if (isMap(chosen) && holdsTensors(chosen)) return chosen;
  const wrong = stage === undefined ? 'choose one with --stage' : `its stage ${stage} is no state dict`;
  const lines = listing(stages, (inner, at) => `--stage ${at + 1}: ${describe(inner)}`);
  throw new InputError([`${file} holds a list of ${stages.length}; ${wrong}:`, ...lines].join('\n'));
}

function tensorsOf(state: Dictionary, before: readonly string[]): StateDict {
  const tensors = new Map<string, StoredTensor>();
  const notes = [...before];
  for (const [key, value] of state) {
    if (typeof key === 'string' && hasKind(value, 'tensor')) tensors.set(key, value);
    else notes.push(`passed over ${printKey(key)}: ${describe(value)}`);
  }
  return { tensors, notes };
}

function holdsTensors(value: Dictionary): boolean {
  for (const [key, inner] of value) if (typeof key === 'string' && hasKind(inner, 'tensor')) return true;
  return false;
}

function isState(value: PickleValue | undefined): value is Dictionary | PickleValue[] {
  if (isMap(value)) return holdsTensors(value);
  return Array.isArray(value) && value.length <= maxStages && value.some(inner => isMap(inner) && holdsTensors(inner));
}

/** In a few words, for listings. */
function describe(value: PickleValue): string {
  if (value instanceof Map) {
    let tensors = 0;
    let first = '';
    for (const [key, inner] of value) {
      if (hasKind(inner, 'tensor') && tensors++ === 0) first = `${printKey(key)} ${describe(inner)}`;
    }
    return tensors === 0 ? `dictionary of ${value.size}` : `state dict of ${tensors} tensors, the first ${first}`;
  }
  if (Array.isArray(value)) return `list of ${value.length}${isState(value) ? ' state dicts' : ''}`;
  if (hasKind(value, 'tensor')) return `tensor ${printDims(value.shape)}`;
  return typeof value === 'object' && value !== null ? 'other data' : String(value).slice(0, 40);
}

const printKey = (key: PickleValue): string =>
  typeof key === 'string' ? JSON.stringify(key.slice(0, 100)) : describe(key);

function listing<T>(items: readonly T[], line: (item: T, at: number) => string): string[] {
  const lines = items.slice(0, 30).map((item, at) => `  ${line(item, at)}`);
  return items.length > 30 ? [...lines, `  and ${items.length - 30} more`] : lines;
}

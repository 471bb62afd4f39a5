/**
 * A restricted reader of Python's pickle format: the opcodes that `torch.save` writes, a fixed table of names, plain data
 * out. A pickle is a program; this reader has no way to import, call or build anything that is not in the table.
 * Loops over the input once, so nesting costs no stack, and makes nothing that is larger than the bytes it stands for.
 */
import type { ByteCursor } from './byte-cursor.ts';
import { latin1 } from './latin1.ts';
import { isKnownGlobal, rebuild, storageOf } from './pickle-globals.ts';
import { hasKind, isMap, type KnownGlobal, type PickleValue, type Storage } from './pickle-value.ts';

export interface Pickle {
  readonly value: PickleValue;
  /** Every storage the value refers to, by key. */
  readonly storages: ReadonlyMap<string, Storage>;
}

interface Machine {
  readonly input: ByteCursor;
  readonly stack: PickleValue[];
  /** Stack heights at which a list of arguments starts. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
  readonly storages: Map<string, Storage>;
  /** How many more elements calls may copy: as many as the pickle has bytes. */
  budget: number;
  /** Where the opcode at work stands. */
  at: number;
}

type Step = (machine: Machine) => void;

/** Longer integers than this have no place in a checkpoint, and take long to convert. */
const maxIntegerBytes = 64;
const highestProtocol = 5;
const stop = 0x2e;

/** Reads one pickle and leaves the cursor behind it. Raises `InputError` with the byte, naming what is refused. */
export function readPickle(input: ByteCursor): Pickle {
  const budget = input.left;
  const machine: Machine = { input, stack: [], marks: [], memo: new Map(), storages: new Map(), budget, at: input.at };
  for (;;) {
    machine.at = input.at;
    const code = input.uint8();
    if (code === stop) return { value: pop(machine), storages: machine.storages };
    const step = steps.get(code);
    if (step === undefined) {
      input.fail(`pickle opcode 0x${code.toString(16).padStart(2, '0')}, which torch.save does not write`, machine.at);
    }
    step(machine);
  }
}

/** One row per opcode: its character, what it does; named as in Python's `pickletools`. */
const steps: ReadonlyMap<number, Step> = new Map(
  Object.entries<Step>({
    '\x80': m => proto(m),
    '\x95': m => void m.input.uint64(), // FRAME
    '(': m => void m.marks.push(m.stack.length), // MARK
    '0': m => void pop(m), // POP
    '1': m => void popMark(m), // POP_MARK
    '2': m => m.stack.push(top(m)), // DUP
    N: m => m.stack.push(null), // NONE
    '\x88': m => m.stack.push(true), // NEWTRUE
    '\x89': m => m.stack.push(false), // NEWFALSE
    J: m => m.stack.push(m.input.int32()), // BININT
    K: m => m.stack.push(m.input.uint8()), // BININT1
    M: m => m.stack.push(m.input.uint16()), // BININT2
    '\x8a': m => m.stack.push(integer(m, m.input.uint8())), // LONG1
    '\x8b': m => m.stack.push(integer(m, m.input.int32())), // LONG4
    G: m => m.stack.push(m.input.float64BigEndian()), // BINFLOAT
    X: m => m.stack.push(m.input.text(m.input.uint32())), // BINUNICODE
    '\x8c': m => m.stack.push(m.input.text(m.input.uint8())), // SHORT_BINUNICODE
    '\x8d': m => m.stack.push(m.input.text(m.input.uint64())), // BINUNICODE8
    U: m => m.stack.push(python2Text(m, m.input.uint8())), // SHORT_BINSTRING
    T: m => m.stack.push(python2Text(m, m.input.int32())), // BINSTRING
    C: m => m.stack.push(m.input.take(m.input.uint8())), // SHORT_BINBYTES
    B: m => m.stack.push(m.input.take(m.input.uint32())), // BINBYTES
    ')': m => m.stack.push([]), // EMPTY_TUPLE
    ']': m => m.stack.push([]), // EMPTY_LIST
    '}': m => m.stack.push(new Map()), // EMPTY_DICT
    t: m => m.stack.push(popMark(m)), // TUPLE
    l: m => m.stack.push(popMark(m)), // LIST
    '\x85': m => m.stack.push(popMany(m, 1)), // TUPLE1
    '\x86': m => m.stack.push(popMany(m, 2)), // TUPLE2
    '\x87': m => m.stack.push(popMany(m, 3)), // TUPLE3
    a: m => append(m, popMany(m, 1)), // APPEND
    e: m => append(m, popMark(m)), // APPENDS
    s: m => setItems(m, popMany(m, 2)), // SETITEM
    u: m => setItems(m, popMark(m)), // SETITEMS
    q: m => void m.memo.set(m.input.uint8(), top(m)), // BINPUT
    r: m => void m.memo.set(m.input.uint32(), top(m)), // LONG_BINPUT
    '\x94': m => void m.memo.set(m.memo.size, top(m)), // MEMOIZE
    h: m => m.stack.push(recall(m, m.input.uint8())), // BINGET
    j: m => m.stack.push(recall(m, m.input.uint32())), // LONG_BINGET
    c: m => m.stack.push(global(m, m.input.line(), m.input.line())), // GLOBAL
    '\x93': m => stackGlobal(m), // STACK_GLOBAL
    R: m => call(m), // REDUCE
    '\x81': m => call(m), // NEWOBJ
    b: m => build(m), // BUILD
    Q: m => persistent(m), // BINPERSID
  }).map(([character, step]) => [character.charCodeAt(0), step]),
);

function refuse(machine: Machine, what: string): never {
  return machine.input.fail(what, machine.at);
}

function pop(machine: Machine): PickleValue {
  return popMany(machine, 1)[0]!;
}

function popMany(machine: Machine, count: number): PickleValue[] {
  if (machine.stack.length - count < (machine.marks.at(-1) ?? 0))
    refuse(machine, 'the pickle is corrupt: its stack is empty');
  return machine.stack.splice(machine.stack.length - count, count);
}

function popMark(machine: Machine): PickleValue[] {
  const height = machine.marks.pop();
  if (height === undefined) return refuse(machine, 'the pickle is corrupt: a list of arguments has no start');
  return machine.stack.splice(height);
}

function top(machine: Machine): PickleValue {
  const value = machine.stack.at(-1);
  return value === undefined ? refuse(machine, 'the pickle is corrupt: its stack is empty') : value;
}

function recall(machine: Machine, index: number): PickleValue {
  const value = machine.memo.get(index);
  return value === undefined
    ? refuse(machine, `the pickle is corrupt: it refers to value ${index}, which it has not stored`)
    : value;
}

function proto(machine: Machine): void {
  const protocol = machine.input.uint8();
  if (protocol > highestProtocol)
    refuse(machine, `pickle protocol ${protocol}; protocols up to ${highestProtocol} are read`);
}

/** Little-endian, two's complement. */
function integer(machine: Machine, length: number): number | bigint {
  if (!(length >= 0 && length <= maxIntegerBytes)) return refuse(machine, `an integer of ${length} bytes`);
  const bytes = machine.input.take(length);
  if (length === 0) return 0;
  const unsigned = BigInt(
    `0x${bytes.toReversed().reduce((digits, byte) => digits + byte.toString(16).padStart(2, '0'), '')}`,
  );
  const value = BigInt.asIntN(8 * length, unsigned);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Strings of Python 2, one byte each character. */
const python2Text = (machine: Machine, length: number): string => latin1(machine.input.take(length));

function append(machine: Machine, values: readonly PickleValue[]): void {
  const list = top(machine);
  if (!Array.isArray(list)) refuse(machine, 'the pickle is corrupt: it appends to something that is no list');
  for (const value of values) list.push(value);
}

function setItems(machine: Machine, items: readonly PickleValue[]): void {
  const map = top(machine);
  if (!isMap(map) || items.length % 2 !== 0)
    refuse(machine, 'the pickle is corrupt: it sets items of something that is no dictionary');
  for (let at = 0; at < items.length; at += 2) map.set(items[at]!, items[at + 1]!);
}

function global(machine: Machine, module: string, name: string): KnownGlobal {
  const full = `${module}.${name}`;
  if (isKnownGlobal(full)) return { kind: 'global', name: full };
  const printable = JSON.stringify(full.slice(0, 200));
  const isModule = /^torch\.nn\.|^__main__\.|^(models?|problems)\./.test(full);
  return refuse(
    machine,
    `the file asks for ${printable}, which is not among the names that weights need; it was refused and nothing was executed. ` +
      `${isModule ? 'The file seems to hold a whole pickled module: save' : 'Save'} only the weights, torch.save(model.state_dict(), …)`,
  );
}

function stackGlobal(machine: Machine): void {
  const [module, name] = popMany(machine, 2);
  if (typeof module !== 'string' || typeof name !== 'string')
    refuse(machine, 'the pickle is corrupt: a name is no text');
  machine.stack.push(global(machine, module, name));
}

function call(machine: Machine): void {
  const [callee, args] = popMany(machine, 2);
  if (!hasKind(callee, 'global') || !Array.isArray(args))
    refuse(machine, 'the pickle is corrupt: it calls something that is no function');
  const copied = args[0];
  if (Array.isArray(copied) || typeof copied === 'string') machine.budget -= copied.length;
  if (machine.budget < 0) refuse(machine, 'it unpacks the same values over and over');
  machine.stack.push(rebuild(callee.name, args, what => refuse(machine, what)));
}

/** Attributes: those of a dictionary (torch keeps versions of its modules there) and of a NumPy type say nothing about weights. */
function build(machine: Machine): void {
  pop(machine);
  const target = top(machine);
  if (!isMap(target) && !hasKind(target, 'numpyDtype'))
    refuse(machine, 'it sets attributes of something that is no dictionary');
}

function persistent(machine: Machine): void {
  const storage = storageOf(pop(machine), what => refuse(machine, what));
  const earlier = machine.storages.get(storage.key);
  if (earlier !== undefined && (earlier.dtype !== storage.dtype || earlier.count !== storage.count)) {
    refuse(machine, `storage ${JSON.stringify(storage.key)} is described in two ways`);
  }
  machine.storages.set(storage.key, storage);
  machine.stack.push(storage);
}

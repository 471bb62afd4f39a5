import { add, type Ball, dense, input, l2, type Layer, network, relu } from 'dualc';

interface Settings {
  readonly widths: readonly number[];
  readonly radius?: number;
}
type Block = (x: Layer, units?: number) => Layer;

const defaults = { widths: [8, 8], bias: true } as const;
const settings = { ...defaults, radius: 1 / 4, widths: [...defaults.widths, 16] } satisfies Settings;
const { widths, bias = false, ...others } = settings;
const [first, , third = 3, ...none] = widths;
const names: string[] = ['alpha', 'beta'];

const block: Block = (x, units = 8) => relu(dense(x, { units, useBias: bias }));
function deeper(x: Layer, levels: number): Layer {
  return levels === 0 ? x : deeper(block(x), levels - 1);
}
const apply = (f: Block, x: Layer, ...more: number[]): Layer => f(x, ...more);
const object = {
  units: 4,
  make(x: Layer) {
    return dense(x, { units: object.units });
  },
  ['computed' + 1]: third,
};

const point = input([first ?? 2]);
let x: Layer = point;
let count = 0;
for (let i = 0, step = 1; i < widths.length; i += step) {
  if (i === 1) continue;
  else if (count > 10) break;
  x = block(x, widths[i]!);
  count++;
}
for (const [index, name] of names.entries()) {
  const units = index % 2 === 0 ? 6 : 12 / 2;
  x = add(dense(x, { units, name: `${name}_${index + 1}` }), dense(x, { units }));
}
for (const power of [1, 2]) {
  let units = 2 ** power;
  units *= 2;
  units -= -1 + 1;
  x = block(x, units);
}
x = deeper(x, 2);
let last: Layer | undefined;
last ??= apply(block, x, object.computed1 - 8);
const sums: Layer[] = [];
sums.push(object.make(last), object.make(last));
const sized = [1, 2, 3].map(n => n * n).filter(n => n > 1).reduce((a, b) => a + b, 0);
const positions = Array.from({ length: 3 }, (_, index) => index);
if (sized !== 13 || !(none.length === 0) || typeof sized !== 'number' || positions.join('-') !== '0-1-2') last = x;
let [a, b] = [5, 7];
[a, b] = [b, a];
const total = Math.max(a, b) + Math.floor(b / 2) + (others.radius >= 0.25 ? 1 : 0);
const hidden = relu(dense(add(...sums), { units: total }));
const maybe: Settings | undefined = undefined;
const classes = (maybe as Settings | undefined)?.widths.length ?? names.at(-1)!.length - 1;
const logits = dense(hidden, { units: classes });
const ball: Ball = l2({ epsilon: others.radius });

export { logits };
export default network({ input: point, output: logits, ball });

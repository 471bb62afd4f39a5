/** How an emitted module grows with depth: the Deep(k) networks of the paper (Appendix F), k = 1 … 4. Run `npm run bench:module-size`. */
import Table from 'cli-table3';
import { compileDeepPaper, moduleSize } from '../test/support/module-size.ts';

const table = new Table({
  head: ['network', 'lines', 'kB', 'lines more'],
  colAligns: ['left', 'right', 'right', 'right'],
  style: { head: [], border: [] },
});
let before: number | null = null;
for (const depth of [1, 2, 3, 4]) {
  const { lines, bytes } = moduleSize(compileDeepPaper(depth));
  table.push([`Deep(${depth})`, lines, (bytes / 1000).toFixed(1), before === null ? '' : lines - before]);
  before = lines;
}
console.log(table.toString());

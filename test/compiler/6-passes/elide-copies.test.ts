import { describe, it } from 'vitest';
import { elideCopies } from '../../../compiler/6-passes/elide-copies.ts';
import { expectPass } from '../../support/expect-pass.ts';

describe('elideCopies', () => {
  it('reads the origin of a chain of reshapes, and the value itself where the chain leads back', () => {
    expectPass(
      elideCopies,
      `%0 = input "x" : [b, 6]
       %1 = reshape(%0) : [b, 3, 2]
       %2 = reshape(%1) : [b, 2, 3]
       %3 = reshape(%2) : [b, 6]
       %4 = neg(%3) : [b, 6]
       out two = %2, y = %4`,
    ).becomes(
      `%0 = input "x" : [b, 6]
       %1 = reshape(%0) : [b, 3, 2]
       %2 = reshape(%0) : [b, 2, 3]
       %4 = neg(%0) : [b, 6]
       out two = %2, y = %4`,
    );
  });

  it('drops a reshape to the shape that is there already', () => {
    expectPass(elideCopies, '%0 = input "x" : [b, 6]\n%1 = reshape(%0) : [b, 6]\nout y = %1').becomes(
      '%0 = input "x" : [b, 6]\nout y = %0',
    );
  });

  it('takes back a transpose by its inverse only', () => {
    const turned = '%0 = param "w" : [2, 3, 4]\n%1 = transpose(%0) {perm: [1, 2, 0]} : [3, 4, 2]';
    expectPass(elideCopies, `${turned}\n%2 = transpose(%1) {perm: [2, 0, 1]} : [2, 3, 4]\nout y = %2`).becomes(
      `${turned}\nout y = %0`,
    );
    expectPass(elideCopies, `${turned}\n%2 = transpose(%1) {perm: [1, 2, 0]} : [4, 2, 3]\nout y = %2`).isKept();
  });

  it('drops broadcasts that an elementwise operation repeats', () => {
    const head = '%0 = input "x" : [b, 3]\n%1 = param "w" : [3]';
    expectPass(elideCopies, `${head}\n%2 = broadcast(%1) : [b, 3]\n%3 = mul(%2, %0) : [b, 3]\nout y = %3`).becomes(
      `${head}\n%2 = broadcast(%1) : [b, 3]\n%3 = mul(%1, %0) : [b, 3]\nout y = %3`,
    );
  });

  it('keeps one of two broadcasts, and all where nothing else gives the shape', () => {
    const head = '%0 = param "a" : [3]\n%1 = param "b" : [1]';
    const copies = '%2 = broadcast(%0) : [4, 3]\n%3 = broadcast(%1) : [4, 3]';
    expectPass(elideCopies, `${head}\n${copies}\n%4 = add(%2, %3) : [4, 3]\nout y = %4`).becomes(
      `${head}\n${copies}\n%4 = add(%0, %3) : [4, 3]\nout y = %4`,
    );
    expectPass(elideCopies, `${head}\n%2 = broadcast(%0) : [4, 3]\n%3 = add(%2, %1) : [4, 3]\nout y = %3`).isKept();
    expectPass(elideCopies, `${head}\n%2 = broadcast(%0) : [4, 3]\n%3 = neg(%2) : [4, 3]\nout y = %3`).isKept();
  });

  it('repeats a number without giving it a shape first', () => {
    expectPass(
      elideCopies,
      '%0 = input "epsilon" : []\n%1 = reshape(%0) : [1, 1]\n%2 = broadcast(%1) : [b, 3]\nout y = %2',
    ).becomes('%0 = input "epsilon" : []\n%1 = reshape(%0) : [1, 1]\n%2 = broadcast(%0) : [b, 3]\nout y = %2');
    expectPass(
      elideCopies,
      '%0 = param "w" : [2]\n%1 = reshape(%0) : [2, 1]\n%2 = broadcast(%1) : [2, 3]\nout y = %2',
    ).isKept();
  });

  it('reaches into chunk loops, for values of the loop and from before it', () => {
    const loop = (body: string) => `
      %0 = input "x" : [b, 2]
      %1 = param "w" : [6, 2]
      %2 = reshape(%0) : [b, 1, 2]
      %3 = chunked {rows: 6, size: 3} : [b, 6] {
        %4 = chunkRows(%1) {axis: 0, size: 3} : [3, 2]
        ${body}
        result %8
      }
      out y = %3`;
    const product = (x: string, rows: string) =>
      `%8 = matMul(${x}, ${rows}) {transposeA: false, transposeB: true} : [b, 3]`;
    const turned = '%6 = transpose(%4) {perm: [1, 0]} : [2, 3]';
    expectPass(
      elideCopies,
      loop(`%5 = reshape(%2) : [b, 2]\n${turned}\n%7 = transpose(%6) {perm: [1, 0]} : [3, 2]\n${product('%5', '%7')}`),
    ).becomes(loop(`${turned}\n${product('%0', '%4')}`));
  });
});

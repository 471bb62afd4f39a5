export { type Widths, stack } from './blocks/dense.arch.ts';
export * from './blocks/sizes.ts';

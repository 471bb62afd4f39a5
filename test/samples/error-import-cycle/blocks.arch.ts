import { dense, type Layer, relu } from 'dualc';
import { width } from './input.arch.ts';

export const block = (x: Layer): Layer => relu(dense(x, { units: width }));

import { dense, type Layer, relu } from 'dualc';

export const block = (x: Layer): Layer => relu(dense(x, { units: 8 }));

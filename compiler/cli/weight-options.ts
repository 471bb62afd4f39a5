/** Parsers of options that say which network, or cascade of networks, is looked at. */
import { nonNegative } from './number-options.ts';

export const weightsHelp = 'weights, a safetensors file; several are the stages of a cascade, in order';
export const cascadeRuleHelp = "who may answer in a cascade (default: its own rule, or 'first')";
export const thresholdsHelp = 'of each stage of a cascade: margins have to exceed them, 0,0.5 (default: its own, or 0)';

/** Adds to those given before. */
export const fileList = (file: string, before: string[] | undefined): string[] => [...(before ?? []), file];

/** Numbers separated by commas. */
export const thresholdList = (text: string): number[] => text.split(',').map(part => nonNegative(part.trim()));

import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireCoveredConvolutions } from '../../../runtime/backend/covered-convolutions.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { toyMeta, useCpu } from '../../support/toy-model.ts';

const convolutional = { ...toyMeta, certify: { ...toyMeta.certify, convolutions: ['conv1'] } };

describe('requireCoveredConvolutions', () => {
  beforeEach(useCpu);
  afterEach(() => void Reflect.deleteProperty(tf.backend(), 'isUsingGpuDevice'));

  it('lets every network pass on a CPU', () => {
    expect(() => requireCoveredConvolutions(convolutional)).not.toThrow();
    Object.assign(tf.backend(), { isUsingGpuDevice: false });
    expect(() => requireCoveredConvolutions(convolutional)).not.toThrow();
  });

  it('refuses convolutions on a GPU, by name, and nothing else', () => {
    Object.assign(tf.backend(), { isUsingGpuDevice: true });
    expect(() => requireCoveredConvolutions(toyMeta)).not.toThrow();
    expect(() => requireCoveredConvolutions(convolutional)).toThrow(EnvironmentError);
    expect(() => requireCoveredConvolutions(convolutional)).toThrow(/conv1.*Winograd.*--backend native or wasm/);
  });
});

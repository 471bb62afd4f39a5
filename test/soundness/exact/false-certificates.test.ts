/** Networks about which rounding lies, each with what is wrong when a certificate knows nothing of rounding. */
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../support/run-on-backend.ts';
import { roomy } from '../plan-requests.ts';
import { checkSubject, printFailures } from './check-subject.ts';
import { claimantsOf, requestsFor } from './claims.ts';
import { largeCentre } from './families/large-centre.ts';
import { onesThatCancel } from './families/ones-that-cancel.ts';
import { overflow, overflowInOneOrder } from './families/overflow.ts';
import { scales, shrinkAndGrow } from './families/scales.ts';
import type { ExactSubject } from './subject.ts';

const effort = { points: 6, steps: 2, neurons: 2, pieces: 30, rounded: 3 };

/** The others come to one of these without maps: twenty layers take their time to compile. */
const different = ['exact', 'interval', 'interval from the input on'];

const subjects: Readonly<Record<string, ExactSubject>> = {
  // Certified with J = 0.033 by a slope that was u / (u + 1e-30), in float64 as well: the true margin is −0.05.
  'ten layers of 1e-3, then ten of 1e3': scales({ factors: shrinkAndGrow(1e-3, 10), margin: 0.05, epsilon: 0.1 }),
  'scales of 1e-36 inside': scales({ factors: shrinkAndGrow(1e-4, 9), margin: 0.05, epsilon: 0.1 }),
  // Every value inside is below the smallest float32; in real numbers the network is not robust.
  'scales below the smallest float32': scales({ factors: shrinkAndGrow(2 ** -20, 8), margin: 0.05, epsilon: 0.1 }),
  'sums of ones that cancel, small': onesThatCancel({ half: 48, sums: 32, margin: -1e-4, epsilon: 0.01, tries: 2000 }),
  // Margins of 0 times what is no float32: J was infinite, or not a number, or a number by luck.
  'weights of 3e38': overflow(3e38, 1),
  'weights whose sums are no float32': overflow(1.7e38, -1),
  // Certified with J = 86,000 by a size that was finite in the certificate's own order; a deployment's logit is not a number.
  'a sum that is no float32 in another order': overflowInOneOrder(400),
  // x ± ε is x in float32.
  'a ball between two float32 numbers': largeCentre(Float32Array.of(50_000), {
    epsilon: 0.0015,
    slope: 1000,
    margin: 1,
  }),
  'a ball of ε far below the spacing of float32': largeCentre(Float32Array.of(50_000), {
    epsilon: 1e-9,
    slope: 2 ** 30,
    margin: 0.5,
  }),
};

describe('networks about which rounding lies', () => {
  beforeAll(() => useBackend('wasm'));

  for (const [name, subject] of Object.entries(subjects))
    it(`get no certificate that is false: ${name}`, async () => {
      const requests = requestsFor(subject.graph, 1).filter(request => different.includes(request.name));
      const { failures } = checkSubject(subject, await claimantsOf(subject.graph, 1, requests), effort, 1);
      expect(failures.length, printFailures(subject, failures)).toBe(0);
    });

  // No parameter above 1, and a margin of −0.6 everywhere; without terms for rounding, J is 4.7.
  it('get no certificate that is false: sums of ones that cancel, 4 → 2048 → 512 → 2', async () => {
    const subject = onesThatCancel({ half: 1024, sums: 512, margin: -0.6, epsilon: 0.01, tries: 2000 });
    const all = await claimantsOf(subject.graph, 1, [{ name: 'exact', bounds: '', memoryBytes: roomy }]);
    // The module alone: the interpreter takes a minute for a million weights.
    const { failures } = checkSubject(
      subject,
      all.slice(0, 1),
      { points: 1, steps: 0, neurons: 0, pieces: 1, rounded: 1 },
      1,
    );
    expect(failures.length, failures.map(({ claimed, excess }) => `${claimed} is wrong by ${excess}`).join('\n')).toBe(
      0,
    );
  });
});

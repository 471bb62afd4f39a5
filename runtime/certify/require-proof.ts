/** Which certificates count. */
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { roundedProbability } from '../report/probability-report.ts';

/**
 * Raises `InputError` for a module whose margins do not always hold; where a probability is enough (`withProbability`), for one whose margins
 * are estimates of which nothing is known, and for one that needs none.
 */
export function requireProof({ source, certify: { proof } }: ModelMeta, withProbability: boolean): void {
  switch (proof.kind) {
    case 'exact':
      if (withProbability)
        throw new InputError(
          `${source} was compiled with bounds that always hold: there are no draws, and nothing that holds with a probability only`,
        );
      return;
    case 'probability':
      if (withProbability) return;
      throw new InputError(
        `${source} certifies with probability ${roundedProbability(proof.delta)}, and what is reported here always holds. Compile it with exact bounds, or say that the probability is enough: --probability ${roundedProbability(proof.delta)}, in a program the option probability: { seed }`,
      );
    case 'none':
      throw new InputError(
        `${source} was compiled to certify nothing: ${proof.why}. Compile it again, with exact bounds`,
      );
    default:
      throw unknownProof(source, proof);
  }
}

/** Modules are made elsewhere: what the types exclude is refused all the same. */
const unknownProof = (source: string, proof: never): InputError =>
  new InputError(`${source} has a certificate of a kind that is not known here: ${JSON.stringify(proof)}`);

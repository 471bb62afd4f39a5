/** Which certificates count. */
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';

/** Raises `InputError` for a module whose margins do not always hold. */
export function requireProof({ source, certify: { proof } }: ModelMeta): void {
  switch (proof.kind) {
    case 'exact':
      return;
    case 'probability':
      throw new InputError(
        `${source} certifies with probability ${1 - proof.delta}, and what is reported here always holds. Compile it with exact bounds`,
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

/** The version in the header of every emitted module; a test holds it against `package.json`. */
export const version = '0.1.0';

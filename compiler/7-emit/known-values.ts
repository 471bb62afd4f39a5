/**
 * What the functions of a program return, in one object that each of them is given: a long argument list at every call would say no more than
 * the bodies do. Programs of few functions hand their records over one by one.
 */
import type { Liveness } from '../6-passes/liveness.ts';
import { capitalizedName, safeIdentifier } from './safe-identifier.ts';
import { type Code, code } from './safe-text.ts';

/** So many records are easily told apart in an argument list. */
const few = 4;

export const keepsKnown = ({ split }: Liveness): boolean => split.sections.length > few;

/** The type of that object. */
export const knownType = (program: string): Code => code`${capitalizedName(safeIdentifier(program))}Values`;

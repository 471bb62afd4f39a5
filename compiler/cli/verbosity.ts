/** Whether `--quiet` was given. Errors and what was asked for are shown all the same. */
let quiet = false;

export const setQuiet = (value: boolean): void => {
  quiet = value;
};

export const isQuiet = (): boolean => quiet;

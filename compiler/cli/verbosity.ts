/** Whether `--quiet` was given. Results, warnings and errors are shown all the same. */
let quiet = false;

export const setQuiet = (value: boolean): void => {
  quiet = value;
};

export const isQuiet = (): boolean => quiet;

/** The one function of jStat in use; the package has no types. */
declare module 'jstat' {
  const jStat: { readonly beta: { inv(probability: number, alpha: number, beta: number): number } };
  export default jStat;
}

/**
 * Where so many trials show no failure, it is 95 % certain that fewer than one in this many fails: a third of them, as
 * the rule of three says. Undefined for fewer than three, which say nothing.
 */
export function fewerThanOneIn(trials: number): number | undefined {
  return trials < 3 ? undefined : Math.floor(trials / 3)
}

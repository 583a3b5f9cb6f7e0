import { InvalidArgumentError } from 'commander'

/** A whole number from 1. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new InvalidArgumentError('Use a whole number from 1.')
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new InvalidArgumentError('Use a number above 0.')
}

// An exponent of more than nine digits could not be added up exactly; no such number is written in two ways by accident.
const pattern = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,9}))?$/i

/** One text for all JSON number tokens of the same decimal value, however many digits they have. */
export function canonicalNumber(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = pattern.exec(token) ?? []
  if (whole === '') return token
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return '0'
  // Without the look-behind a long row of zeros that does not end the number would take quadratic time.
  const significant = digits.replace(/(?<!0)0+$/, '')
  const power = Number(exponent) - fraction.length + digits.length - significant.length
  return `${sign}${significant}${power === 0 ? '' : `e${power}`}`
}

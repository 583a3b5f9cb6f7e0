/** A UUID from at least 32 hexadecimal digits, of which version and variant take the place of six bits (RFC 9562). */
export function uuidOf(hex: string, version: 7 | 8): string {
  // The 13th digit is the version, the 17th begins with the bits of the variant.
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

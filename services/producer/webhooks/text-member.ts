/** A member of a JSON object that is a text with something in it; undefined for everything else. */
export function textMember(data: unknown, name: string): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const member = (data as Record<string, unknown>)[name]
  return typeof member === 'string' && member !== '' ? member : undefined
}

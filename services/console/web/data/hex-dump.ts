const width = 16

/** As `hexdump -C` shows it: where, which bytes, and what they are as ASCII. */
export function hexDump(bytes: Uint8Array, mostBytes: number): string {
  const lines: string[] = []
  for (let from = 0; from < Math.min(bytes.length, mostBytes); from += width) {
    const row = [...bytes.slice(from, from + width)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${from.toString(16).padStart(8, '0')}  ${hex.padEnd(width * 3 - 1)}  ${text}`)
  }
  return lines.join('\n')
}

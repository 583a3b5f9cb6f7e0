/** Hands over each line of a stream as soon as it is whole, read as JSON. Throws for a line that is none, such as one that was cut off. */
export async function* jsonLines<T>(bytes: ReadableStream<Uint8Array>): AsyncGenerator<T, void> {
  const reader = bytes.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      const lines = rest.split('\n')
      rest = done ? '' : (lines.pop() ?? '')
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T
      if (done) return
    }
  } finally {
    reader.releaseLock()
  }
}

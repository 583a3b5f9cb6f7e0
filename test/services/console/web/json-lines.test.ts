import { jsonLines } from '../../../../services/console/web/data/letters/json-lines'

function streamOf(...chunks: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk)
      controller.close()
    },
  })
}

async function read(stream: ReadableStream<Uint8Array>): Promise<unknown[]> {
  const lines: unknown[] = []
  for await (const line of jsonLines(stream)) lines.push(line)
  return lines
}

test('hands over lines whatever the pieces they come in, also where one ends within a character', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n')
  expect(await read(streamOf('{"b"', ':1}\n\n', bytes.slice(0, 7), bytes.slice(7), '{"c":2}'))).toEqual([
    { b: 1 },
    { a: 'ü' },
    { c: 2 },
  ])
  expect(await read(streamOf())).toEqual([])
})

test('what was cut off is no line', async () => {
  await expect(read(streamOf('{"a":1}\n{"b":'))).rejects.toThrow(SyntaxError)
})

/** Tells a person one line; the seconds since the start stand before it. */
export type Say = (line: string) => void

export function sayTo(out: NodeJS.WritableStream, now: () => number = () => performance.now()): Say {
  const startedAt = now()
  return (line) => {
    const seconds = ((now() - startedAt) / 1000).toFixed(1).padStart(5)
    out.write(`handoff ${seconds} s  ${line}\n`)
  }
}

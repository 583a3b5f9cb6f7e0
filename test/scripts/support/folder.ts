import { mkdtempSync, rmSync, writeFileSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Folder {
  readonly path: string
  /** Writes a file, with its folders, and answers with its full path. */
  write(name: string, text: string, mode?: number): string
}

const made: string[] = []

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

/** An empty folder that is removed after the test. */
export function newFolder(): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-test-')))
  made.push(path)
  return {
    path,
    write: (name, text, mode = 0o644) => {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text, { mode })
      return file
    },
  }
}

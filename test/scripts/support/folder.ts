import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { atEnd } from '../../support/ends'

export interface Folder {
  readonly path: string
  /** Writes a file, with its folders, and answers with its full path. */
  write(name: string, text: string, mode?: number): string
}

/** An empty folder that is removed at the end of the test. */
export function newFolder(): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-test-')))
  atEnd(() => rmSync(path, { recursive: true, force: true }))
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

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sourcesIn } from './output'

/** The compiler leaves .sql files where they are; the built services look for them beside the compiled code. */
export function copySql(root: string): void {
  for (const path of sourcesIn(root).filter((name) => name.endsWith('.sql')))
    copyChanged(join(root, path), join(root, 'dist', path))
}

/** By a rename, and only when it has changed: a service that starts at this moment may be reading it. */
function copyChanged(source: string, copy: string): void {
  const text = readFileSync(source, 'utf8')
  if (existsSync(copy) && readFileSync(copy, 'utf8') === text) return
  mkdirSync(dirname(copy), { recursive: true })
  writeFileSync(`${copy}.new`, text)
  renameSync(`${copy}.new`, copy)
}

import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sourcesIn } from './output'

/** The compiler leaves .sql files where they are; the built services look for them beside the compiled code. */
export function copySql(root: string): void {
  for (const path of sourcesIn(root).filter((name) => name.endsWith('.sql'))) {
    const copy = join(root, 'dist', path)
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(join(root, path), copy)
  }
}

import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Every file that the build turns into output, relative to the root. */
export function sourcesIn(root: string): string[] {
  // The page is built by its own means, into a folder of its own.
  return globSync('{cli,services,shared}/**/*.{ts,sql}', { cwd: root }).filter(
    (path) => !path.endsWith('.d.ts') && !path.startsWith('services/console/web/'),
  )
}

/** Removes output whose source is gone: a stale migration would still be run, a stale module still be found. */
export function removeStale(root: string): void {
  const wanted = new Set(sourcesIn(root).flatMap(outputsOf))
  const present = globSync('{cli,services,shared}/**/*.{js,js.map,sql}', { cwd: join(root, 'dist') })
  for (const path of present.filter((name) => !wanted.has(name))) rmSync(join(root, 'dist', path))
}

/** An incremental compiler writes nothing that it believes is there; with output missing, its notes go too. */
export function forgetMissing(root: string): void {
  const outputs = sourcesIn(root)
    .filter((path) => path.endsWith('.ts'))
    .flatMap(outputsOf)
  if (outputs.some((path) => !existsSync(join(root, 'dist', path))))
    rmSync(join(root, 'dist/.tsbuildinfo'), { force: true })
}

function outputsOf(source: string): string[] {
  if (source.endsWith('.sql')) return [source]
  const compiled = source.replace(/\.ts$/, '.js')
  return [compiled, `${compiled}.map`]
}

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The built file of a source, which starts faster, unless something in these rooms is newer: the source itself then. */
export function freshest(root, { source, rooms }) {
  const built = join('dist', source.replace(/\.ts$/, '.js'))
  const notes = join(root, 'dist', '.tsbuildinfo')
  if (!existsSync(join(root, built)) || !existsSync(notes)) return source
  const builtAt = statSync(notes).mtimeMs
  return rooms.some((room) => newestIn(join(root, room)) > builtAt) ? source : built
}

/** Folders count as well: a file that went away has left its mark on its folder. */
function newestIn(folder) {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs
  })
  return Math.max(statSync(folder).mtimeMs, ...times)
}

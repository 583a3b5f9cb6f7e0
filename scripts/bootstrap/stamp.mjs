import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const stampOf = (root) => join(root, 'node_modules', '.installed-from')

/** What node_modules must have been installed from: this lock file, for this kind of machine. */
function wanted(root) {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

/** Whether node_modules holds what package-lock.json names, put there by us or by a person's own `npm ci`. */
export function isInstalled(root) {
  const found = readOrNothing(stampOf(root))
  if (found !== undefined) return found === wanted(root)
  if (!npmInstalledTheSame(root)) return false
  writeStamp(root)
  return true
}

export function writeStamp(root) {
  writeFileSync(stampOf(root), wanted(root))
}

/**
 * npm keeps a list of what it installed beside the packages. Packages that are optional may be missing from it: most of
 * them are for other platforms.
 */
function npmInstalledTheSame(root) {
  const installed = readOrNothing(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return false
  const have = JSON.parse(installed).packages ?? {}
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {}
  return Object.entries(want)
    .filter(([path]) => path !== '')
    .every(([path, entry]) => (path in have ? have[path].integrity === entry.integrity : entry.optional === true))
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

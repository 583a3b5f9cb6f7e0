import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './ends'

const mountAt = (folder: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'pipe' })

/** A file system of four mebibytes, since nobody else's may be filled; gone at the end of the test. */
export function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-small-disk-'))
  atEnd(() => rm(folder, { recursive: true }))
  mountAt(folder)
  atEnd(() => void execFileSync('umount', [folder]))
  return folder
}

/** Takes all the room that is left; answers with how to give it back. */
export function fill(folder: string): () => Promise<void> {
  const filler = join(folder, 'filler')
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(filler, Buffer.alloc(bavail * bsize))
  return () => rm(filler)
}

/** Nothing can be written there any more. */
export function makeReadOnly(folder: string): void {
  execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' })
}

/** Tests that need a disk of their own; skipped, by name, where we may not mount one. */
export function withSmallDisk(name: string, tests: () => void): void {
  if (mayMount()) describe(name, tests)
  else describe.skip(`${name} (skipped: we may not mount a disk)`, tests)
}

/** A container's root may be forbidden to mount: only trying tells. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-may-mount-'))
  try {
    mountAt(folder)
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}

import { constants } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** The part of a file's handle that a spool needs. */
export type SpoolFile = Pick<FileHandle, 'write' | 'read' | 'datasync' | 'truncate' | 'close'>

/** The part of a file system that a spool needs; a test gives it one that fails. */
export interface Folder {
  /** For a person. */
  readonly path: string
  names(): Promise<readonly string[]>
  /** Makes a file that is not there yet, to write and read; its name survives a power failure. */
  create(name: string): Promise<SpoolFile>
  /** Opens a file, which is made if need be, to write and read. */
  open(name: string): Promise<SpoolFile>
  contents(name: string): Promise<Buffer>
  remove(name: string): Promise<void>
}

// What is stored are messages, which may be nobody else's business.
const folderMode = 0o700
const fileMode = 0o600

/** The folder at this path, made if need be. Rejects when nothing can be written there. */
export async function openFolder(path: string): Promise<Folder> {
  // Where a disk is read-only, the recursive one calls the folder missing; the plain one says what is wrong.
  const made = await mkdir(path, { recursive: true, mode: folderMode }).catch(() => mkdir(path, { mode: folderMode }))
  if (typeof made === 'string') await syncUpTo(dirname(made), path)
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  return {
    path,
    names: () => readdir(path),
    create: async (name) => {
      const file = await open(join(path, name), 'wx+', fileMode)
      try {
        await syncFolder(path)
        return file
      } catch (error) {
        // Whoever tries again takes another name, each second.
        await file.close().catch(() => {})
        await rm(join(path, name), { force: true }).catch(() => {})
        throw error
      }
    },
    open: (name) => open(join(path, name), constants.O_RDWR | constants.O_CREAT, fileMode),
    contents: (name) => readFile(join(path, name)),
    remove: (name) => rm(join(path, name), { force: true }),
  }
}

/** Lets the names of new folders survive a power failure: from where they begin down to the last. */
async function syncUpTo(oldest: string, path: string): Promise<void> {
  for (let folder = dirname(resolve(path)); folder.length >= resolve(oldest).length; folder = dirname(folder)) {
    await syncFolder(folder)
    if (folder === dirname(folder)) return
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Writes all of it at this place: a single write may stop short. */
export async function writeAll(file: SpoolFile, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    if (bytesWritten === 0) throw new Error('the disk took no more bytes')
    done += bytesWritten
  }
}

/** As many bytes as were asked for, or fewer at the end of the file. */
export async function readAt(file: SpoolFile, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

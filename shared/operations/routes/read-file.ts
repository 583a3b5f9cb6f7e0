import { open } from 'node:fs/promises'

const mostBytes = 2_097_152

/** The text of a file; undefined where there is none. Rejects for what is no file, cannot be read, or has over 2 MiB. */
export async function readFileText(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return undefined
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new Error('it is no file')
    if (stat.size > mostBytes) throw new Error(`it has ${stat.size} bytes; 1048576 are allowed`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The absolute path of a `sqlite:` URL, its folder created. Throws on forms that mean other things elsewhere. */
export function databaseFile(path: string): string {
  if (path === '' || path.startsWith('//') || path.startsWith(':'))
    throw new Error(
      `"sqlite:${path}" names no file: write sqlite:PATH, such as sqlite:data/app.db or sqlite:/var/app.db`,
    )
  const file = resolve(path)
  createFolder(dirname(file))
  return file
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new Error(`The folder ${folder} for the database cannot be created: ${(cause as Error).message}`, { cause })
  }
}

import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { runCommand } from '../terminal/run-command'

/** Compressed, in bytes: what has to come before anything is seen, and all that can come. */
const budgets = { firstLoad: 80 * 1_024, all: 120 * 1_024 }

export interface PageSize {
  readonly firstLoad: number
  readonly all: number
}

/** Builds the console's page and answers with what is wrong with its size; undefined when nothing is. */
export async function pageTooLarge(): Promise<{ readonly size: PageSize; readonly wrong: string | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-page-'))
  try {
    const { failure, output } = await runCommand(
      `vite build --config scripts/build/vite.config.mts --outDir ${folder} --emptyOutDir`,
    )
    if (failure !== undefined) throw new Error(`the page cannot be built (vite: ${failure})\n${output}`)
    const size = sizeOf(folder)
    return { size, wrong: judge(size) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first load is the document and what it names; the rest is fetched when it is wanted. */
export function sizeOf(folder: string): PageSize {
  const document = readFileSync(join(folder, 'index.html'), 'utf8')
  const files = globSync('**/*.{html,js,css}', { cwd: folder })
  const sizes = files.map((name) => ({ name, bytes: gzipSync(readFileSync(join(folder, name)), { level: 9 }).length }))
  const isFirst = (name: string) => name === 'index.html' || document.includes(name)
  const sum = (those: typeof sizes) => those.reduce((total, { bytes }) => total + bytes, 0)
  return { firstLoad: sum(sizes.filter(({ name }) => isFirst(name))), all: sum(sizes) }
}

export function judge({ firstLoad, all }: PageSize): string | undefined {
  const tooLarge = [
    firstLoad > budgets.firstLoad && `the first load is ${kib(firstLoad)} and may be ${kib(budgets.firstLoad)}`,
    all > budgets.all && `all of it is ${kib(all)} and may be ${kib(budgets.all)}`,
  ].filter((each) => each !== false)
  return tooLarge.length === 0 ? undefined : `the page is too large: ${tooLarge.join('; ')}`
}

export function kib(bytes: number): string {
  return `${(bytes / 1_024).toFixed(1)} KiB`
}

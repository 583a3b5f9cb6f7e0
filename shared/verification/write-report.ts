import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from './report'
import { reportPage } from './report-page'

/**
 * Writes `report.json` and `report.html` into the folder, which is made where it is missing. Tell the verdict before: the
 * folder may take nothing.
 */
export async function writeReport(folder: string, report: Report): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`)
    await writeFile(join(folder, 'report.html'), reportPage(report))
  } catch (error) {
    const words = `the report cannot be written into ${folder}: ${(error as Error).message}; the verdict stands above`
    throw new Error(words, { cause: error })
  }
}

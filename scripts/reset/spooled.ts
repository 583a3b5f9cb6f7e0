import { existsSync } from 'node:fs'
import { openSpool } from '../../shared/store/open-spool'
import { counted } from './counted'
import type { Consent } from './reset-broker'

/**
 * Whether the spool in this folder may go: it is empty, or that is agreed to once its messages have been counted. Rejects
 * while a producer uses it, and where nobody can be asked.
 */
export async function maySpoolGo(path: string, { ask, say, namespace }: Consent): Promise<boolean> {
  const messages = await countSpooled(path)
  if (messages === 0) return true
  say(`${path}: ${counted(messages)}, accepted and not at a broker yet`)
  if (ask === 'granted') return true
  if (ask === 'nobody')
    throw new Error(
      `without a terminal nobody can be asked whether to delete them; start the producer to have them sent, or: npm run reset -- --yes ${namespace}`,
    )
  return ask(`Delete the ${counted(messages)} in ${path}?`)
}

async function countSpooled(path: string): Promise<number> {
  if (!existsSync(path)) return 0
  const nobody = () => {}
  const events = { damaged: nobody, torn: nobody, failed: nobody, recovered: nobody }
  const { spool, found } = await openSpool({ path, maxBytes: 1, events })
  await spool.close()
  return found.length
}

import { writeSync } from 'node:fs'
import { openStore } from '../../shared/store/open-store'
import { effect, effectTables, newKey } from './store-effects'

/** Applies units of two writes as fast as it can until it is killed; prints each id once its unit is said to be on disk. */
async function main(url: string): Promise<void> {
  const store = await openStore({ url, migrations: [effectTables] })
  const worker = async (): Promise<void> => {
    for (;;) {
      const key = newKey('crash')
      await store.apply(key, [effect(key.id), effect(key.id)])
      // Not by process.stdout, which makes the pipe refuse what a busy reader has not taken yet.
      writeSync(1, `${key.id}\n`)
    }
  }
  await Promise.all(Array.from({ length: 20 }, worker))
}

void main(process.argv[2] ?? '')

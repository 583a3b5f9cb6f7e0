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
      say(`${key.id}\n`)
    }
  }
  await Promise.all(Array.from({ length: 20 }, worker))
}

// Not by process.stdout, which would keep in memory what the kill then takes. A pipe that is full refuses: again, until
// the reader has taken something.
function say(line: string): void {
  for (;;) {
    try {
      return void writeSync(1, line)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

void main(process.argv[2] ?? '')

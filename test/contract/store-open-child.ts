import { openStore } from '../../shared/store/open-store'

/** Opens the store of the URL with the migrations given, says so, and closes it. */
async function main([url, ...migrations]: readonly string[]): Promise<void> {
  const store = await openStore({ url: url ?? '', migrations })
  console.log('opened')
  await store.close()
}

void main(process.argv.slice(2))

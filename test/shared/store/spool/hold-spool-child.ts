import { openSpool } from '../../../../shared/store/open-spool'

const events = { damaged: () => {}, torn: () => {}, failed: () => {}, recovered: () => {} }
void openSpool({ path: process.argv[2] ?? '', maxBytes: 1_048_576, events }).then(() => {
  process.stdout.write('open\n')
  setInterval(() => {}, 60_000)
})

import { AbortListeners } from '../../../shared/runtime/abort-listeners'

test('each hears of its own signal, but for those taken away', () => {
  const listeners = new AbortListeners()
  const [one, other] = [new AbortController(), new AbortController()]
  const heard: string[] = []
  const gone = () => heard.push('gone')
  listeners.add(one.signal, () => heard.push('first'))
  listeners.add(one.signal, gone)
  listeners.add(one.signal, () => heard.push('second'))
  listeners.add(other.signal, () => heard.push('other'))
  listeners.delete(one.signal, gone)
  one.abort()
  expect(heard).toEqual(['first', 'second'])
})

test('one that is taken away while the others hear does not hide the next', () => {
  const listeners = new AbortListeners()
  const { signal, abort } = bound(new AbortController())
  const heard: string[] = []
  const first = () => {
    heard.push('first')
    listeners.delete(signal, first)
  }
  listeners.add(signal, first)
  listeners.add(signal, () => heard.push('second'))
  abort()
  expect(heard).toEqual(['first', 'second'])
})

function bound(controller: AbortController) {
  return { signal: controller.signal, abort: () => controller.abort() }
}

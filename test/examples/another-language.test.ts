import { pythonWithPika } from '../../examples/another-language/python'
import { useBroker } from '../support/broker'
import { shown } from './shown'

const isHere = pythonWithPika() !== undefined
const testPython = isHere ? test : test.skip
const needed = isHere ? '' : ' (skipped without python3-pika: sudo apt-get install python3-pika)'
const broker = useBroker()

testPython(`a group in Python and one in TypeScript work with the same messages${needed}`, async () => {
  const { code, output } = await shown('another-language', { brokerUrl: broker.url })
  expect(output).toContain('python: parked P-2: no carrier goes to Atlantis')
  expect(output).toContain('python: the printer is out of paper (attempt 1 of 3)')
  expect(output).toContain('python: P-1 again, and not printed twice')
  expect(output).toContain('tracked: BR-P-1, LA-P-3, OS-P-5, QU-P-4')
  expect(output).toContain('another-language: every promise was kept')
  expect(code).toBe(0)
})

testPython(`says so, with exit code 1, where a label is tracked twice${needed}`, async () => {
  const { code, output } = await shown('another-language', { brokerUrl: broker.url, sabotage: 'track-twice' })
  expect(output).toContain('not kept: what Python printed is tracked in TypeScript, once each')
  expect(code).toBe(1)
})

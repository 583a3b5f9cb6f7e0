import { consentOf } from '../../scripts/reset/consent'

test('--yes grants only the namespace that it spells out', () => {
  expect(consentOf(['--yes', 'handoff'], 'handoff')).toBe('granted')
  expect(consentOf([], 'handoff')).toBe('to be asked')
})

test.each([
  [
    ['--yes'],
    /^--yes names no namespace, and NAMESPACE is "handoff"; if you mean that: npm run reset -- --yes handoff$/,
  ],
  [['--yes', 'other'], /^--yes names "other", and NAMESPACE is "handoff"/],
])('%j is refused and says what to do', (args, sentence) => {
  expect(() => consentOf(args, 'handoff')).toThrow(sentence)
})

import tseslint from 'typescript-eslint'

const environmentOnly = {
  object: 'process',
  property: 'env',
  message: 'Settings are read once, in main.ts, and passed down.',
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.handoff/', 'coverage/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'max-lines-per-function': ['warn', { max: 40, skipComments: true, skipBlankLines: true }],
      'no-restricted-properties': ['error', environmentOnly],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='nack']",
          message: 'nack with requeue loops for ever on RabbitMQ 4.3: use reject.',
        },
      ],
    },
  },
  {
    files: [
      'services/*/main.ts',
      'cli/main.ts',
      'examples/{consumer,producer}.ts',
      'scripts/**/*.ts',
      'test/**/*.ts',
      'jest.config.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['scripts/**/*.ts', 'test/**/*.ts', 'jest.config.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Markup has many short lines, and is read as a picture.
    files: ['**/*.tsx'],
    rules: { 'max-lines-per-function': ['warn', { max: 60, skipComments: true, skipBlankLines: true }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
)

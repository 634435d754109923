import next from 'eslint-config-next/core-web-vitals'
import boundaries from 'eslint-plugin-boundaries'
import tseslint from 'typescript-eslint'
import { elements, files, policies } from './eslint.layers.mjs'

export default tseslint.config(
  {
    ignores: [
      ...['node_modules', '.loupe', '.next', 'next-env.d.ts', 'coverage', 'test/golden'],
      ...['lib/db/generated', 'lib/api/client/schema.ts'],
    ],
  },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  ...next.map((config) => ({ ...config, files: ['{app,components}/**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.mjs', '.js'] } },
      'boundaries/include': ['trainer/**', 'lib/**', 'scripts/**', 'components/**', 'app/**', 'bench/**', 'test/**'],
      'boundaries/elements': elements,
      'boundaries/files': files,
      'boundaries/files-single-match': true,
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: ['**/*.{test,testing}.ts'],
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkInternals: true,
          message:
            '{{from.element.type}} may not import from {{to.element.type}} ({{to.file.path}}): docs/architecture.md has the directions',
          policies,
        },
      ],
    },
  },
  {
    files: ['lib/*/{schema,*Schema,kinds,command,settings,setup,address,answer}.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'pg', '@prisma/*', '@tensorflow/*'],
              message:
                'A schema says what a thing is: files, database and tensors belong to rows.ts, job.ts or view.ts.',
            },
          ],
        },
      ],
    },
  },
  { files: ['scripts/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
)

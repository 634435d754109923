import next from 'eslint-config-next/core-web-vitals'
import boundaries from 'eslint-plugin-boundaries'
import tseslint from 'typescript-eslint'

/**
 * Folder → the folders it may import from, besides itself and the files right in trainer/ (errors, progress), which
 * import nothing. The picture is in docs/architecture.md.
 */
const trainerBase = ['tensors']
const trainerData = [...trainerBase, 'corpus', 'store', 'model']
const trainerDictionaries = [...trainerData, 'harvest', 'sae']
const trainerTop = ['dashboards', 'evaluate', 'steering', 'formats']
const trainerAll = [...trainerDictionaries, ...trainerTop]

const allowed = {
  tensors: trainerBase,
  corpus: trainerBase,
  store: trainerBase,
  model: trainerBase,
  harvest: trainerData,
  sae: trainerData,
  dashboards: trainerDictionaries,
  evaluate: trainerDictionaries,
  steering: trainerDictionaries,
  formats: trainerDictionaries,
  lib: trainerAll,
  scripts: ['lib', ...trainerAll],
  components: ['lib', ...trainerAll],
  app: ['components', 'lib', ...trainerAll],
  bench: ['scripts', 'lib', ...trainerAll, 'test'],
  test: ['scripts', 'lib', ...trainerAll],
}

const trainerElements = Object.keys(allowed)
  .filter((name) => !['lib', 'scripts', 'components', 'app', 'bench', 'test'].includes(name))
  .map((name) => ({ type: name, pattern: `trainer/${name}/**`, partialMatch: false }))

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
      'boundaries/elements': [
        ...trainerElements,
        { type: 'lib', pattern: 'lib/**', partialMatch: false },
        { type: 'scripts', pattern: 'scripts/**', partialMatch: false },
        { type: 'components', pattern: 'components/**', partialMatch: false },
        { type: 'app', pattern: 'app/**', partialMatch: false },
        { type: 'bench', pattern: 'bench/**', partialMatch: false },
        { type: 'test', pattern: 'test/**', partialMatch: false },
      ],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
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
    ignores: ['**/*.test.ts'],
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message:
            '{{from.element.types.[0]}} may not import from {{to.element.types.[0]}}: docs/architecture.md has the directions',
          policies: Object.entries(allowed).map(([from, allow]) => ({
            from: { element: { type: from } },
            allow: [from, ...allow].map((type) => ({ to: { element: { type } } })),
          })),
        },
      ],
    },
  },
  { files: ['scripts/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
)

/**
 * Who may import whom: layers are folders, roles are file names inside a domain of lib/. docs/architecture.md has the
 * picture, docs/style.md the roles. `npm run circles` checks what a list of layers cannot: circles inside one layer.
 */
const trainerBase = ['foundation', 'tensors']
const model = ['model', 'runtime', 'families', 'tokenizer', 'load', 'generate']
const data = [...trainerBase, 'corpus', 'store', ...model]
const dictionaries = [...data, 'codes', 'dictionary']
const step = [...dictionaries, 'kernels', 'step']
const sae = [...step, 'engines', 'architectures', 'training']
const analyses = [...sae, 'harvest']
const trainer = [...analyses, 'dashboards', 'evaluate', 'steering', 'formats']

const machinery = ['base', 'db', 'processes', 'jobs']
const domains = [...trainer, ...machinery, 'domain']
const services = [...domains, 'compute', 'api']

/**
 * Layer → the layers it may import from, besides itself. `foundation` is what stands right in trainer/, and any folder of
 * trainer/ that is not listed below.
 */
const LAYERS = {
  foundation: [],
  tensors: trainerBase,
  corpus: trainerBase,
  store: trainerBase,
  model: trainerBase,
  runtime: [...trainerBase, 'model'],
  families: [...trainerBase, 'model', 'runtime'],
  tokenizer: [...trainerBase, 'model', 'families'],
  load: [...trainerBase, 'model', 'runtime', 'families', 'tokenizer'],
  generate: [...trainerBase, 'model', 'runtime', 'families', 'tokenizer'],
  harvest: dictionaries,
  codes: data,
  dictionary: [...data, 'codes'],
  kernels: dictionaries,
  step: [...dictionaries, 'kernels'],
  engines: step,
  architectures: step,
  training: sae,
  dashboards: analyses,
  evaluate: analyses,
  steering: analyses,
  formats: analyses,
  base: trainer,
  db: [...trainer, 'base', 'processes'],
  processes: [...trainer, 'base'],
  jobs: [...trainer, ...machinery],
  compute: domains,
  api: [...services, 'jobKinds'],
  web: services,
  jobKinds: domains,
  scripts: [...services, 'web', 'jobKinds'],
  app: [...services, 'web', 'components'],
  bench: [...services, 'web', 'jobKinds', 'scripts', 'test'],
  test: [...services, 'web', 'jobKinds', 'scripts', 'app'],
}

const folder = (type, pattern) => ({ type, pattern: `${pattern}/**`, partialMatch: false })

const folders = (parent, names) => names.map((name) => folder(name, `${parent}/${name}`))

/** The first match counts: `model` is what stands right in trainer/model. */
export const elements = [
  ...folders('trainer/model', ['runtime', 'families', 'tokenizer', 'load', 'generate']),
  ...folders('trainer/sae', ['codes', 'dictionary', 'kernels', 'step', 'engines', 'architectures', 'training']),
  ...folders('trainer', ['tensors', 'corpus', 'store', 'model', 'harvest']),
  ...folders('trainer', ['dashboards', 'evaluate', 'steering', 'formats']),
  folder('foundation', 'trainer'),
  ...folders('lib', ['base', 'db', 'processes', 'jobs', 'compute', 'api', 'web']),
  { type: 'domain', pattern: 'lib/*/**', partialMatch: false },
  folder('jobKinds', 'lib'),
  ...['scripts', 'components', 'app', 'bench', 'test'].map((name) => folder(name, name)),
]

/**
 * Role → the names of its files in a domain, what it may import, and the advice when it imports something else. The
 * layers that a role may import come first, the roles after them: of the same domain and of others alike.
 */
const ROLES = {
  schema: {
    files: ['schema', '*Schema', 'kinds', 'tables/schema'],
    layers: ['base', 'jobs', ...trainer],
    roles: ['schema'],
    advice: 'a schema says what a thing is; move what needs rows or the database to rows.ts or view.ts',
  },
  plain: {
    files: ['command', 'settings', 'setup', 'address', 'answer'],
    layers: ['base', ...trainer],
    roles: ['schema', 'plain'],
    advice: 'this file also runs in the browser; let the caller pass what it needs of the database',
  },
  rows: {
    files: [
      ...['rows', 'weights', 'labels', 'presets', 'generations', 'vocabulary', 'sets', 'query', 'measured'],
      ...['checkpoints', 'report', 'load', 'expand', 'architectures', 'suite', 'manifest', 'formats/*', 'tables/*'],
    ],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'plain', 'rows'],
    advice: 'rows are read and written here; checks belong to start.ts, what people see to view.ts',
  },
  start: {
    files: ['start', 'plan', 'estimate', 'resolve', 'pick', 'dictionary'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'plain', 'rows', 'start'],
    advice: 'a start checks, stores and queues; what runs belongs to job.ts, what people see to view.ts',
  },
  job: {
    files: ['job', '*Job', 'job/*', 'suiteInput', 'core', 'files'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'plain', 'rows', 'start', 'job'],
    advice: 'a job runs without a reader; what people see belongs to view.ts, what both need to rows.ts',
  },
  view: {
    files: ['view', 'pages', 'page', 'list', 'search', 'figures', 'statistics', 'saeBench', 'readAddress', 'stream'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'plain', 'rows', 'view'],
    advice: 'a view only reads; let the caller start the work, and move what both need to rows.ts',
  },
}

/** Files of other layers without zod, database and TensorFlow, whose values the browser may use. */
const PLAIN_FILES = [
  ...['errors', 'evaluate/metrics', 'sae/dictionary/site', 'sae/training/memoryPlan'].map((name) => `trainer/${name}`),
  ...['api/client/*', 'api/docs/*', 'base/formSchema', 'base/settingsText'].map((name) => `lib/${name}`),
]

/** One category for each file: the first whose pattern matches. */
export const files = [
  ...Object.entries(ROLES).flatMap(([category, { files }]) =>
    files.map((name) => ({ category, pattern: `lib/*/${name}.ts`, partialMatch: false })),
  ),
  ...PLAIN_FILES.map((name) => ({ category: 'plain', pattern: `${name}.ts`, partialMatch: false })),
]

const anything = { to: { element: { type: '*' } } }
const toLayers = (types) => ({ to: { element: { type: types } } })

const layerPolicies = Object.entries(LAYERS).map(([layer, allowed]) => ({
  from: { element: { type: layer } },
  allow: toLayers([...new Set([layer, ...allowed])]),
}))

/** A job's description and state have the role of a schema, though `lib/jobs` is machinery. */
const jobSchema = { element: { type: 'jobs' }, file: { categories: 'schema' } }

const rolePolicies = Object.entries(ROLES).flatMap(([role, { layers, roles, advice }]) => {
  const from = { element: { type: 'domain' }, file: { categories: role } }
  return [
    { from, disallow: anything, message: `a ${role} file may not import {{to.file.path}}: ${advice}` },
    { from, allow: toLayers(layers) },
    { from, allow: { to: { element: { type: 'domain' }, file: { categories: roles } } } },
    { from, allow: { to: jobSchema } },
  ]
})

const withoutRole = {
  from: { element: { type: 'domain' }, file: { isUnknown: true } },
  disallow: anything,
  message:
    'this file of lib/<domain> has no role: name it after one (docs/style.md), or list its name in eslint.layers.mjs',
}

/** zod, the database and TensorFlow stay out of the browser: values come from plain files, from others types alone. */
const fromComponents = { element: { type: 'components' } }
const componentPolicies = [
  {
    from: fromComponents,
    disallow: anything,
    message:
      'components/ may not import {{to.file.path}}: take types from a schema with `import type`; a page passes the values in',
  },
  { from: fromComponents, allow: toLayers(['components']) },
  {
    from: fromComponents,
    allow: { ...toLayers(['base', 'jobs', 'compute', 'api', ...trainer]), dependency: { kind: 'type' } },
  },
  {
    from: fromComponents,
    allow: {
      to: { element: { type: 'domain' }, file: { categories: ['schema', 'view'] } },
      dependency: { kind: 'type' },
    },
  },
  { from: fromComponents, allow: { to: { file: { categories: 'plain' } } } },
]

const pagesOnlyShow = {
  from: { element: { type: 'app' } },
  disallow: { to: { element: { type: 'domain' }, file: { categories: ['start', 'job'] } } },
  message: 'a page may not import {{to.file.path}}: pages show what view.ts returns; work starts in lib/api',
}

export const policies = [...layerPolicies, ...rolePolicies, withoutRole, pagesOnlyShow, ...componentPolicies]

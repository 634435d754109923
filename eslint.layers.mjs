/**
 * Who may import whom: layers are folders, roles are file names inside a domain of lib/. docs/architecture.md has the
 * picture, docs/style.md the roles. `npm run circles` checks what a list of layers cannot: circles inside one layer.
 */
const trainerBase = ['tensors']
const model = ['tokenizer', 'load', 'runtime', 'families', 'generate', 'model']
const data = [...trainerBase, 'corpus', 'store', ...model]
const dictionaries = [...data, 'dictionary']
const step = [...dictionaries, 'kernels', 'step']
const sae = [...step, 'engines', 'architectures', 'training', 'sae']
const analyses = [...sae, 'harvest']
const trainer = [...analyses, 'dashboards', 'evaluate', 'steering', 'formats']

const machinery = ['base', 'db', 'processes', 'jobs']
const domains = [...trainer, ...machinery, 'domain']
const services = [...domains, 'compute', 'api']

/** Layer → the layers it may import from, besides itself. Files right in trainer/ import nothing and are open to all. */
const LAYERS = {
  tensors: trainerBase,
  corpus: trainerBase,
  store: trainerBase,
  tokenizer: trainerBase,
  runtime: [...trainerBase, 'tokenizer'],
  families: [...trainerBase, 'tokenizer', 'runtime'],
  load: [...trainerBase, 'tokenizer', 'runtime', 'families'],
  generate: [...trainerBase, 'tokenizer', 'runtime', 'families', 'load'],
  model: [...trainerBase, ...model],
  harvest: [...data, ...dictionaries],
  dictionary: data,
  kernels: dictionaries,
  step: [...dictionaries, 'kernels'],
  engines: step,
  architectures: step,
  training: sae,
  sae,
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

export const elements = [
  ...['tokenizer', 'load', 'runtime', 'families', 'generate'].map((name) => folder(name, `trainer/model/${name}`)),
  ...['dictionary', 'kernels', 'step', 'engines', 'architectures', 'training'].map((name) =>
    folder(name, `trainer/sae/${name}`),
  ),
  ...['tensors', 'corpus', 'store', 'model', 'harvest', 'sae', 'dashboards', 'evaluate', 'steering', 'formats'].map(
    (name) => folder(name, `trainer/${name}`),
  ),
  ...['base', 'db', 'processes', 'jobs', 'compute', 'api', 'web'].map((name) => folder(name, `lib/${name}`)),
  { type: 'domain', pattern: 'lib/*/**', capture: ['domain'], partialMatch: false },
  folder('jobKinds', 'lib'),
  ...['scripts', 'components', 'app', 'bench', 'test'].map((name) => folder(name, name)),
]

/**
 * Role → the names of its files in a domain, what it may import, and the advice when it imports something else. The
 * layers that a role may import come first, the roles after them: of the same domain and of others alike.
 */
const ROLES = {
  schema: {
    files: ['schema', '*Schema', 'kinds'],
    layers: ['base', ...trainer],
    roles: ['schema'],
    advice: 'a schema says what a thing is: move what needs rows or the database to rows.ts or view.ts',
  },
  command: {
    files: ['command', 'commandLine'],
    layers: ['base', ...trainer],
    roles: ['schema', 'command'],
    advice: 'a command line is written from a schema alone: let the caller pass what it needs of the database',
  },
  rows: {
    files: ['rows', 'weights', 'labels', 'presets', 'generations', 'vocabulary', 'query', 'sets', 'measured', 'suite'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'rows'],
    advice: 'rows read and write one table: checks belong to start.ts, what is shown to view.ts',
  },
  start: {
    files: ['start', 'plan', 'load'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'command', 'rows', 'start'],
    advice: 'a start checks, stores and queues: what runs belongs to job.ts, what is shown to view.ts',
  },
  job: {
    files: ['job', '*Job', 'job/*', 'core', 'suiteInput'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'rows', 'start', 'job'],
    advice: 'a job runs without a reader: what is shown belongs to view.ts, what both need to rows.ts',
  },
  view: {
    files: ['view', 'pages', 'page', 'list', 'search', 'figures', 'statistics', 'pick', 'saeBench'],
    layers: [...machinery, ...trainer],
    roles: ['schema', 'command', 'rows', 'view'],
    advice: 'a view only reads: let the caller start the work, and move what both need to rows.ts',
  },
}

export const files = Object.entries(ROLES).flatMap(([category, { files }]) =>
  files.map((name) => ({ category, pattern: `lib/*/${name}.ts`, partialMatch: false })),
)

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
    { from, disallow: anything, message: `${role} files may not import {{to.file.path}}: ${advice}` },
    { from, allow: toLayers(layers) },
    { from, allow: { to: { element: { type: 'domain' }, file: { categories: roles } } } },
    { from, allow: { to: jobSchema } },
  ]
})

/** zod and the database stay out of the browser. */
const componentPolicies = [
  { from: { element: { type: 'components' } }, allow: toLayers(['components', 'base', 'trainer', 'api']) },
  {
    from: { element: { type: 'components' } },
    disallow: toLayers(['domain']),
    message:
      'components/ may not import {{to.file.path}}: only types of a schema (import type …); values are passed in by a page',
  },
  // A command line is made in the browser, from what is typed there.
  {
    from: { element: { type: 'components' } },
    allow: { to: { element: { type: 'domain' }, file: { categories: 'command' } } },
  },
  ...[{ element: { type: 'domain' }, file: { categories: 'schema' } }, jobSchema].map((to) => ({
    from: { element: { type: 'components' } },
    allow: { to, dependency: { kind: 'type' } },
  })),
]

export const policies = [...layerPolicies, ...rolePolicies, ...componentPolicies]

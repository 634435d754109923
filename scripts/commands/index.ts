/** Every command, listed once, in the order of the help. Its file is loaded when it is called or asked for help. */
import type { CommandEntry } from '../cli/command'

export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'the whole way on a real model: harvest, train, evaluate, count every feature, steer; then the pages',
    load: async () => (await import('./demo')).demo,
  },
  {
    name: 'doctor',
    summary: 'check everything Loupe needs on this machine; each missing piece with its remedy',
    load: async () => (await import('./doctor')).doctor,
  },
  {
    name: 'setup',
    summary: 'fetch TensorFlow, compile its addon and link it (commands do this by themselves on first use)',
    load: async () => (await import('./setup')).setup,
  },
  {
    name: 'start',
    summary: 'start the pages with database, compute and a worker, and look after them until Ctrl-C (or loupe stop)',
    load: async () => (await import('./start')).start,
  },
  {
    name: 'stop',
    summary: 'stop what loupe start has started, also after it was killed',
    load: async () => (await import('./stop')).stop,
  },
  {
    name: 'status',
    summary: 'what runs: processes with their memory, the address of the pages, the database, workers on all machines',
    load: async () => (await import('./status')).status,
  },
  {
    name: 'model add',
    arguments: ['source'],
    summary: 'make a language model known: a folder, a GGUF file, hub:owner/name or package:name',
    load: async () => (await import('./model')).modelAdd,
  },
  {
    name: 'model list',
    summary: 'the models known here',
    load: async () => (await import('./model')).modelList,
  },
  {
    name: 'model show',
    arguments: ['model'],
    summary: 'all that is known of a model',
    load: async () => (await import('./model')).modelShow,
  },
  {
    name: 'logits',
    summary: 'what a model predicts after a text, and what its hooks hold there',
    load: async () => (await import('./logits')).logits,
  },
  {
    name: 'generate',
    summary: 'let a model continue a text',
    load: async () => (await import('./generate')).generate,
  },
  {
    name: 'harvest',
    summary: 'run a corpus through a model and store the activations of one hook',
    load: async () => (await import('./harvest')).harvest,
  },
  {
    name: 'train',
    summary: 'train a dictionary on the activations of a harvest',
    load: async () => (await import('./train')).train,
  },
  {
    name: 'sweep list',
    isDefault: true,
    summary: 'sweeps of training runs, newest first',
    load: async () => (await import('./sweep')).sweepList,
  },
  {
    name: 'sweep show',
    arguments: ['sweep'],
    summary: 'the runs of a sweep side by side',
    load: async () => (await import('./sweep')).sweepShow,
  },
  {
    name: 'sweep evaluate',
    arguments: ['sweep'],
    summary: 'evaluate the dictionaries of a sweep that were not yet, all on the same held-out tokens',
    load: async () => (await import('./sweepEvaluate')).sweepEvaluate,
  },
  {
    name: 'dashboards',
    summary: 'statistics and examples of every feature, in one pass over its codes',
    load: async () => (await import('./dashboards')).dashboards,
  },
  {
    name: 'evaluate',
    summary: 'reconstruction and the cross-entropy with it spliced in; with --suite what lies beyond reconstruction',
    load: async () => (await import('./evaluate')).evaluate,
  },
  {
    name: 'checkpoints list',
    isDefault: true,
    arguments: ['run'],
    summary: 'the checkpoints of a run: the newest, those its schedule keeps, the best',
    load: async () => (await import('./checkpoints')).checkpoints,
  },
  {
    name: 'checkpoints dictionary',
    arguments: ['checkpoint'],
    summary: 'make a dictionary of a checkpoint',
    load: async () => (await import('./checkpoints')).checkpointsDictionary,
  },
  {
    name: 'bench synthetic',
    summary: 'train on samples of known directions and measure how much of them is found',
    load: async () => (await import('./bench')).benchSynthetic,
  },
  {
    name: 'encode',
    summary: 'the sparse codes of a text, or of activations from a file, and what the dictionary makes of them',
    load: async () => (await import('./encode')).encode,
  },
  {
    name: 'steer',
    summary: 'generate from one prompt, untouched and with features turned up or down',
    load: async () => (await import('./steer')).steer,
  },
  {
    name: 'export',
    summary: 'write a dictionary in the files of another tool, or its features as tables',
    load: async () => (await import('./export')).exportCommand,
  },
  {
    name: 'import',
    arguments: ['source'],
    summary: 'read a dictionary that another tool wrote',
    load: async () => (await import('./import')).importCommand,
  },
  {
    name: 'compute',
    summary: 'serve encoding and steering on 127.0.0.1 until interrupted (loupe start does it for you)',
    load: async () => (await import('./compute')).compute,
  },
  {
    name: 'worker',
    summary: 'take part in jobs until interrupted, beside any number of other workers on the same database',
    load: async () => (await import('./worker')).worker,
  },
  {
    name: 'jobs list',
    isDefault: true,
    summary: 'the newest jobs with their state and progress',
    load: async () => (await import('./jobs')).jobs,
  },
  {
    name: 'jobs cancel',
    arguments: ['job'],
    summary: 'take a job out of the queue; what it has stored stays',
    load: async () => (await import('./jobs')).jobsCancel,
  },
  {
    name: 'db start',
    summary: 'start the embedded Postgres (commands do this by themselves) and bring its schema up to date',
    load: async () => (await import('./db')).dbStart,
  },
  {
    name: 'db stop',
    summary: 'stop the embedded Postgres',
    load: async () => (await import('./db')).dbStop,
  },
  {
    name: 'db url',
    summary: 'the connection string, password included, e.g. for psql or DATABASE_URL on another machine',
    load: async () => (await import('./db')).dbUrl,
  },
  {
    name: 'db migrate',
    summary: 'apply the migrations that are not applied yet (done at every start)',
    load: async () => (await import('./db')).dbMigrate,
  },
]

/** The list of commands, in the order of the help. The file of a command is loaded when it runs or prints its help. */
import type { CommandEntry } from '../cli/command'

export const commands: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'everything on a real model: harvest, train, evaluate, count every feature, steer; then open the pages',
    load: async () => (await import('./demo')).demo,
  },
  {
    name: 'doctor',
    summary: 'check everything that Loupe needs on this machine; print a remedy for what is missing',
    load: async () => (await import('./doctor')).doctor,
  },
  {
    name: 'setup',
    summary: 'fetch TensorFlow, compile its addon and link it (commands do this on first use)',
    load: async () => (await import('./setup')).setup,
  },
  {
    name: 'start',
    summary: 'start the pages with database, compute and a worker, and supervise them until Ctrl-C (or loupe stop)',
    load: async () => (await import('./start')).start,
  },
  {
    name: 'stop',
    summary: 'stop everything that loupe start started, also after it was killed',
    load: async () => (await import('./stop')).stop,
  },
  {
    name: 'status',
    summary: 'show what runs: processes with their memory, address of the pages, database, workers on all machines',
    load: async () => (await import('./status')).status,
  },
  {
    name: 'model add',
    arguments: ['source'],
    summary: 'add a language model: a folder, a GGUF file, hub:owner/name or package:name',
    load: async () => (await import('./model')).modelAdd,
  },
  {
    name: 'model list',
    summary: 'list the models',
    load: async () => (await import('./model')).modelList,
  },
  {
    name: 'model show',
    arguments: ['model'],
    summary: 'show the details of a model',
    load: async () => (await import('./model')).modelShow,
  },
  {
    name: 'logits',
    summary: 'show what a model predicts after a text, and the values at its hooks',
    load: async () => (await import('./logits')).logits,
  },
  {
    name: 'generate',
    summary: 'continue a text with a model',
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
    summary: 'list sweeps of training runs, newest first',
    load: async () => (await import('./sweep')).sweepList,
  },
  {
    name: 'sweep show',
    arguments: ['sweep'],
    summary: 'compare the runs of a sweep',
    load: async () => (await import('./sweep')).sweepShow,
  },
  {
    name: 'sweep evaluate',
    arguments: ['sweep'],
    summary: 'evaluate the dictionaries of a sweep that have no evaluation, all on the same held-out tokens',
    load: async () => (await import('./sweepEvaluate')).sweepEvaluate,
  },
  {
    name: 'dashboards',
    summary: 'compute statistics and examples of every feature, in one pass over the codes',
    load: async () => (await import('./dashboards')).dashboards,
  },
  {
    name: 'evaluate',
    summary: 'measure a dictionary: reconstruction and cross-entropy; --suite adds tests beyond reconstruction',
    load: async () => (await import('./evaluate')).evaluate,
  },
  {
    name: 'checkpoints list',
    isDefault: true,
    arguments: ['run'],
    summary: 'list the checkpoints of a run: the newest, the scheduled ones, the best',
    load: async () => (await import('./checkpoints')).checkpoints,
  },
  {
    name: 'checkpoints dictionary',
    arguments: ['checkpoint'],
    summary: 'make a dictionary from a checkpoint',
    load: async () => (await import('./checkpoints')).checkpointsDictionary,
  },
  {
    name: 'bench synthetic',
    summary: 'train on samples of known directions and measure how many are recovered',
    load: async () => (await import('./bench')).benchSynthetic,
  },
  {
    name: 'encode',
    summary: 'compute the sparse codes and the reconstruction of a text, or of activations from a file',
    load: async () => (await import('./encode')).encode,
  },
  {
    name: 'steer',
    summary: 'generate from one prompt, with and without features turned up or down',
    load: async () => (await import('./steer')).steer,
  },
  {
    name: 'export',
    summary: 'write a dictionary as files of another tool, or its features as tables',
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
    summary: 'compute parts of jobs until interrupted; any number of workers can share a database',
    load: async () => (await import('./worker')).worker,
  },
  {
    name: 'jobs list',
    isDefault: true,
    summary: 'list the newest jobs with state and progress',
    load: async () => (await import('./jobs')).jobs,
  },
  {
    name: 'jobs cancel',
    arguments: ['job'],
    summary: 'cancel a job; its stored results stay',
    load: async () => (await import('./jobs')).jobsCancel,
  },
  {
    name: 'jobs retry',
    arguments: ['job'],
    summary: 'put a failed, cancelled or waiting job back into the queue, for the code of this version',
    load: async () => (await import('./jobs')).jobsRetry,
  },
  {
    name: 'db start',
    summary: 'start the embedded Postgres (commands do this themselves) and bring its schema up to date',
    load: async () => (await import('./db')).dbStart,
  },
  {
    name: 'db stop',
    summary: 'stop the embedded Postgres',
    load: async () => (await import('./db')).dbStop,
  },
  {
    name: 'db url',
    summary: 'print the connection string with its password, e.g. for psql or DATABASE_URL on another machine',
    load: async () => (await import('./db')).dbUrl,
  },
  {
    name: 'db migrate',
    summary: 'apply the missing migrations (done at every start)',
    load: async () => (await import('./db')).dbMigrate,
  },
]

/** `npm run circles`: no file and no folder may import itself by way of others, types included. */
export default {
  forbidden: [
    {
      name: 'circle-of-files',
      comment: 'move what both files need into a third one, or pass it in',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'circle-of-folders',
      comment: 'a folder imports only from the folders before it: move the function to the other side, or pass it in',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.test\\.tsx?$', '\\.testing\\.ts$', '^test/', 'lib/db/generated', 'node_modules'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}

